// SPDX-License-Identifier: Apache-2.0
// One direction of a TCP connection as its destination host sees it (RFC 9293).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.hpp"
#include "core/function_ref.hpp"
#include "wire/frame.hpp"

namespace ward::wire {

/// Which of two overlapping segments a host believes, both still waiting for what is before them. After the
/// families of Novak and Sturges, "Target-Based TCP Stream Reassembly" (2007).
enum class Overlap : std::uint8_t {
    first,          // the one that came first: Windows since Vista, Solaris
    last,           // the one that came last: Cisco's IOS and its kind
    bsd,            // the first, unless the new one begins before it: FreeBSD, macOS, many embedded stacks
    linux_kernel,   // as bsd, and the new one too if both begin alike and it ends later
    windows,        // the first, unless the new one begins before it and ends after it: Windows XP and 2003
};

/// What a host's SYN tells of its stack: initial TTL, window and the order of its options.
Overlap overlap_of_host(std::uint8_t ttl, Bytes syn_options);

/// By how many bits the host shifts its windows if the other one agrees (RFC 7323, section 2).
std::optional<std::uint8_t> window_scale(Bytes syn_options);

struct StreamLimits {
    std::size_t waiting_bytes_max = std::size_t{256} << 10;   // behind a hole
    std::size_t waiting_segments_max = 256;
    std::size_t unacknowledged_bytes_max = std::size_t{32} << 10;   // kept to compare retransmissions with
    unsigned hole_patience = 3;   // acknowledgements past a hole that prove it was lost by the capture
    std::uint32_t leap_max = 16U << 20U;   // how far from the next byte a segment is believed at once
    unsigned leap_patience = 8;            // segments in a row from there that prove it was no forgery
    unsigned return_patience = 4;   // segments in a row out of a hole that prove it was given up wrongly
};

struct StreamCounts {
    std::uint64_t delivered = 0;
    std::uint64_t lost = 0;            // bytes that the capture never saw
    std::uint64_t retransmitted = 0;   // bytes, the same as before as far as they were compared
    std::uint32_t conflicts = 0;       // segments that repeat bytes with other content
    std::uint32_t overlaps = 0;        // segments that overlap others that wait
    std::uint32_t leaps = 0;           // segments far outside of any window, not believed
    std::uint32_t late = 0;            // segments that fill a hole which was given up
    std::uint32_t urgent = 0;          // bytes out of band, which the application does not see in the stream
};

/// What a stream consists of, in order: bytes, or how many the capture lost before the next ones.
struct StreamPiece {
    Bytes bytes;
    std::uint64_t lost = 0;
    FrameTime at{};   // when they were seen, which may be before what filled the hole in front of them
};
using StreamReader = FunctionRef<void(const StreamPiece&)>;

struct StreamSegment {
    std::uint32_t sequence = 0;   // of the first byte of the payload; of a SYN, one past its own
    Bytes payload;
    std::uint16_t urgent = 0;   // the urgent pointer, 0 without URG
    FrameTime at{};
};

/// What the receiver says of the stream.
struct Acknowledgement {
    std::uint32_t sequence = 0;   // of the first byte that it does not have
    std::uint32_t window = 0;     // bytes from there that it allows
    bool speaks =
        false;   // it comes with the next bytes of the other direction: nobody else knew where that is
};

/// In order without copying: bytes go to the reader as they come. What comes early waits, bounded; what the
/// capture lost becomes a gap once the receiver has acknowledged it, or a limit is reached.
class TcpStream {
public:
    /// The initial sequence number was seen: the stream is known from its first byte. Of several, the last
    /// one before any byte counts: a forged SYN must not hide the real one.
    void start(std::uint32_t first_sequence) noexcept;
    bool started() const noexcept { return started_; }

    /// Without a start() before, the stream is picked up here.
    void segment(const StreamSegment& segment, Overlap overlap, const StreamLimits& limits,
                 StreamReader reader);
    void acknowledged(const Acknowledgement& acknowledgement, const StreamLimits& limits,
                      StreamReader reader);
    /// Nothing more will come: what waits behind holes is delivered, with gaps, also one up to what the
    /// receiver had at last. `fin` is the number of the sender's FIN.
    void finish(std::optional<std::uint32_t> fin, StreamReader reader);

    /// Whether no window can have allowed a byte of that number here.
    bool is_leap(std::uint32_t sequence, const StreamLimits& limits) const noexcept;

    std::uint32_t next_sequence() const noexcept { return next_; }
    /// Of the first byte, until four gigabytes have passed.
    std::uint32_t first_sequence() const noexcept {
        return next_ - static_cast<std::uint32_t>(counts_.delivered + counts_.lost);
    }
    const StreamCounts& counts() const noexcept { return counts_; }
    std::size_t memory() const noexcept {
        return waiting_bytes_ + waiting_.capacity() * sizeof(Waiting) + sent_.capacity();
    }

private:
    struct Waiting {
        std::uint32_t sequence;
        Buffer bytes;
        std::uint16_t urgent;
        FrameTime at;
    };

    void deliver(const StreamSegment& next, const StreamLimits& limits, StreamReader reader);
    void remember(Bytes bytes, const StreamLimits& limits);
    void repeat(std::uint32_t sequence, Bytes bytes);
    bool is_forged(std::uint32_t sequence, const StreamLimits& limits);
    bool proves_return(const StreamSegment& segment, const StreamLimits& limits);
    void begin_anew(const StreamSegment& segment, const StreamLimits& limits, StreamReader reader);
    void forget_sent() noexcept;
    std::size_t unacknowledged() const noexcept { return sent_.size() - sent_begin_; }
    void wait(const StreamSegment& segment, Overlap overlap, const StreamLimits& limits);
    void deliver_waiting(const StreamLimits& limits, StreamReader reader);
    void skip_hole(const StreamLimits& limits, StreamReader reader);

    std::vector<Waiting> waiting_;   // by sequence, without overlap
    Buffer sent_;                    // from sent_begin_: the last bytes delivered that are not acknowledged
    std::size_t sent_begin_ = 0;
    std::size_t waiting_bytes_ = 0;
    StreamCounts counts_;
    std::uint32_t next_ = 0;
    std::uint32_t given_up_begin_ = 0;   // the last hole that was, with those right before it
    std::uint32_t given_up_end_ = 0;
    std::optional<std::uint32_t> claimed_;   // the furthest past next_ that the receiver said it has
    std::uint32_t allowed_ = 0;              // where the window ends that the receiver opened furthest
    std::uint32_t window_ = 0;               // its size; 0: none is known
    unsigned past_hole_ = 0;
    std::uint32_t leap_ = 0;   // where the last one went
    unsigned leaps_in_a_row_ = 0;
    std::uint32_t return_ = 0;   // where the last segment out of that hole ended
    unsigned returns_in_a_row_ = 0;
    bool started_ = false;
};

}   // namespace ward::wire
