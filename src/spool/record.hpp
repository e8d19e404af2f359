// SPDX-License-Identifier: Apache-2.0
// The unit of a spool's files and of the bus: lines of events, numbered and compressed. docs/formats/spool.md
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "wire/decode.hpp"

namespace ward::spool {

using Sequence = std::uint64_t;   // of a publisher's events, from 1 on

constexpr std::size_t text_bytes_max = std::size_t{512} << 10U;   // of one record, or of one line
constexpr std::size_t record_bytes_max = text_bytes_max + (std::size_t{64} << 10U);

struct Record {
    Sequence first = 0;
    std::uint32_t lines = 0;
    std::uint32_t text_bytes = 0;   // once decompressed
    Bytes packed;                   // borrows the input

    Sequence last() const noexcept { return first + lines - 1; }
};

/// Checks lengths and the checksum; does not decompress.
Decode<Record> decode_record(Bytes input) noexcept;

/// How far a record reaches that is all there and Malformed, where its length may be trusted.
std::optional<std::size_t> damaged_length(Bytes input) noexcept;

/// The lines, each with its end. Errc::malformed when they are not what the record says.
Result<std::string> unpack(const Record& record);

/// Appends the record of these whole lines, at least one and at most text_bytes_max.
void append_record(Buffer& target, Sequence first, std::string_view lines);

}   // namespace ward::spool
