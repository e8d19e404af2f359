// SPDX-License-Identifier: Apache-2.0
#include "vault/grant.hpp"

#include <algorithm>

#include "fhir/values.hpp"

namespace ward::vault {
namespace {

constexpr std::size_t roles_max = 64;
constexpr std::size_t text_bytes_max = 512;

Result<std::string> bounded(json::Value claim) {
    if (claim.text().size() > text_bytes_max) return fail(Errc::denied, "a claim of the token is too long");
    return std::string{claim.text()};
}

/// "https://server/fhir/Practitioner/d1" and "Practitioner/d1" are the same person.
std::string person_of(std::string_view url) {
    const auto id = url.rfind('/');
    if (id == std::string_view::npos) return {};
    const auto type = id == 0 ? std::string_view::npos : url.rfind('/', id - 1);
    const auto local = type == std::string_view::npos ? url : url.substr(type + 1);
    const auto reference = fhir::parse_reference(local);
    return reference.type.empty() ? std::string{} : reference.type + "/" + reference.id;
}

/// IHE IUA 2.3, 3.71.4.2.2.1: extensions.ihe_iua.purpose_of_use, Codings or their codes.
std::string_view purpose_in(json::Value claims) {
    auto purpose = claims["extensions"]["ihe_iua"]["purpose_of_use"];
    if (!purpose.exists()) purpose = claims["purpose_of_use"];
    for (const auto first : purpose.items()) return first.is_object() ? first["code"].text() : first.text();
    return purpose.is_object() ? purpose["code"].text() : purpose.text();
}

/// RFC 8705, 3.1: the certificate that `cnf` names, and that alone.
Result<Digest> certificate_in(json::Value confirmation) {
    const auto bytes = from_base64url(confirmation["x5t#S256"].text());
    Digest digest{};
    if (confirmation.size() != 1 || !bytes || bytes->size() != digest.size())
        return fail(Errc::denied, "the token is bound to a key in a way that is not understood here");
    std::ranges::copy(*bytes, digest.begin());
    return digest;
}

}   // namespace

Result<Grant> grant_of(json::Value claims, std::string_view roles_claim) {
    Grant grant;
    grant.user = TRY(bounded(claims["sub"]));
    grant.client = TRY(bounded(claims["client_id"].exists() ? claims["client_id"] : claims["azp"]));
    grant.patient = TRY(bounded(claims["patient"]));
    grant.fhir_user = person_of(TRY(bounded(claims["fhirUser"])));
    grant.purpose = purpose_in(claims);
    const auto roles = claims[roles_claim];
    if (roles.size() > roles_max) return fail(Errc::denied, "the token names too many roles");
    for (const auto role : roles.items()) grant.roles.push_back(TRY(bounded(role)));
    if (roles.is_string()) grant.roles.push_back(TRY(bounded(roles)));
    if (const auto confirmation = claims["cnf"]; confirmation.exists())
        grant.certificate = TRY(certificate_in(confirmation));
    grant.scopes = TRY(parse_scopes(claims["scope"].text()));
    if (grant.user.empty() && grant.client.empty()) return fail(Errc::denied, "the token names nobody");
    if (!grant.patient.empty() && !fhir::is_id(grant.patient))
        return fail(Errc::denied, "the token's patient is no id");
    return grant;
}

}   // namespace ward::vault
