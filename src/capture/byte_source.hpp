// SPDX-License-Identifier: Apache-2.0
// The bytes of a file or of standard input, one after the other, gzip taken off.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace ward::capture {

/// What happens while bytes do not come by themselves, and when they do.
struct Waiting {
    /// A descriptor; when it can be read, reading ends with Errc::unavailable. What whoever writes a pipe
    /// hands over at once is still taken: it was often ended by the same key. -1: none.
    int stop = -1;
    /// Called before it waits for more: all that had come was taken. Its error ends reading.
    std::function<Result<>()> pause = {};
    /// Called with how many bytes came, before decompression.
    std::function<void(std::size_t)> came = {};
};

class ByteSource {
public:
    /// `-` is standard input. Errc::not_found, Errc::denied.
    static Result<ByteSource> open(const std::string& path, Waiting waiting = {});

    ByteSource(ByteSource&&) noexcept;
    ByteSource& operator=(ByteSource&&) noexcept;
    ~ByteSource();

    /// The next `count` bytes, fewer only at the end of the input. Borrowed until the next call.
    /// Errc::corrupt where gzip's own check fails, Errc::unavailable when reading fails.
    Result<Bytes> take(std::size_t count) {
        auto bytes = peek(count);
        if (bytes) advance(bytes->size());
        return bytes;
    }
    /// The same bytes again at the next call.
    Result<Bytes> peek(std::size_t count) {
        if (end_ - begin_ < count) TRY(fill(count));
        return Bytes{buffer_.data() + begin_, std::min(count, end_ - begin_)};
    }
    /// Past bytes that were seen.
    void advance(std::size_t count) noexcept {
        begin_ += count;
        position_ += count;
    }
    /// How many bytes were taken, after decompression.
    std::uint64_t position() const noexcept { return position_; }

private:
    struct Input;
    explicit ByteSource(std::unique_ptr<Input> input);
    Result<> fill(std::size_t count);

    std::unique_ptr<Input> input_;
    Buffer buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t position_ = 0;
};

}   // namespace ward::capture
