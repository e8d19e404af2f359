// SPDX-License-Identifier: Apache-2.0
// Recognises what a flow speaks and feeds its bytes to the session that understands it.
#pragma once

#include <functional>

#include "sensor/exposures.hpp"
#include "sensor/flow.hpp"

namespace ward::sensor {

struct InspectionLimits {
    std::size_t recognition_bytes_max = 4096;   // of each side, kept until something is recognised
    unsigned recognition_attempts_max = 16;     // chunks of a flow whose beginning was not seen, datagrams
    unsigned recognition_chunks_max = 256;      // of a flow whose beginning was seen
    std::uint32_t failures_max = 64;            // malformed inputs in a row, then the protocol is given up
    std::uint8_t restarts_max = 8;
    unsigned unread_max = 1024;   // chunks that nobody understood, then they are looked at anew
};

/// Where events go.
using Sink = std::function<void(event::Event&&)>;

/// Of one thread.
class Inspector {
public:
    Inspector(InspectionLimits limits, const protocol::Pseudonymise* pseudonymise, Sink& sink);

    /// One datagram, or the next bytes of a stream.
    void feed(Flow& flow, Side from, Bytes bytes, event::Time now, std::uint64_t packet);
    void gap(Flow& flow, Side from, std::uint64_t lost, event::Time now, std::uint64_t packet);
    /// The end of the datagram that follows was cut off by the capture.
    static void cut(Flow& flow, Side from, std::uint64_t missing);
    /// Bytes of what is neither TCP nor UDP.
    static void pass_by(Flow& flow, std::size_t bytes);
    /// No bytes will follow.
    void end(Flow& flow);
    /// Tells an anomaly unless the flow told this kind (0 to 7) before.
    void anomaly(Flow& flow, unsigned kind, std::string_view layer, std::string_view what, event::Time now,
                 std::uint64_t packet);
    void advance(event::Time now) { exposures_.advance(now, sink_); }
    void finish() { exposures_.finish(sink_); }

private:
    void recognise(Flow& flow, Side from, Bytes bytes);
    protocol::Guess guess(const Flow& flow, Side from, Bytes bytes);
    void open(Flow& flow, const protocol::Guess& guess);
    void decode(Flow& flow, Side from, Bytes bytes);
    void give_up(Flow& flow);
    void forgive(Flow& flow, Side from);
    void collect(Flow& flow, Side from);
    void tell(const Flow& flow, event::Payload payload);

    InspectionLimits limits_;
    Sink& sink_;
    Exposures exposures_;
    protocol::Output output_;
    std::uint64_t packet_ = 0;
    Buffer joined_;
};

}   // namespace ward::sensor
