// SPDX-License-Identifier: Apache-2.0
#include "vault/ids.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "crypto/derive.hpp"
#include "crypto/random.hpp"
#include "wire/wire_reader.hpp"

namespace ward::vault {
namespace {

constexpr std::size_t uuid_length = 36;
constexpr std::size_t uuid_time_bytes = 6;

/// The 48 bits of time of an id in UUIDv7 form.
std::optional<Buffer> uuid_time(std::string_view id) {
    if (id.size() != uuid_length || id[8] != '-' || id[13] != '-' || id[14] != '7') return std::nullopt;
    return from_hex(std::string{id.substr(0, 8)}.append(id.substr(9, 4)));
}

Pseudonym first_half(const Digest& digest) {
    Pseudonym half;
    std::copy_n(digest.begin(), half.size(), half.begin());
    return half;
}

}   // namespace

std::string uuid_v7(Time now) {
    auto bytes = crypto::random_array<16>();
    auto milliseconds = static_cast<std::uint64_t>(now.time_since_epoch().count());
    for (std::size_t i = uuid_time_bytes; i-- > 0; milliseconds >>= 8)
        bytes[i] = static_cast<std::byte>(milliseconds);
    bytes[6] = (bytes[6] & std::byte{0x0f}) | std::byte{0x70};
    bytes[8] = (bytes[8] & std::byte{0x3f}) | std::byte{0x80};
    const auto hex = to_hex(bytes);
    const std::string_view text = hex;
    return fmt::format("{}-{}-{}-{}-{}", text.substr(0, 8), text.substr(8, 4), text.substr(12, 4),
                       text.substr(16, 4), text.substr(20));
}

Result<Pseudonyms> Pseudonyms::from_facility_key(const crypto::SecretBytes& facility_key) {
    const auto owner_key = TRY(crypto::derive(facility_key, "ward owner pseudonyms v1"));
    const auto record_key = TRY(crypto::derive(facility_key, "ward record pseudonyms v1"));
    auto owners = TRY(crypto::HmacSha256::with_key(owner_key));
    auto records = TRY(crypto::HmacSha256::with_key(record_key));
    return Pseudonyms{std::move(owners), std::move(records)};
}

OwnerId Pseudonyms::owner_of_patient(std::string_view patient_id) const {
    return {first_half(owners_(as_bytes("Patient/"), as_bytes(patient_id)))};
}

OwnerId Pseudonyms::owner_without_patient(std::string_view name) const {
    return {first_half(owners_(as_bytes("type:"), as_bytes(name)))};
}

RecordId Pseudonyms::record(std::uint16_t type_code, std::string_view id) const {
    Buffer type;
    append_big_endian(type, type_code);
    RecordId record{first_half(records_(type, as_bytes(id)))};
    if (const auto time = uuid_time(id)) {
        std::copy_backward(record.value.begin(), record.value.end() - uuid_time_bytes, record.value.end());
        std::copy(time->begin(), time->end(), record.value.begin());
    }
    return record;
}

}   // namespace ward::vault
