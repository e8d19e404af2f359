// SPDX-License-Identifier: Apache-2.0
// What the vault and ward-keys say to each other, as bytes. docs/formats/keys-protocol.md. Pure: no socket
// here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "wire/wire_reader.hpp"
#include "wire/wire_writer.hpp"

namespace ward::keys {

/// Whose data key: a patient's pseudonym, or that of what has no patient.
using Owner = std::array<std::byte, 16>;
using KeyId = std::array<std::byte, 16>;

struct ProtocolLimits {
    std::size_t frame_bytes_max = 8192;   // after the length
    std::size_t name_bytes_max = 32;
    std::size_t payload_bytes_max = 4096;
};

enum class Op : std::uint8_t {
    create = 1,
    unwrap = 2,
    facility = 4,
    secret = 5,
    sign_checkpoint = 6,
    sign_token = 7,
    public_keys = 8,
    status = 9,
    unseal = 10,
    enroll_operator = 11,
    request_grant = 12,
    approve_grant = 13,
    end_grant = 14,
    open_grant = 15,
    grant_event = 16,
    unwrap_granted = 17,
};

/// A view of a request: borrows the frame that it was read from, or what its sender wants said. An operation
/// has only the fields that it needs.
struct Request {
    Op op{};
    Owner owner{};             // create, unwrap
    KeyId key{};               // unwrap
    std::string_view name{};   // of a secret or an operator: lowercase letters, digits and hyphens
    Bytes payload{};           // secret: the value if there is none yet; what is to be signed; unseal: the
                               // passphrase; of grants: docs/formats/keys-protocol.md
};

/// The first frame in `received`, without its length; nothing while it is incomplete.
Result<std::optional<Bytes>> first_frame(Bytes received);
inline constexpr std::size_t frame_length_bytes = 4;

Result<Request> decode_request(Bytes frame);

/// With its length in front. `target` must not overflow: requests beyond the limits are the caller's to
/// refuse.
void encode_request(const Request& request, WireWriter& target);

/// A reply is its length, a code and, after the code of success, the fields of the operation, which the
/// caller has written after the first `reply_header_bytes` of `target`. Gives the size of the whole.
inline constexpr std::size_t reply_header_bytes = frame_length_bytes + 1;
std::size_t finish_reply(std::span<std::byte> target, const Result<>& outcome, std::size_t fields_size);

/// The fields of a reply that says success; otherwise its error.
Result<WireReader> decode_reply(Bytes frame);

enum class Seal : std::uint8_t { unsealed = 0, sealed = 1 };

/// How ward-keys is. The counters are since keys.db was made, and survive restarts.
struct Status {
    Seal seal = Seal::sealed;
    std::uint64_t keys = 0;            // wrapped keys held
    std::uint64_t owners_opened = 0;   // unwraps that took from the budget
    std::uint64_t repeated = 0;        // unwraps of an owner already open in the window
    std::uint64_t refused = 0;         // unwraps beyond the budget
    std::uint64_t alarms = 0;
    std::uint64_t owners_left = 0;   // may be opened now
    std::uint64_t burst = 0;         // the budget
    std::uint64_t per_hour = 0;
    bool operator==(const Status&) const = default;
};

void encode_status(const Status& status, WireWriter& target);
Status decode_status(WireReader& fields);

}   // namespace ward::keys
