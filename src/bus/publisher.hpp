// SPDX-License-Identifier: Apache-2.0
// A spool's way to who stores it.
#pragma once

#include <chrono>
#include <deque>
#include <stop_token>

#include "bus/batch.hpp"
#include "bus/connection.hpp"
#include "spool/reader.hpp"

namespace ward::bus {

struct PublisherLimits {
    std::size_t in_flight_max = std::size_t{4} << 20U;   // bytes that were sent and are not stored
    spool::ChunkLimits chunk{};                          // what one message carries
    std::chrono::milliseconds ask_every{500};            // while nobody answers
    std::chrono::milliseconds patience{3000};            // without progress, until it asks again
    std::chrono::milliseconds look_every{20};            // at a spool in which nothing was new
    std::chrono::milliseconds connect_every{250};
};

struct PublisherCounts {
    std::uint64_t batches = 0;
    std::uint64_t rewinds = 0;   // times that it sent from an earlier place
    std::uint64_t connections = 0;
};

/// Sends what a spool holds, in order, and says in the spool's folder what is stored. It sends nothing unless
/// somebody who stores has answered, and begins again where that one says that it is.
class Publisher {
public:
    Publisher(std::filesystem::path spool, Address address, PublisherLimits limits = {})
        : folder_(spool), spool_(std::move(spool)), address_(std::move(address)), limits_(limits) {}

    /// Until it is asked to stop. Bears that the bus, the store and the spool's writer come and go.
    PublisherCounts run(const std::stop_token& stop);

private:
    using Steady = std::chrono::steady_clock;
    struct Sent {
        Sequence last = 0;
        std::size_t bytes = 0;
    };
    /// With one bus, for one publisher's events.
    Result<> talk(const std::stop_token& stop, const PublisherId& publisher);
    Result<> hear(Subscription& answers);
    Result<bool> send(Connection& connection, const std::string& subject);
    Result<> ask_if_due(Connection& connection, const std::string& subject);
    void heed(const Stored& stored);
    void begin_at(Sequence watermark);
    Result<> note_stored();

    std::filesystem::path folder_;
    spool::Reader spool_;
    Address address_;
    PublisherLimits limits_;
    PublisherCounts counts_;

    // Of the talk that goes on.
    PublisherId publisher_;
    bool answered_ = false;
    Sequence stored_ = 0;
    std::optional<Sequence> noted_;   // in the folder
    std::deque<Sent> in_flight_;
    std::size_t in_flight_bytes_ = 0;
    bool waits_ = false;   // nothing more was there to send
    std::optional<Steady::time_point> asked_;
    Steady::time_point began_;   // to send from where the store said that it was
    Steady::time_point progress_;
    Steady::time_point looked_;   // whether the spool is still the same, and what was noted
};

}   // namespace ward::bus
