// SPDX-License-Identifier: Apache-2.0
// What is said over the bus. docs/formats/bus.md
#pragma once

#include <vector>

#include "spool/record.hpp"
#include "spool/segment.hpp"
#include "wire/decode.hpp"

namespace ward::bus {

using spool::PublisherId;
using spool::Sequence;

struct BatchLimits {
    std::size_t records_max = 4096;
    std::size_t text_bytes_max = std::size_t{8} << 20U;
};

/// From a publisher to who stores: records without a gap between them, or none, which asks for a Stored.
struct Batch {
    Sequence after = 0;                   // what must be stored before it; it may begin with some of that
    std::vector<spool::Record> records;   // borrow the message

    Sequence first() const noexcept { return records.empty() ? after + 1 : records.front().first; }
    Sequence last() const noexcept { return records.empty() ? after : records.back().last(); }
};

Buffer encode_batch(Sequence after, Bytes records);
/// A message is one batch, whole.
Decode<Batch> decode_batch(Bytes message, const BatchLimits& limits = {});

/// The answer.
struct Stored {
    Sequence watermark = 0;
    bool again = false;   // what came does not follow it: send from there
};

Buffer encode_stored(const Stored& stored);
Decode<Stored> decode_stored(Bytes message) noexcept;

/// `ward.events.` or `ward.stored.`, and the publisher's number in hexadecimal digits.
std::string events_subject(const PublisherId& publisher);
std::string stored_subject(const PublisherId& publisher);
std::optional<PublisherId> publisher_of(std::string_view events_subject);

constexpr const char* all_events = "ward.events.*";
constexpr const char* all_stored = "ward.stored.*";

}   // namespace ward::bus
