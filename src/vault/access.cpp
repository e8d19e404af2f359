// SPDX-License-Identifier: Apache-2.0
#include "vault/access.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "crypto/hash.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"
#include "policy/policy.hpp"
#include "vault/ids.hpp"

namespace ward::vault {
namespace {

// The one header that Ward writes and accepts: what a token's header says is never a choice.
constexpr std::string_view jose_header = R"({"alg":"EdDSA","typ":"JWT"})";
constexpr std::string_view audience = "ward-vault";
constexpr std::chrono::minutes clock_skew_max{1};

Result<json::Document> claims_of(std::string_view encoded) {
    const auto bytes = from_base64url(encoded);
    if (!bytes) return fail(Errc::denied, "token is malformed");
    auto document = json::Document::parse(std::string{as_text(*bytes)});
    if (!document) return fail(Errc::denied, "token is malformed");
    return document;
}

}   // namespace

Result<std::string> token_text(const TokenWish& wish, std::string_view issuer, Time now) {
    const auto scopes = TRY(parse_scopes(wish.scope));
    const bool names_patients =
        std::ranges::any_of(scopes, [](const Scope& scope) { return scope.reach == Reach::patient; });
    if (names_patients ? !fhir::is_id(wish.patient) : !wish.patient.empty())
        return fail(Errc::denied, "patient/ scopes need the id of a patient, and other scopes have none");
    if (!wish.purpose.empty() && !policy::is_purpose(wish.purpose))
        return fail(Errc::denied, "a purpose is a code of v3-PurposeOfUse, such as TREAT");
    if (wish.lifetime <= std::chrono::seconds{0} || wish.lifetime > token_lifetime_max)
        return fail(Errc::denied, fmt::format("a token lives from 1 second to {} hours",
                                              token_lifetime_max / std::chrono::hours{1}));
    const auto issued = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
    std::string claims;
    json::Writer writer{claims};
    writer.begin_object().member("iss", issuer).member("aud", audience).member("sub", wish.user);
    writer.member("client_id", wish.client).member("scope", wish.scope).member("jti", uuid_v7(now));
    writer.member_unless_empty("patient", wish.patient).member_unless_empty("fhirUser", wish.fhir_user);
    writer.member_unless_empty("purpose_of_use", wish.purpose);
    if (!wish.roles.empty()) {
        writer.key("roles").begin_array();
        for (const auto& role : wish.roles) writer.string(role);
        writer.end_array();
    }
    writer.key("iat").number(issued.count()).key("exp").number((issued + wish.lifetime).count()).end_object();
    return fmt::format("{}.{}", to_base64url(as_bytes(jose_header)), to_base64url(as_bytes(claims)));
}

std::string signed_token(std::string_view text, const crypto::Signature& signature) {
    return fmt::format("{}.{}", text, to_base64url(signature.value));
}

Result<Grant> Gate::verify(std::string_view token) const {
    const auto first = token.find('.');
    const auto last = token.rfind('.');
    if (first == std::string_view::npos || first == last) return fail(Errc::denied, "token is malformed");
    const auto bytes = from_base64url(token.substr(last + 1));
    crypto::Signature signature{};
    if (!bytes || bytes->size() != signature.value.size()) return fail(Errc::denied, "token is malformed");
    std::ranges::copy(*bytes, signature.value.begin());
    // The signature comes first: nothing of the token is read before it is known to be ours.
    if (!crypto::verify(key_, as_bytes(token.substr(0, last)), signature))
        return fail(Errc::denied, "token has no valid signature");
    if (token.substr(0, first) != to_base64url(as_bytes(jose_header)))
        return fail(Errc::denied, "token is malformed");

    const auto claims = TRY(claims_of(token.substr(first + 1, last - first - 1)));
    if (claims["iss"].text() != issuer_ || claims["aud"].text() != audience)
        return fail(Errc::denied, "token is for another server");
    const auto issued = claims["iat"].number();
    const auto expires = claims["exp"].number();
    const auto seconds_max = static_cast<double>(token_lifetime_max.count());
    if (!issued || !expires || *issued < 0 || *expires < *issued || *expires - *issued > seconds_max)
        return fail(Errc::denied, "token lives longer than tokens may");
    auto grant = TRY(grant_of(claims.root(), "roles"));
    grant.issued = Time{std::chrono::seconds{static_cast<std::int64_t>(*issued)}};
    grant.expires = Time{std::chrono::seconds{static_cast<std::int64_t>(*expires)}};
    return grant;
}

/// A token whose header is ours is ours, or nobody's.
Result<Gate::Remembered> Gate::look_at(std::string_view token, Time now) const {
    const bool is_ours = token.starts_with(to_base64url(as_bytes(jose_header)) + ".");
    if (is_ours || provider_ == nullptr) {
        auto grant = std::make_shared<const Grant>(TRY(verify(token)));
        const auto until = grant->expires;
        return Remembered{std::move(grant), until};
    }
    auto grant = std::make_shared<const Grant>(TRY(provider_->admit(token, now)));
    const auto until = std::min<Time>(grant->expires, now + provider_trusted_for);
    return Remembered{std::move(grant), until};
}

Result<std::shared_ptr<const Grant>> Gate::admit(std::string_view token, Time now) {
    if (token.size() > token_bytes_max) return fail(Errc::denied, "token is too long");
    const auto digest = crypto::sha256(as_bytes(token));
    const std::string key{as_text(digest)};
    Remembered remembered;
    {
        const Lock lock{mutex_};
        if (const auto found = remembered_.find(key); found != remembered_.end()) remembered = found->second;
    }
    if (remembered.grant == nullptr || remembered.until <= now) {
        remembered = TRY(look_at(token, now));
        const Lock lock{mutex_};
        if (remembered_.size() >= remembered_max) remembered_.clear();   // they are only verified again
        remembered_[key] = remembered;
    }
    const auto& grant = remembered.grant;
    if (grant->issued > now + clock_skew_max) return fail(Errc::denied, "token is not valid yet");
    if (grant->expires <= now) return fail(Errc::denied, "token has expired");
    return grant;
}

}   // namespace ward::vault
