// SPDX-License-Identifier: Apache-2.0
// The blind index: what a search parameter's value becomes in the store. docs/threat-model.md says what it
// leaks.
#pragma once

#include <optional>
#include <vector>

#include "crypto/hash.hpp"
#include "fhir/query.hpp"
#include "fhir/values.hpp"
#include "vault/version.hpp"

namespace ward::vault {

/// A patient's own index key, or the facility's. Immutable; callable from several threads.
class TokenKey {
public:
    /// Tokens of one patient share their first 20 bits, so that they lie together on disk; which rows belong
    /// to one patient is plain from the rows' owner anyway.
    static Result<TokenKey> of_owner(const crypto::SecretBytes& index_key, const OwnerId& owner);
    static Result<TokenKey> of_facility(const crypto::SecretBytes& index_key);

    Token token(Bytes meaning) const;
    /// Only 32 bits stand for the value itself: for prefixes of names.
    Token short_token(Bytes parameter, Bytes meaning) const;

private:
    TokenKey(crypto::HmacSha256 mac, std::uint64_t prefix, unsigned prefix_bits)
        : mac_(std::move(mac)), prefix_(prefix), prefix_bits_(prefix_bits) {}

    crypto::HmacSha256 mac_;
    std::uint64_t prefix_;
    unsigned prefix_bits_;
};

/// Under which tokens a search finds a resource.
enum class IndexScope {
    patient,        // within a patient: everything but strings, which are filtered after opening
    facility,       // what has no patient: everything
    find_patient,   // Patient across the facility: names, identifiers and birth date, nothing else
    find_chart,     // what lies in charts across the facility: what a FacilityIndex has, nothing else
};

/// The token of all records of a type within a patient.
Token type_token(const TokenKey& key, fhir::ResourceType type);

/// The token of this server's AuditEvents about a patient. Under the facility's key, so that every audit is
/// found and none needs the patient's key.
Token audit_token(const TokenKey& facility, const OwnerId& patient);

/// Appends the tokens of a resource's values.
void append_tokens(const TokenKey& key, IndexScope scope, fhir::ResourceType type,
                   const std::vector<fhir::IndexedValue>& values, std::vector<Token>& tokens);

/// Every resource that passes `filter` has one of these tokens; nothing if the index cannot narrow the
/// search.
std::optional<std::vector<Token>> lookup_tokens(const TokenKey& key, IndexScope scope,
                                                fhir::ResourceType type, const fhir::Filter& filter);

}   // namespace ward::vault
