// SPDX-License-Identifier: Apache-2.0
#include "vault/provider.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "core/log.hpp"
#include "http/client.hpp"

namespace ward::vault {
namespace {

constexpr std::string_view https = "https://";
constexpr std::size_t answer_bytes_max = 256 * 1024;

struct Address {
    std::string host;
    std::uint16_t port = 443;
    std::string target;
};

/// https://host[:port]/path; an IPv6 host in brackets.
Result<Address> parse_address(std::string_view url) {
    const auto bad = [] { return fail(Errc::malformed, "the provider's address is no https address"); };
    if (!url.starts_with(https)) return bad();
    url.remove_prefix(https.size());
    const auto slash = std::min(url.find('/'), url.size());
    auto authority = url.substr(0, slash);
    if (authority.find('@') != std::string_view::npos) return bad();
    Address address;
    address.target = slash == url.size() ? "/" : std::string{url.substr(slash)};
    const auto colon = authority.rfind(':');
    if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
        const auto port = authority.substr(colon + 1);
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
        if (error != std::errc{} || end != port.data() + port.size()) return bad();
        authority = authority.substr(0, colon);
    }
    if (authority.starts_with('[') && authority.ends_with(']'))
        authority = authority.substr(1, authority.size() - 2);
    address.host = authority;
    if (address.host.empty()) return bad();
    return address;
}

bool same_origin(std::string_view one, std::string_view other) {
    const auto a = parse_address(one), b = parse_address(other);
    return a && b && a->host == b->host && a->port == b->port;
}

/// OpenID Connect Discovery 1.0, 3, and RFC 8414, 2, with what they say of members that are not there.
Provider::Offer offer_in(const json::Document& found) {
    const auto words = [&](std::string_view name, std::vector<std::string> otherwise) {
        if (!found[name].is_array()) return otherwise;
        std::vector<std::string> all;
        for (const auto word : found[name].items()) all.emplace_back(word.text());
        return all;
    };
    return {.authorization = std::string{found["authorization_endpoint"].text()},
            .token = std::string{found["token_endpoint"].text()},
            .keys = {},
            .scopes = words("scopes_supported", {}),
            .grants = words("grant_types_supported", {"authorization_code", "implicit"}),
            .authentications = words("token_endpoint_auth_methods_supported", {"client_secret_basic"}),
            .algorithms = words("token_endpoint_auth_signing_alg_values_supported", {}),
            .challenges = words("code_challenge_methods_supported", {})};
}

Result<json::Document> json_of(const Result<http::Response>& response) {
    if (!response) return tl::unexpected(response.error());
    if (response->status != 200)
        return fail(Errc::unavailable, fmt::format("the provider answered with {}", response->status));
    auto document = json::Document::parse(response->body, {.bytes_max = answer_bytes_max, .depth_max = 16});
    if (!document)
        return fail(Errc::unavailable, "the provider's answer is no JSON: " + document.error().what);
    return document;
}

}   // namespace

Fetch fetch_over_tls(std::string authorities_pem) {
    return [pem = std::move(authorities_pem)](std::string_view url,
                                              http::Request request) -> Result<http::Response> {
        auto address = TRY(parse_address(url));
        http::ClientOptions options{address.host, address.port, pem, {}};
        options.limits = {std::chrono::seconds{3}, std::chrono::seconds{5}, 64 * 1024, answer_bytes_max};
        auto client = TRY(http::Client::connect(std::move(options)));
        request.target = std::move(address.target);
        return client.send(request);
    };
}

Result<std::string> Provider::own_address(json::Value url) const {
    if (same_origin(url.text(), settings_.issuer)) return std::string{url.text()};
    return fail(Errc::denied, "the provider names an address that is not its own");
}

Result<json::Document> Provider::get(const std::string& url) const {
    http::Request request;
    request.headers = {{"Accept", "application/json"}};
    return json_of(fetch_(url, std::move(request)));
}

/// OpenID Connect Discovery 1.0, 4: the document says the same issuer, letter for letter.
Result<Provider::Known> Provider::ask() const {
    auto base = settings_.issuer;
    if (base.ends_with('/')) base.pop_back();
    const auto found = TRY(get(base + "/.well-known/openid-configuration"));
    if (found["issuer"].text() != settings_.issuer)
        return fail(Errc::denied, "the provider calls itself otherwise than it is configured");
    Known known;
    known.offer = offer_in(found);
    known.offer.keys = TRY(own_address(found["jwks_uri"]));
    if (const auto url = found["introspection_endpoint"]; url.exists() && !settings_.client_id.empty())
        known.introspection_url = TRY(own_address(url));
    const auto keys = TRY(get(known.offer.keys));
    known.keys = TRY(jose::KeySet::read(keys.root()));
    return known;
}

Result<Provider::SharedKnown> Provider::known(std::string_view key_id, Time now) {
    const auto suffices = [&](const SharedKnown& known) {
        return known && (key_id.empty() || known->keys.has(key_id));
    };
    SharedKnown before;
    bool is_fresh = false;
    {
        const Lock lock{mutex_};
        before = known_;
        is_fresh = now - known_since_ < keys_fresh_max;
    }
    if (suffices(before)) {
        if (!is_fresh && begin_refresh(now)) refreshing_.submit([this, now] { refresh(now); });
        return before;
    }
    if (begin_refresh(now)) refresh(now);
    Lock lock{mutex_};
    const bool is_told = answered_.wait_for(
        lock, patience, [this]() WARD_TSA(requires_capability(mutex_)) { return !is_asking_; });
    if (known_ && (is_told || suffices(known_))) return known_;
    return fail(Errc::unavailable, "the identity provider does not answer");
}

/// Whether the caller is the one who is to refresh() now.
bool Provider::begin_refresh(Time now) {
    const Lock lock{mutex_};
    if (is_asking_ || (asked_ && now - *asked_ < refetch_min)) return false;
    is_asking_ = true;
    asked_ = now;
    return true;
}

void Provider::refresh(Time now) {
    auto answer = ask();
    if (!answer) log::warn("the identity provider was not understood", {{"reason", answer.error().what}});
    {
        const Lock lock{mutex_};
        is_asking_ = false;
        if (answer) {
            known_ = std::make_shared<const Known>(*std::move(answer));
            known_since_ = now;
        }
    }
    answered_.notify_all();
}

Result<Provider::Offer> Provider::offer(Time now) { return TRY(known({}, now))->offer; }

Result<Grant> Provider::admit(std::string_view token, Time now) {
    const bool has_length = !token.empty() && token.size() <= jose::token_bytes_max;
    if (!has_length) return fail(Errc::denied, "token is malformed");
    return jose::looks_signed(token) ? admit_signed(token, now) : introspect(token, now);
}

Result<Grant> Provider::admit_signed(std::string_view text, Time now) {
    const auto token = TRY(jose::read_token(text));
    const auto claims = token.claims.root();
    // Unproved, but nobody is asked on account of a token that does not even claim to be the provider's.
    const jose::Expected expected{.issuer = settings_.issuer, .audience = settings_.audience, .now = now};
    TRY(jose::check_claims(claims, expected));
    TRY(jose::check_is_access_token(token));
    const auto known = TRY(this->known(token.key_id, now));
    TRY(jose::verify(known->keys, token));
    auto grant = TRY(grant_of(claims, settings_.roles_claim));
    grant.issued = jose::time_of(claims["iat"]).value_or(now);
    grant.expires = *jose::time_of(claims["exp"]) + expected.skew_max;
    return grant;
}

/// RFC 7662. What the provider says holds for a minute at most.
Result<Grant> Provider::introspect(std::string_view token, Time now) {
    constexpr std::chrono::seconds trusted_for{60};
    if (settings_.client_id.empty()) return fail(Errc::denied, "token is malformed");
    const auto known = TRY(this->known({}, now));
    if (known->introspection_url.empty()) return fail(Errc::denied, "the provider introspects no tokens");
    http::Request request;
    request.method = http::Method::post;
    // RFC 6749, 2.3.1: both are form-encoded before they are joined.
    const auto encoded = [](const std::string& text) {
        auto form = write_form({{"", text}});
        return form.substr(form.find('=') + 1);
    };
    const auto credentials = encoded(settings_.client_id) + ":" + encoded(settings_.client_secret);
    request.headers = {{"Accept", "application/json"},
                       {"Content-Type", "application/x-www-form-urlencoded"},
                       {"Authorization", "Basic " + to_base64(as_bytes(credentials))}};
    request.body = write_form({{"token", std::string{token}}, {"token_type_hint", "access_token"}});
    // Anybody may show a token that must be asked about: what waits for the answers is not all that there is.
    if (!introspecting_.try_acquire_for(patience))
        return fail(Errc::unavailable, "too many tokens are being asked about");
    const auto answer = fetch_(known->introspection_url, std::move(request));
    introspecting_.release();
    const auto said = TRY(json_of(answer));
    const auto claims = said.root();
    if (!claims["active"].boolean().value_or(false)) return fail(Errc::denied, "token is not valid");
    if (claims["iss"].exists() && claims["iss"].text() != settings_.issuer)
        return fail(Errc::denied, "token has another issuer");
    const auto audience = claims["aud"];
    const auto audiences = audience.items();
    const bool is_ours =
        audience.text() == settings_.audience ||
        std::ranges::any_of(audiences, [&](json::Value one) { return one.text() == settings_.audience; });
    if (!is_ours) return fail(Errc::denied, "token is for another server");
    auto grant = TRY(grant_of(claims, settings_.roles_claim));
    grant.issued = jose::time_of(claims["iat"]).value_or(now);
    grant.expires = std::min(jose::time_of(claims["exp"]).value_or(now + trusted_for), now + trusted_for);
    return grant;
}

}   // namespace ward::vault
