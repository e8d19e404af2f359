// SPDX-License-Identifier: Apache-2.0
// One direction of a TCP connection for tests: segments in, text out.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>

#include "wire/tcp_stream.hpp"

namespace ward::wire {

/// One direction whose first byte has the number `first`. What it gives is text, with "[n]" for n lost bytes.
class Line {
public:
    explicit Line(std::uint32_t first = 1000, Overlap overlap = Overlap::first)
        : first_(first), overlap_(overlap) {
        stream.start(first);
    }

    /// `at` counts from the first byte.
    Line& send(std::int64_t at, std::string_view text, std::uint16_t urgent = 0) {
        stream.segment({number(at), as_bytes(text), urgent}, overlap_, limits, reader());
        return *this;
    }
    Line& acknowledge(std::int64_t at, std::uint32_t window = 0) {
        stream.acknowledged({number(at), window}, limits, reader());
        return *this;
    }
    /// With the next bytes of the other direction.
    Line& answer(std::int64_t at) {
        stream.acknowledged({number(at), 0, true}, limits, reader());
        return *this;
    }
    Line& finish(std::optional<std::int64_t> fin = {}) {
        stream.finish(fin ? std::optional{number(*fin)} : std::nullopt, reader());
        return *this;
    }

    TcpStream stream;
    StreamLimits limits;
    std::string said;
    const std::byte* place = nullptr;   // of the last bytes in memory

private:
    std::uint32_t number(std::int64_t at) const { return static_cast<std::uint32_t>(first_ + at); }
    /// A reader that lives as long as this.
    StreamReader reader() { return read_; }

    std::uint32_t first_;
    Overlap overlap_;
    std::function<void(const StreamPiece&)> read_ = [this](const StreamPiece& piece) {
        if (piece.lost > 0) {
            said += "[" + std::to_string(piece.lost) + "]";
        } else {
            EXPECT_FALSE(piece.bytes.empty());
            said += as_text(piece.bytes);
            place = piece.bytes.data();
        }
    };
};

}   // namespace ward::wire
