// SPDX-License-Identifier: Apache-2.0
#include "http/target.hpp"

namespace ward::http {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

Result<std::string> decode_path(std::string_view path) {
    // Raw non-ASCII bytes are not allowed in a target (RFC 3986, 2.1); escapes may stand for them.
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (static_cast<unsigned char>(path[i]) >= 0x80) return fail(Errc::malformed, "target is not ASCII");
        const auto escape = path.substr(i, 3);
        if (escape == "%2F" || escape == "%2f") return fail(Errc::malformed, "path holds an encoded slash");
    }
    auto decoded = TRY(percent_decode(path, Plus::is_plus));
    for (const char c : decoded)
        if (is_control(c)) return fail(Errc::malformed, "path holds a control character");
    return decoded;
}

}   // namespace

Result<Target> parse_target(std::string_view target) {
    if (target == "*") return Target{"*", {}};
    if (const auto scheme = target.find("://"); scheme != std::string_view::npos && target.front() != '/') {
        // RFC 9112, 3.2.2: a server accepts absolute-form; its authority is ours or a proxy's mistake.
        const auto authority = target.substr(scheme + 3);
        const auto path = authority.find_first_of("/?");
        target = path == std::string_view::npos ? "/" : authority.substr(path);
        if (target.front() == '?') return fail(Errc::malformed, "target has no path");
    }
    if (target.empty() || target.front() != '/')
        return fail(Errc::malformed, "target does not start with a slash");
    if (target.find('#') != std::string_view::npos) return fail(Errc::malformed, "target has a fragment");

    const auto question = target.find('?');
    auto path = TRY(decode_path(target.substr(0, question)));
    if (question == std::string_view::npos) return Target{std::move(path), {}};
    auto query = TRY(parse_form(target.substr(question + 1)));
    return Target{std::move(path), std::move(query)};
}

}   // namespace ward::http
