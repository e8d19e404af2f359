// SPDX-License-Identifier: Apache-2.0
#include "bus/batch.hpp"

#include "wire/wire_reader.hpp"

namespace ward::bus {
namespace {

constexpr std::uint32_t batch_magic = 0x57426131;    // WBa1
constexpr std::uint32_t stored_magic = 0x57537431;   // WSt1
constexpr std::string_view events_prefix = "ward.events.";
constexpr std::string_view stored_prefix = "ward.stored.";

}   // namespace

Buffer encode_batch(Sequence after, Bytes records) {
    Buffer message;
    append_big_endian(message, batch_magic);
    append_big_endian(message, after);
    append(message, records);
    return message;
}

Decode<Batch> decode_batch(Bytes message, const BatchLimits& limits) {
    WireReader in{message};
    const auto magic = in.u32();
    Batch batch;
    batch.after = in.u64();
    if (in.truncated()) return NeedMore{};
    if (magic != batch_magic) return Malformed{"no batch"};
    std::size_t text_bytes = 0;
    while (in.remaining() > 0) {
        const auto decoded = spool::decode_record(in.rest());
        if (const auto* wrong = std::get_if<Malformed>(&decoded)) return *wrong;
        if (const auto* cut = std::get_if<NeedMore>(&decoded)) return *cut;
        const auto& [record, consumed] = std::get<Decoded<spool::Record>>(decoded);
        const bool follows =
            batch.records.empty() ? record.last() > batch.after : record.first == batch.last() + 1;
        if (!follows) return Malformed{"records do not follow each other"};
        text_bytes += record.text_bytes;
        if (batch.records.size() == limits.records_max || text_bytes > limits.text_bytes_max)
            return Malformed{"batch too large"};
        batch.records.push_back(record);
        in.skip(consumed);
    }
    return Decoded<Batch>{std::move(batch), message.size()};
}

Buffer encode_stored(const Stored& stored) {
    Buffer message;
    append_big_endian(message, stored_magic);
    append_big_endian(message, stored.watermark);
    append_big_endian(message, static_cast<std::uint8_t>(stored.again ? 1 : 0));
    return message;
}

Decode<Stored> decode_stored(Bytes message) noexcept {
    WireReader in{message};
    const auto magic = in.u32();
    const auto watermark = in.u64();
    const auto again = in.u8();
    if (in.truncated()) return NeedMore{};
    if (magic != stored_magic || again > 1 || in.remaining() > 0) return Malformed{"no answer to a batch"};
    return Decoded<Stored>{{watermark, again == 1}, message.size()};
}

std::string events_subject(const PublisherId& publisher) {
    return std::string{events_prefix} + publisher.hex();
}

std::string stored_subject(const PublisherId& publisher) {
    return std::string{stored_prefix} + publisher.hex();
}

std::optional<PublisherId> publisher_of(std::string_view events_subject) {
    if (!events_subject.starts_with(events_prefix)) return std::nullopt;
    return PublisherId::from_hex(events_subject.substr(events_prefix.size()));
}

}   // namespace ward::bus
