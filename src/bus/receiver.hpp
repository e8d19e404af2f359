// SPDX-License-Identifier: Apache-2.0
// Where the events of all publishers come together, each publisher's in order and once.
#pragma once

#include <functional>
#include <map>
#include <stop_token>

#include "bus/batch.hpp"
#include "bus/connection.hpp"

namespace ward::bus {

/// Who stores. Both are called by the receiver's thread.
struct Sink {
    /// Up to where the publisher's events are stored; 0 for one that is unknown.
    std::function<Result<Sequence>(const PublisherId&)> watermark;
    /// Stores whole lines durably, numbered from `first` on, and says up to where they are stored then. Lines
    /// between the watermark and `first` were given up, and will not come.
    std::function<Result<Sequence>(const PublisherId&, Sequence first, std::string_view lines)> append;
};

struct ReceiverLimits {
    int pending_bytes_max = 256 << 20;   // of batches that wait here
    std::size_t publishers_max = 4096;
    BatchLimits batch{};
    std::chrono::milliseconds connect_every{250};
};

struct ReceiverCounts {
    std::uint64_t events = 0;
    std::uint64_t batches = 0;
    std::uint64_t known = 0;   // batches that were stored already
    std::uint64_t again = 0;   // batches that did not follow what is stored
    std::uint64_t malformed = 0;
    std::uint64_t refused = 0;    // by the sink
    std::uint64_t given_up = 0;   // events that their publishers no longer had
};

class Receiver {
public:
    Receiver(Address address, Sink sink, ReceiverLimits limits = {})
        : address_(std::move(address)), sink_(std::move(sink)), limits_(limits) {}

    /// Until it is asked to stop. Bears that the bus and the publishers come and go, and whatever they send.
    ReceiverCounts run(const std::stop_token& stop);

private:
    Result<> listen(const std::stop_token& stop);
    Result<> take(Connection& connection, const Message& message);
    Result<Stored> store(const PublisherId& publisher, const Batch& batch);
    Result<Sequence> watermark(const PublisherId& publisher);

    Address address_;
    Sink sink_;
    ReceiverLimits limits_;
    ReceiverCounts counts_;
    std::map<PublisherId, Sequence> watermarks_;   // those that the sink was asked for
};

}   // namespace ward::bus
