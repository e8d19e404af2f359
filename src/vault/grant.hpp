// SPDX-License-Identifier: Apache-2.0
// What was proved of a caller: by a token of Ward's own, by one of the hospital's provider, or by a
// certificate.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "json/document.hpp"
#include "vault/scope.hpp"

namespace ward::vault {

struct Grant {
    std::string user;
    std::string client;
    std::string patient;     // whom `patient/` scopes are about; empty: nobody
    std::string fhir_user;   // "Practitioner/d1": the user as charts name them; may be empty
    std::vector<std::string> roles;
    std::string purpose;   // a code of v3-PurposeOfUse; empty: none was stated
    std::vector<Scope> scopes;
    std::optional<Digest> certificate;   // SHA-256: of use only to who holds that one
    Time issued{};
    Time expires{};
};

/// Reads what Ward uses of an access token's claims, or of an introspection (RFC 9068, RFC 7662, SMART App
/// Launch 2.2): `sub`, `client_id` or `azp`, `scope`, `patient`, `fhirUser`, and IHE IUA's purpose of use.
/// `cnf` binds it to a certificate (RFC 8705, 3.1); bound to any other key, it is refused, since nobody asks
/// for the proof. `roles_claim` names an array of texts, or one text. Times are left to the caller.
Result<Grant> grant_of(json::Value claims, std::string_view roles_claim);

}   // namespace ward::vault
