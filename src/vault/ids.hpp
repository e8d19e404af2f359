// SPDX-License-Identifier: Apache-2.0
// The names that the store uses for owners, records and keys. None of them can be read back into a patient.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "crypto/hash.hpp"
#include "crypto/secret.hpp"

namespace ward::vault {

using Pseudonym = std::array<std::byte, 16>;

/// Whose data key seals a record: a patient, or a resource type for what has no patient.
struct OwnerId {
    Pseudonym value{};
    auto operator<=>(const OwnerId&) const = default;
};

/// One resource, all its versions.
struct RecordId {
    Pseudonym value{};
    auto operator<=>(const RecordId&) const = default;
};

struct KeyId {
    Pseudonym value{};
    auto operator<=>(const KeyId&) const = default;
};

/// RFC 9562, section 5.7: ids that the server gives are in time order, so that new rows stay together on
/// disk.
std::string uuid_v7(Time now);

/// Turns what FHIR names into what the store may know. Immutable; callable from several threads.
class Pseudonyms {
public:
    /// `facility_key` is the hospital's own 32 bytes; another hospital's pseudonyms have nothing in common.
    static Result<Pseudonyms> from_facility_key(const crypto::SecretBytes& facility_key);

    OwnerId owner_of_patient(std::string_view patient_id) const;
    /// `name` is a resource type, or a type and a day.
    OwnerId owner_without_patient(std::string_view name) const;

    /// A pseudonym of an id in UUIDv7 form begins with its 48 bits of time, which the row's own time tells
    /// anyway.
    RecordId record(std::uint16_t type_code, std::string_view id) const;

private:
    Pseudonyms(crypto::HmacSha256 owners, crypto::HmacSha256 records)
        : owners_(std::move(owners)), records_(std::move(records)) {}

    crypto::HmacSha256 owners_;
    crypto::HmacSha256 records_;
};

}   // namespace ward::vault
