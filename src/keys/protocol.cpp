// SPDX-License-Identifier: Apache-2.0
#include "keys/protocol.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace ward::keys {
namespace {

constexpr ProtocolLimits limits;
constexpr std::uint8_t protocol_version = 1;

/// The fields that follow the operation, in this order.
struct Fields {
    bool owner = false;
    bool key = false;
    bool name = false;
    bool payload = false;
};

constexpr std::optional<Fields> fields_of(Op op) {
    switch (op) {
        case Op::create: return Fields{.owner = true};
        case Op::unwrap: return Fields{.owner = true, .key = true};
        case Op::unwrap_granted: return Fields{.owner = true, .key = true, .payload = true};
        case Op::secret:
        case Op::enroll_operator:
        case Op::request_grant:
        case Op::approve_grant:
        case Op::end_grant: return Fields{.name = true, .payload = true};
        case Op::open_grant:
        case Op::grant_event:
        case Op::sign_checkpoint:
        case Op::sign_token:
        case Op::unseal: return Fields{.payload = true};
        case Op::facility:
        case Op::public_keys:
        case Op::status: return Fields{};
    }
    return std::nullopt;
}

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= limits.name_bytes_max && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

template <std::size_t size>
void read(WireReader& reader, std::array<std::byte, size>& target) {
    std::ranges::copy(reader.take(size), target.begin());   // nothing, when there is less
}

constexpr std::uint8_t code_of(const Result<>& outcome) {
    return outcome ? 0 : static_cast<std::uint8_t>(1 + static_cast<unsigned>(outcome.error().code));
}

}   // namespace

Result<std::optional<Bytes>> first_frame(Bytes received) {
    if (received.size() < frame_length_bytes) return std::optional<Bytes>{};
    WireReader reader{received};
    const std::size_t length = reader.u32();
    if (length == 0 || length > limits.frame_bytes_max)
        return fail(Errc::malformed, "frame length out of range");
    if (reader.remaining() < length) return std::optional<Bytes>{};
    return std::optional<Bytes>{reader.take(length)};
}

Result<Request> decode_request(Bytes frame) {
    WireReader reader{frame};
    if (reader.u8() != protocol_version) return fail(Errc::malformed, "unknown protocol version");
    Request request{};
    request.op = Op{reader.u8()};
    const auto fields = fields_of(request.op);
    if (!fields) return fail(Errc::malformed, "unknown operation");
    if (fields->owner) read(reader, request.owner);
    if (fields->key) read(reader, request.key);
    if (fields->name) request.name = as_text(reader.take(reader.u8()));
    if (fields->payload) request.payload = reader.take(reader.u16());
    if (reader.truncated() || reader.remaining() != 0)
        return fail(Errc::malformed, "request of the wrong length");
    if (fields->name && !is_name(request.name)) return fail(Errc::malformed, "not a name");
    if (request.payload.size() > limits.payload_bytes_max) return fail(Errc::malformed, "payload too long");
    return request;
}

void encode_request(const Request& request, WireWriter& target) {
    const auto fields = fields_of(request.op);
    WARD_ASSERT(fields && request.name.size() <= limits.name_bytes_max);
    WARD_ASSERT(request.payload.size() <= limits.payload_bytes_max);
    const std::size_t length = 2 + (fields->owner ? sizeof(Owner) : 0) + (fields->key ? sizeof(KeyId) : 0) +
                               (fields->name ? 1 + request.name.size() : 0) +
                               (fields->payload ? 2 + request.payload.size() : 0);
    target.integer(static_cast<std::uint32_t>(length));
    target.integer(protocol_version);
    target.integer(static_cast<std::uint8_t>(request.op));
    if (fields->owner) target.put(request.owner);
    if (fields->key) target.put(request.key);
    if (fields->name) {
        target.integer(static_cast<std::uint8_t>(request.name.size()));
        target.put(as_bytes(request.name));
    }
    if (fields->payload) {
        target.integer(static_cast<std::uint16_t>(request.payload.size()));
        target.put(request.payload);
    }
}

std::size_t finish_reply(std::span<std::byte> target, const Result<>& outcome, std::size_t fields_size) {
    const std::size_t size = outcome ? reply_header_bytes + fields_size : reply_header_bytes;
    WARD_ASSERT(size <= target.size() && size - frame_length_bytes <= limits.frame_bytes_max);
    WireWriter header{target};
    header.integer(static_cast<std::uint32_t>(size - frame_length_bytes));
    header.integer(code_of(outcome));
    return size;
}

Result<WireReader> decode_reply(Bytes frame) {
    WireReader reader{frame};
    const unsigned code = reader.u8();
    if (reader.truncated() || code > 1 + static_cast<unsigned>(Errc::corrupt))
        return fail(Errc::malformed, "ward-keys gave an unknown answer");
    if (code != 0) return fail(static_cast<Errc>(code - 1), "refused by ward-keys");
    return reader;
}

void encode_status(const Status& status, WireWriter& target) {
    target.integer(static_cast<std::uint8_t>(status.seal));
    for (const auto count : {status.keys, status.owners_opened, status.repeated, status.refused,
                             status.alarms, status.owners_left, status.burst, status.per_hour})
        target.integer(count);
}

Status decode_status(WireReader& fields) {
    Status status;
    status.seal = fields.u8() == 0 ? Seal::unsealed : Seal::sealed;
    for (auto* const count : {&status.keys, &status.owners_opened, &status.repeated, &status.refused,
                              &status.alarms, &status.owners_left, &status.burst, &status.per_hour})
        *count = fields.u64();
    return status;
}

}   // namespace ward::keys
