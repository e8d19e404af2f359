// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/exchange.hpp"

#include <algorithm>

#include "protocol/address.hpp"
#include "protocol/http/http.hpp"
#include "protocol/http/inflate.hpp"
#include "protocol/http/target.hpp"
#include "protocol/latency.hpp"
#include "protocol/media_type.hpp"
#include "protocol/products.hpp"
#include "protocol/text.hpp"
#include "protocol/word_list.hpp"
#include "protocol/wsd/wsd.hpp"

namespace ward::protocol::http {
namespace {

// IANA, HTTP Method Registry; and those of Microsoft's servers and of UPnP. What else stands there may be
// anything.
constexpr std::string_view method_words =
    "acl baseline-control bcopy bdelete bind bmove bpropfind bproppatch ccm_post checkin checkout "
    "connect copy debug delete get head label link lock m-search merge mkactivity mkcalendar mkcol "
    "mkredirectref mkworkspace move notify options orderpatch patch poll post pri propfind "
    "proppatch purge put query rebind report rpc_in_data rpc_out_data search source "
    "sstp_duplex_post subscribe trace track unbind uncheckout unlink unlock unsubscribe update "
    "updateredirectref version-control x-ms-enumatts";
constexpr auto methods = sorted_words<count_words(method_words)>(method_words);

// IANA, HTTP Authentication Schemes, and what Amazon's and others' clients say.
constexpr std::string_view scheme_words =
    "apikey aws4-hmac-sha256 basic bearer concealed digest dpop gnap hmac hoba kerberos mac mutual "
    "negotiate ntlm oauth privatetoken saml scram-sha-1 scram-sha-256 sharedkey token vapid wsse";
constexpr auto schemes = sorted_words<count_words(scheme_words)>(scheme_words);

// IANA, HTTP Upgrade Tokens, with their versions; and FHIR's subscriptions.
constexpr std::string_view upgrade_words =
    "connect-ip connect-udp fhir h2c http http/1.1 http/2.0 spdy/3.1 sstp tls tls/1.0 tls/1.1 "
    "tls/1.2 tls/1.3 websocket";
constexpr auto upgrades = sorted_words<count_words(upgrade_words)>(upgrade_words);

/// RFC 9110, 9.1: methods are told by case.
std::string method_of(std::string_view method) {
    const bool is_upper = std::ranges::none_of(method, [](char c) { return c >= 'a' && c <= 'z'; });
    return is_upper && holds(methods, method) ? std::string{method} : "{other}";
}

std::string upgrade_of(std::string_view fields) {
    std::string told;
    while (!fields.empty()) {
        const auto protocol = trimmed(take_until(fields, ','));
        told.append(told.empty() ? "" : ", ")
            .append(holds(upgrades, protocol) ? lowered(protocol) : "{other}");
        if (told.size() > field_text_max) break;
    }
    return told;
}

/// X-Forwarded-For is said to hold addresses, and anybody may write it.
std::string addresses_in(std::string_view list) {
    std::string told;
    while (!list.empty() && told.size() < field_text_max) {
        const auto one = trimmed(take_until(list, ','));
        if (is_address(one)) told.append(told.empty() ? "" : ", ").append(one);
    }
    return told;
}

void name_host(std::string_view host, event::Http& http) {
    // RFC 9110, 4.2.4: a user may stand before it, though none should.
    host.remove_prefix(host.rfind('@') + 1);
    if (!is_authority(host)) return;
    // RFC 3986, 3.2: an IPv6 address stands in brackets.
    const auto colon = host.rfind(':');
    if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
        if (const auto port = number(host.substr(colon + 1)); port && *port <= 0xffff)
            http.http_port = static_cast<std::uint16_t>(*port);
        host = host.substr(0, colon);
    }
    http.hostname = lowered(clipped(host));
}

void name_credentials(const Head& head, const Target& target, event::Http& http) {
    if (!head.authorization.empty())
        http.credentials.push_back(holds(schemes, head.authorization) ? lowered(head.authorization)
                                                                      : "other");
    if (head.has_cookie) http.credentials.emplace_back("cookie");
    if (head.has_api_key) http.credentials.emplace_back("api-key");
    if (target.has_user || head.host.find('@') != std::string_view::npos)
        http.credentials.emplace_back("user information");
    if (has_secret(target.query)) http.credentials.emplace_back("query");
}

void add_anomalies(const Head& head, event::Http& http) {
    for (const auto anomaly : head.anomalies)
        if (std::ranges::find(http.anomalies, anomaly) == http.anomalies.end())
            http.anomalies.push_back(anomaly);
}

bool is_text(std::string_view type, std::string_view format) {
    return type.find(format) != std::string_view::npos;
}

constexpr std::string_view soap = "application/soap+xml";   // SOAP 1.2, of DPWS

/// How much of a body somebody reads.
std::size_t read_of(std::string_view type, bool may_be_fhir) {
    if (type == soap) return limits.body_read_max;
    const bool json = is_text(type, "json");
    if (may_be_fhir && (json || is_text(type, "xml") || is_text(type, "form-urlencoded")))
        return limits.body_read_max;
    return json ? limits.unread_body_max : 0;
}

}   // namespace

void Body::begin(std::size_t bytes_max, std::string_view encoding) {
    wanted_ = bytes_max;
    compressed_ = !encoding.empty() && !equal_ignoring_case(encoding, "identity");
}

std::size_t Body::add(std::string_view piece) {
    size_ += piece.size();
    if (wanted_ == 0) return piece.size();
    const auto kept = piece.substr(0, wanted_);
    beginning_ += kept;
    wanted_ -= kept.size();
    return piece.size() - kept.size();
}

void Body::lose(std::uint64_t bytes) {
    size_ += bytes;
    wanted_ = 0;
}

std::string Body::text() const {
    return compressed_ ? inflated(beginning_, limits.inflated_max) : beginning_;
}

void Exchange::begin_request(const Head& head, Output& out) {
    const auto target = split_target(head.target);
    asked = out.now;
    http.http_method = method_of(head.method);
    http.protocol = clipped(head.version);
    // RFC 9112, 3.2.2: the target's authority overrides Host. That of CONNECT is all its target.
    name_host(target.authority.empty() ? head.host : target.authority, http);
    http.url =
        head.method == "CONNECT" && is_authority(head.target) ? clipped(head.target) : template_of(target);
    http.http_user_agent = products_of(head.user_agent);
    http.request_content_type = media_type(head.content_type);
    http.xff = addresses_in(head.forwarded_for);
    name_credentials(head, target, http);
    add_anomalies(head, http);
    fhir = fhir::read_request(head.method, target.path, target.query, head.content_type, head.accept, out);
    request_body.begin(read_of(http.request_content_type, fhir != nullptr), head.content_encoding);
}

void Exchange::begin_response(const Head& head, Output& out) {
    if (http.request_seen) http.latency_us = microseconds_since(asked, out);
    if (http.protocol.empty()) http.protocol = clipped(head.version);
    http.status = head.status;
    http.http_content_type = media_type(head.content_type);
    http.server = products_of(head.server);
    http.x_powered_by = products_of(head.powered_by);
    if (!head.location.empty()) {
        const auto target = split_target(head.location);
        if (is_authority(target.authority)) http.redirect = "//" + clipped(target.authority);
        http.redirect += template_of(target);
    }
    if (head.status == 101) http.upgrade = upgrade_of(head.upgrade);
    add_anomalies(head, http);
    response_body.begin(read_of(http.http_content_type, fhir || fhir::is_media_type(http.http_content_type)),
                        head.content_encoding);
}

void Exchange::tell(Output& out) {
    http.request_length = request_body.size();
    if (http.status) http.length = response_body.size();
    const auto answered = response_body.text();
    auto event = fhir::finish(std::move(fhir), http, request_body.text(), answered, out);
    const bool may_be_metadata = http.http_content_type == soap;
    const bool may_be_command = http.request_content_type == soap;
    out.emit(std::move(http));
    const bool is_command = may_be_command && wsd::tell_command(request_body.text(), answered, out);
    if (may_be_metadata && !is_command) wsd::tell(answered, out);
    if (event) out.emit(std::move(*event));
}

std::size_t Exchange::memory() const noexcept {
    return sizeof *this + http.url.capacity() + http.http_user_agent.capacity() + request_body.memory() +
           response_body.memory() + (fhir ? sizeof(fhir::Draft) + 512 : 0);
}

}   // namespace ward::protocol::http
