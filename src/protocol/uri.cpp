// SPDX-License-Identifier: Apache-2.0
#include "protocol/uri.hpp"

#include <algorithm>

#include "protocol/http/path.hpp"
#include "protocol/http/target.hpp"
#include "protocol/text.hpp"

namespace ward::protocol {
namespace {

/// A UUID or an OID: nobody is called so.
bool is_plain_identifier(std::string_view uri) {
    const auto text = uri.substr(uri.rfind(':') + 1);
    const bool is_hexadecimal = std::ranges::all_of(text, [](char c) {
        return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f') || c == '-' || c == '.';
    });
    const auto dots = std::ranges::count(text, '.');
    return is_hexadecimal && ((text.size() == 36 && std::ranges::count(text, '-') == 4) ||
                              (dots >= 4 && std::ranges::none_of(text, is_letter)));
}

}   // namespace

std::string uri_template(std::string_view uri) {
    if (is_plain_identifier(uri)) return clipped(uri);
    const auto target = http::split_target(uri);
    if (!target.authority.empty()) {
        auto scheme = uri;
        return clipped(take_until(scheme, ':')) + "://" + clipped(target.authority) +
               http::template_of(target);
    }
    auto path = uri.substr(0, uri.find('?'));
    if (path.find(':') == std::string_view::npos) return http::path_template(path, field_text_max);
    const auto scheme = take_until(path, ':');
    return clipped(scheme) + ':' + http::path_template(path, field_text_max);
}

}   // namespace ward::protocol
