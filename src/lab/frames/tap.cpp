// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/tap.hpp"

#include <algorithm>

#include "core/assert.hpp"
#include "wire/wire_reader.hpp"
#include "wire/wire_writer.hpp"

namespace ward::lab {

void Tap::add(Frame frame) {
    WARD_ASSERT(frame.at >= passed_);
    waiting_.push_back({std::move(frame), next_++});
    std::push_heap(waiting_.begin(), waiting_.end());
}

void Tap::pass(Moment until) {
    while (!waiting_.empty() && waiting_.front().frame.at < until) {
        std::pop_heap(waiting_.begin(), waiting_.end());
        take_(waiting_.back().frame);
        waiting_.pop_back();
    }
    passed_ = until;
}

Buffer pcap_header() {
    Buffer out;
    append_big_endian<std::uint32_t>(out, 0xa1b2c3d4);
    append_big_endian<std::uint32_t>(out, 0x00020004);   // version 2.4
    append_big_endian<std::uint64_t>(out, 0);            // in UTC, of unknown accuracy
    append_big_endian<std::uint32_t>(out, 262'144);      // the longest record
    append_big_endian<std::uint32_t>(out, 1);            // Ethernet
    return out;
}

void append_pcap_record(Buffer& out, const Frame& frame) {
    const auto since = frame.at.time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    append_big_endian(out, static_cast<std::uint32_t>(seconds.count()));
    append_big_endian(out, static_cast<std::uint32_t>((since - seconds).count()));
    append_big_endian(out, static_cast<std::uint32_t>(frame.bytes.size()));
    append_big_endian(out, static_cast<std::uint32_t>(frame.bytes.size()));
    append(out, frame.bytes);
}

}   // namespace ward::lab
