// SPDX-License-Identifier: Apache-2.0
// Captures from files, decoded by any number of threads into the same output.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "devices/inventory.hpp"
#include "sensor/engine.hpp"

namespace ward::sensor {

/// Appends one event as text. Called from as many threads as there are, each with a string of its own.
using Format = std::function<void(std::string& out, const event::Event& event)>;

/// What the process needs besides flows: its code, buffers, fragments, rings. Bytes.
inline constexpr std::size_t memory_reserve = std::size_t{96} << 20;

struct ReplayOptions {
    std::size_t memory_max = std::size_t{1} << 30;   // bytes, of the whole process
    unsigned threads = 1;
    protocol::Pseudonymise pseudonymise;   // empty: no pseudonyms
    /// Observes every event, and what is new in it is told every few minutes of the events' time. Borrowed,
    /// of read()'s thread.
    devices::Inventory* inventory = nullptr;
    int stop = -1;   // a descriptor: when it can be read, read() ends with an error
    /// Called now and then, with how many bytes of the files were read and how many frames were in them.
    std::function<void(std::uint64_t bytes, std::uint64_t frames)> progress = {};
};

struct ReplayCounts {
    UnwrapCounts unwrap;
    wire::FragmentCounts fragments;
    EngineCounts engine;                                        // of all partitions together
    std::map<std::string, std::uint64_t, std::less<>> events;   // by type
};

/// Takes the text of some events, in order. An error ends the replay.
using Write = std::function<Result<>(std::string_view text)>;

/// Flows are dealt to a fixed number of partitions by their pair of addresses, and threads to partitions:
/// what comes out depends on the packets alone. Events are in the order of the packets that completed them.
class Replay {
public:
    Replay(ReplayOptions options, Format format, Write write);
    ~Replay();
    Replay(const Replay&) = delete;
    Replay& operator=(const Replay&) = delete;

    /// All frames of one capture; flows go on from one to the next. Errc::malformed for a damaged file, of
    /// which everything before the damage was decoded. What a pipe brought is told before it is waited for.
    Result<> read(const std::string& path);
    /// By how much the capture that was read last begins before those before it had ended: files in the wrong
    /// order, whose flows then have wrong ends. Zero: not at all.
    std::chrono::nanoseconds went_back() const noexcept { return went_back_; }
    /// Ends all flows and writes what is left.
    Result<> finish();

    ReplayCounts counts() const;

private:
    struct Partition;
    class Crew;

    void deal(const Sighting& packet);
    void take(Partition& partition, event::Event&& event);
    void observe(const event::Event& event);
    void tell_devices();
    void flush_round();
    Result<> write_out();

    ReplayOptions options_;
    Format format_;
    Write write_;
    Unwrapper unwrapper_;
    std::vector<std::unique_ptr<Partition>> partitions_;
    std::unique_ptr<Crew> crew_;   // nothing with one thread
    std::string text_;             // ready to be written
    std::uint64_t frames_ = 0;
    std::uint64_t bytes_ = 0;      // of the files
    wire::FrameTime ended_at_{};   // the latest end of a capture
    std::chrono::nanoseconds went_back_{};
    std::size_t round_bytes_ = 0;
    event::Time latest_ = event::Time::min();   // of the events that the inventory observed
    event::Time devices_told_ = event::Time::min();
    std::uint64_t news_ = 0;
};

}   // namespace ward::sensor
