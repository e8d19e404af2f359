// SPDX-License-Identifier: Apache-2.0
// A network interface, decoded as it is heard: one thread for each ring, and one that writes.
#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "capture/live.hpp"
#include "core/clock.hpp"
#include "core/task_queue.hpp"
#include "sensor/replay.hpp"

namespace ward::sensor {

struct ListenerOptions {
    std::size_t memory_max = std::size_t{1} << 30;   // bytes, of the whole process
    std::chrono::seconds statistics_every{10};
    protocol::Pseudonymise pseudonymise;   // empty: no pseudonyms
};

struct ListenerCounts {
    std::uint64_t kernel_packets = 0;
    std::uint64_t kernel_drops = 0;
    std::uint64_t packets = 0;
    std::uint64_t events = 0;
    std::uint64_t events_lost = 0;
};

class Listener {
public:
    /// `write` is called by one thread at a time; text that it fails to write is counted as lost.
    Listener(ListenerOptions options, std::vector<std::unique_ptr<capture::Ring>> rings, Format format,
             Write write, const Clock& clock);
    /// Stops and joins; call stop() first for the counts.
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    void start();
    /// Ends all flows and writes what is left.
    ListenerCounts stop();

private:
    class Lane;
    void hand_over(std::string text, std::uint64_t events);

    ListenerOptions options_;
    Write write_;
    const Clock& clock_;
    std::atomic<bool> stopping_ = false;
    std::atomic<std::uint64_t> lost_ = 0;
    std::unique_ptr<TaskQueue> writer_;
    std::vector<std::unique_ptr<Lane>> lanes_;
    std::vector<std::jthread> threads_;
};

}   // namespace ward::sensor
