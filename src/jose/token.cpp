// SPDX-License-Identifier: Apache-2.0
#include "jose/token.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace ward::jose {
namespace {

constexpr json::Limits claims_limits{.bytes_max = token_bytes_max, .nodes_max = 4096, .depth_max = 16};

tl::unexpected<Error> malformed() { return fail(Errc::denied, "token is malformed"); }

Result<json::Document> object_of(std::string_view encoded) {
    const auto bytes = from_base64url(encoded);
    if (!bytes) return malformed();
    auto document = json::Document::parse(std::string{as_text(*bytes)}, claims_limits);
    if (!document || !document->root().is_object()) return malformed();
    return document;
}

bool names(json::Value audience, std::string_view wanted) {
    if (audience.is_string()) return audience.text() == wanted;
    const auto items = audience.items();
    return std::ranges::any_of(items,
                               [&](json::Value one) { return one.is_string() && one.text() == wanted; });
}

}   // namespace

bool looks_signed(std::string_view text) { return std::ranges::count(text, '.') == 2; }

Result<Token> read_token(std::string_view text) {
    if (text.size() > token_bytes_max) return fail(Errc::denied, "token is too long");
    if (!looks_signed(text)) return malformed();
    const auto first = text.find('.');
    const auto last = text.rfind('.');
    const auto header = TRY(object_of(text.substr(0, first)));
    const auto algorithm = algorithm_named(header["alg"].text());
    if (!algorithm) return fail(Errc::denied, "token is signed in a way that is not accepted");
    if (header["crit"].exists()) return fail(Errc::denied, "token asks for an extension");
    auto type = header["typ"].text();
    constexpr std::string_view prefix = "application/";
    if (starts_ignoring_case(type, prefix)) type.remove_prefix(prefix.size());
    auto signature = from_base64url(text.substr(last + 1));
    if (!signature || signature->empty()) return malformed();
    auto claims = TRY(object_of(text.substr(first + 1, last - first - 1)));
    return Token{*algorithm,
                 std::string{header["kid"].text()},
                 std::string{type},
                 std::string{text.substr(0, last)},
                 *std::move(signature),
                 std::move(claims)};
}

Result<> verify(const KeySet& keys, const Token& token) {
    const bool verified = std::ranges::any_of(keys.keys(), [&](const Key& key) {
        if (!token.key_id.empty() && key.id != token.key_id) return false;
        return key.can(token.algorithm) &&
               key.key.verify(token.algorithm, as_bytes(token.text), token.signature);
    });
    if (verified) return {};
    return fail(Errc::denied, "token has no valid signature");
}

std::optional<Time> time_of(json::Value claim) {
    const auto seconds = claim.number();
    constexpr double seconds_max = 253'402'300'800;   // year 10000
    if (!seconds || !(*seconds >= 0 && *seconds < seconds_max)) return std::nullopt;
    return Time{std::chrono::milliseconds{static_cast<std::int64_t>(*seconds * 1000)}};
}

Result<> check_claims(json::Value claims, const Expected& expected) {
    if (expected.issuer.empty() || claims["iss"].text() != expected.issuer)
        return fail(Errc::denied, "token has another issuer");
    if (expected.audience.empty() || !names(claims["aud"], expected.audience))
        return fail(Errc::denied, "token is for another server");
    const auto expires = time_of(claims["exp"]);
    if (!expires) return fail(Errc::denied, "token does not say when it expires");
    if (*expires + expected.skew_max <= expected.now) return fail(Errc::denied, "token has expired");
    if (*expires > expected.now + expected.lifetime_max + expected.skew_max)
        return fail(Errc::denied, "token lives longer than tokens may");
    for (const auto* name : {"nbf", "iat"}) {
        if (!claims[name].exists()) continue;
        const auto time = time_of(claims[name]);
        if (!time || *time > expected.now + expected.skew_max)
            return fail(Errc::denied, "token is not valid yet");
    }
    return {};
}

Result<> check_is_access_token(const Token& token) {
    const auto& claims = token.claims;
    const bool typed = token.type.empty() || equal_ignoring_case(token.type, "JWT") ||
                       equal_ignoring_case(token.type, "at+jwt");
    const bool is_other = claims["nonce"].exists() || claims["at_hash"].exists() ||
                          claims["c_hash"].exists() || claims["events"].exists();
    if (typed && !is_other) return {};
    return fail(Errc::denied, "token is no access token");
}

}   // namespace ward::jose
