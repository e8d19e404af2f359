// SPDX-License-Identifier: Apache-2.0
#include "notify/destination.hpp"

#include <algorithm>
#include <curl/curl.h>
#include <memory>
#include <span>

#include "core/address.hpp"

namespace ward::notify {
namespace {

struct Scheme {
    std::string_view name;
    const char* port;
};

struct Release {
    void operator()(CURLU* url) const { ::curl_url_cleanup(url); }
};

std::string part(CURLU* url, CURLUPart which) {
    char* text = nullptr;
    if (::curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
    const std::unique_ptr<char, void (*)(void*)> owned{text, ::curl_free};
    return text;
}

Result<Destination> parse(std::string_view text, std::string_view what, std::span<const Scheme> schemes) {
    const auto wrong = [&](std::string_view why) {
        return fail(Errc::malformed, std::string{what} + ": " + std::string{why});
    };
    const std::unique_ptr<CURLU, Release> url{::curl_url()};
    Destination to;
    to.url = text;
    if (!url || ::curl_url_set(url.get(), CURLUPART_URL, to.url.c_str(),
                               CURLU_NON_SUPPORT_SCHEME | CURLU_DISALLOW_USER) != CURLUE_OK)
        return wrong("is no address as in " + std::string{schemes.front().name} + "://host.example");
    to.scheme = part(url.get(), CURLUPART_SCHEME);
    const auto scheme = std::ranges::find(schemes, to.scheme, &Scheme::name);
    if (scheme == schemes.end()) return wrong("begins with none of the ways that there are");
    to.host = part(url.get(), CURLUPART_HOST);
    if (to.host.size() > 2 && to.host.front() == '[') to.host = to.host.substr(1, to.host.size() - 2);
    to.port = part(url.get(), CURLUPART_PORT);
    if (to.port.empty()) to.port = scheme->port;
    if (to.host.empty()) return wrong("names no host");
    return to;
}

Result<> refuse_path(const Destination& to, std::string_view what) {
    const auto authority = to.url.find("://") + 3;
    if (to.url.find_first_of("/?#", authority) == std::string::npos) return {};
    return fail(Errc::malformed, std::string{what} + ": nothing may follow the host and its port");
}

}   // namespace

bool Destination::is_this_machine() const {
    if (host == "localhost") return true;
    const auto address = parse_ip_address(host);
    return address && (address->is_v4() ? address->bytes[0] == std::byte{127} : to_text(*address) == "::1");
}

Result<Destination> parse_webhook(std::string_view text) {
    constexpr Scheme schemes[]{{"https", "443"}, {"http", "80"}};
    auto to = TRY(parse(text, "webhook", schemes));
    if (to.scheme == "http" && !to.is_this_machine())
        return fail(Errc::malformed, "webhook: without TLS only to this machine; write https://");
    return to;
}

Result<Destination> parse_mail_server(std::string_view text) {
    constexpr Scheme schemes[]{{"smtp", "587"}, {"smtps", "465"}, {"smtp+plain", "25"}};
    auto to = TRY(parse(text, "smtp", schemes));
    TRY(refuse_path(to, "smtp"));
    return to;
}

Result<Destination> parse_syslog(std::string_view text) {
    constexpr Scheme schemes[]{{"tls", "6514"}, {"tcp", "601"}, {"udp", "514"}};
    auto to = TRY(parse(text, "syslog", schemes));
    TRY(refuse_path(to, "syslog"));
    return to;
}

bool is_mail_address(std::string_view text) {
    constexpr std::string_view special = "()<>[]:;,\\\"@ ";
    const auto at = text.find('@');
    if (text.size() > 254 || at == 0 || at == std::string_view::npos || at + 1 == text.size()) return false;
    const auto is_plain = [&](char c) {
        return c > ' ' && c <= '~' && special.find(c) == std::string_view::npos;
    };
    return text.front() != '-' && std::ranges::all_of(text.substr(0, at), is_plain) &&
           std::ranges::all_of(text.substr(at + 1), is_plain);
}

}   // namespace ward::notify
