// SPDX-License-Identifier: Apache-2.0
// A network interface, decoded as it is heard: one thread for each ring, and one that writes and keeps the
// inventory of devices.
#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "capture/live.hpp"
#include "core/clock.hpp"
#include "core/task_queue.hpp"
#include "devices/inventory.hpp"
#include "sensor/replay.hpp"

namespace ward::sensor {

struct ListenerOptions {
    std::size_t memory_max = std::size_t{1} << 30;   // bytes, of the whole process
    std::chrono::seconds statistics_every{10};
    std::chrono::seconds devices_every{60};   // what is new in the inventory is told
    protocol::Pseudonymise pseudonymise;      // empty: no pseudonyms
    std::size_t texts_max = 256;              // that wait to be written, of some 64 KiB each
    devices::InventoryLimits devices;
    devices::Makers makers;
    /// Called once, from any thread, when the interface was removed: nothing more will be heard.
    std::function<void(const Error&)> deaf = [](const Error&) {};
};

struct ListenerCounts {
    std::uint64_t kernel_packets = 0;
    std::uint64_t kernel_drops = 0;
    std::uint64_t packets = 0;
    std::uint64_t events = 0;
    std::uint64_t events_lost = 0;
    std::uint64_t devices_forgotten = 0;   // times that the inventory had too many
};

class Listener {
public:
    /// `write` is called by one thread at a time; events of text that it fails to write are counted as lost.
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
    /// When the last loss was told.
    using Told = std::atomic<Time>;
    void hand_over(std::string text, std::vector<event::Event> events);
    void write(std::string_view text, std::size_t events);
    void end_hearing(const Error& reason);
    void lose(std::size_t events, std::string_view reason, Told& told);
    void tell_devices();

    ListenerOptions options_;
    Format format_;
    Write write_;
    const Clock& clock_;
    std::atomic<bool> stopping_ = false;
    std::atomic<std::uint64_t> lost_ = 0;
    Told slowness_told_{};
    Told refusal_told_{};
    // Owned by the writer's thread, and once it has ended by whoever calls stop().
    devices::Inventory inventory_;
    Time devices_told_;
    std::uint64_t news_ = 0;
    std::uint64_t forgotten_ = 0;   // by the inventory, as far as it was told

    std::unique_ptr<TaskQueue> writer_;
    std::vector<std::unique_ptr<Lane>> lanes_;
    std::vector<std::jthread> threads_;
};

}   // namespace ward::sensor
