// SPDX-License-Identifier: Apache-2.0
// Frames from a network interface, by a ring of memory that the kernel fills (AF_PACKET, TPACKET_V3).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/function_ref.hpp"
#include "core/result.hpp"
#include "wire/frame.hpp"

namespace ward::capture {

struct LiveOptions {
    std::string interface;
    std::size_t ring_bytes = std::size_t{32} << 20;   // of one thread
    unsigned rings = 1;   // the kernel deals packets to them by their pair of addresses
};

/// What the kernel counted since the last question.
struct RingCounts {
    std::uint64_t frames = 0;
    std::uint64_t dropped = 0;   // for want of room in the ring
};

/// One ring. Of one thread at a time. It never sends: nothing here writes to the socket, and a confined
/// process cannot.
class Ring {
public:
    /// Hears nothing; listen() opens it.
    Ring() = default;
    ~Ring();
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;

    /// Hands over what has arrived, waiting at most so long for the first frame. Frames are borrowed for the
    /// time of the call. Errc::unavailable while the interface is down, Errc::not_found
    /// when it was removed.
    Result<> take(std::chrono::milliseconds patience, FunctionRef<void(const wire::Frame&)> frames);
    RingCounts counts();
    /// Bytes that it shares with the kernel.
    std::size_t memory() const noexcept { return memory_.size(); }
    /// Its descriptor, for what must not be done with it.
    int socket() const noexcept { return socket_; }

private:
    friend Result<std::vector<std::unique_ptr<Ring>>> listen(const LiveOptions& options);
    Result<> open(const LiveOptions& options);
    Result<> map_ring(const LiveOptions& options);
    Result<> attach(const LiveOptions& options, int interface);
    Result<> share(const LiveOptions& options, std::optional<unsigned>& group);
    Result<> rest(std::chrono::milliseconds patience);

    int socket_ = -1;
    std::span<std::byte> memory_;
    std::size_t next_ = 0;   // block
    wire::LinkType link_ = wire::LinkType::ethernet;
    bool skip_outgoing_ = false;
    bool down_ = false;   // the interface, and nothing came since
};

/// Opens the rings of an interface, which needs CAP_NET_RAW but no address. Errc::not_found, Errc::denied.
Result<std::vector<std::unique_ptr<Ring>>> listen(const LiveOptions& options);

}   // namespace ward::capture
