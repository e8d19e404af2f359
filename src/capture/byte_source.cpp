// SPDX-License-Identifier: Apache-2.0
#include "capture/byte_source.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace ward::capture {
namespace {

// Fits the second-level cache, so that what read() copied is still there when it is decoded.
constexpr std::size_t chunk_bytes = std::size_t{256} << 10;

// After a stop, as long as whoever writes the pipe goes on without a longer pause.
constexpr int last_words_milliseconds = 200;
constexpr unsigned reads_after_stop_max = 16;

bool is_gzip(Bytes bytes) {   // RFC 1952, section 2.3.1
    return bytes.size() >= 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b};
}

}   // namespace

/// A descriptor, and zlib behind it where the input begins with gzip's magic.
struct ByteSource::Input {
    std::string name;
    Waiting waiting;
    int descriptor = -1;
    bool comes_by_itself = false;   // it is a file, not somebody else's pipe
    unsigned reads_after_stop = 0;
    bool compressed = false;
    z_stream inflation{};
    Buffer packed;          // read, but not inflated yet
    std::size_t used = 0;   // of it

    Input() = default;
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;
    ~Input() {
        if (compressed) inflateEnd(&inflation);
        if (descriptor >= 0) ::close(descriptor);
    }

    Result<> wait() {
        std::array<pollfd, 2> asked{{{descriptor, POLLIN, 0}, {waiting.stop, POLLIN, 0}}};
        const auto& [more, stop] = asked;
        if (::poll(asked.data(), asked.size(), 0) == 0) {
            if (waiting.pause) TRY(waiting.pause());
            ::poll(asked.data(), asked.size(), -1);
        }
        if (stop.revents == 0) return {};
        const bool is_over = comes_by_itself || ++reads_after_stop > reads_after_stop_max ||
                             (more.revents == 0 && ::poll(asked.data(), 1, last_words_milliseconds) <= 0);
        if (is_over) return fail(Errc::unavailable, name + ": interrupted");
        return {};
    }

    Result<std::size_t> read_packed(std::span<std::byte> target) {
        TRY(wait());
        for (;;) {
            const auto count = ::read(descriptor, target.data(), target.size());
            if (count > 0 && waiting.came) waiting.came(static_cast<std::size_t>(count));
            if (count >= 0) return static_cast<std::size_t>(count);
            if (errno != EINTR) return fail(Errc::unavailable, name + ": " + std::strerror(errno));
        }
    }

    /// Looks at the beginning, which it keeps for read().
    Result<> begin() {
        packed.resize(chunk_bytes);
        std::size_t size = 0;
        while (size < 2) {
            const auto got = TRY(read_packed(std::span{packed}.subspan(size)));
            if (got == 0) break;
            size += got;
        }
        packed.resize(size);
        if (!is_gzip(packed)) return {};
        compressed = inflateInit2(&inflation, MAX_WBITS + 16) == Z_OK;   // 16: gzip's wrapping
        if (!compressed) return fail(Errc::unavailable, name + ": zlib has no memory");
        return {};
    }

    Result<std::size_t> read(std::span<std::byte> target) {
        if (compressed) return inflate_into(target);
        if (used == packed.size()) return read_packed(target);
        const auto count = std::min(target.size(), packed.size() - used);
        std::ranges::copy(Bytes{packed}.subspan(used, count), target.begin());
        used += count;
        return count;
    }

    /// Zeros behind a member are what tapes and block devices fill up with, and gzip(1) ignores them.
    void skip_padding() {
        while (used < packed.size() && packed[used] == std::byte{0}) ++used;
    }

    Result<std::size_t> inflate_into(std::span<std::byte> target) {
        // zlib's interface is of octets, and not const.
        inflation.next_out = static_cast<Bytef*>(static_cast<void*>(target.data()));
        inflation.avail_out = static_cast<uInt>(target.size());
        while (inflation.avail_out == target.size()) {
            if (used == packed.size()) {
                packed.resize(chunk_bytes);
                packed.resize(TRY(read_packed(packed)));
                used = 0;
                if (packed.empty() && inflation.total_in > 0)
                    return fail(Errc::corrupt, name + ": gzip ends too early");
                if (packed.empty()) return std::size_t{0};
            }
            if (inflation.total_in == 0) skip_padding();
            if (used == packed.size()) continue;
            inflation.next_in = static_cast<Bytef*>(static_cast<void*>(packed.data() + used));
            inflation.avail_in = static_cast<uInt>(packed.size() - used);
            const int code = inflate(&inflation, Z_NO_FLUSH);
            used = packed.size() - inflation.avail_in;
            // Files that were joined are several members (RFC 1952, section 2.2).
            if (code == Z_STREAM_END) {
                inflateReset(&inflation);
            } else if (code != Z_OK && code != Z_BUF_ERROR) {
                // What came out before the damage is delivered; zlib says the same at the next call.
                if (inflation.avail_out < target.size()) break;
                return fail(Errc::corrupt,
                            name + ": gzip: " + (inflation.msg != nullptr ? inflation.msg : "damaged"));
            }
        }
        return target.size() - inflation.avail_out;
    }
};

ByteSource::ByteSource(std::unique_ptr<Input> input) : input_(std::move(input)), buffer_(chunk_bytes) {}
ByteSource::ByteSource(ByteSource&&) noexcept = default;
ByteSource& ByteSource::operator=(ByteSource&&) noexcept = default;
ByteSource::~ByteSource() = default;

Result<ByteSource> ByteSource::open(const std::string& path, Waiting waiting) {
    auto input = std::make_unique<Input>();
    input->waiting = std::move(waiting);
    input->name = path == "-" ? "standard input" : path;
    input->descriptor = path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (input->descriptor < 0)
        return fail(errno == EACCES ? Errc::denied : Errc::not_found,
                    input->name + ": " + std::strerror(errno));
    struct stat about {};
    input->comes_by_itself = ::fstat(input->descriptor, &about) == 0 && S_ISREG(about.st_mode);
    TRY(input->begin());
    return ByteSource{std::move(input)};
}

Result<> ByteSource::fill(std::size_t count) {
    if (begin_ > 0) {
        std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
                  buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
        end_ -= begin_;
        begin_ = 0;
    }
    if (buffer_.size() < count) buffer_.resize(std::max(count, chunk_bytes));
    while (end_ < count) {
        const auto got = TRY(input_->read(std::span{buffer_}.subspan(end_)));
        if (got == 0) break;
        end_ += got;
    }
    return {};
}

}   // namespace ward::capture
