// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "sensor/flow.hpp"

namespace ward::sensor {

struct FlowLimits {
    std::size_t memory_max = std::size_t{896} << 20;   // of all flows together, in bytes
    /// Silence that ends a flow: of TCP, and of everything else, by age.
    std::array<std::chrono::seconds, ages> tcp_silence{std::chrono::seconds{60}, std::chrono::seconds{3600},
                                                       std::chrono::seconds{30}};
    std::array<std::chrono::seconds, ages> other_silence{std::chrono::seconds{30}, std::chrono::seconds{300},
                                                         std::chrono::seconds{30}};
};

/// Owns the flows. Time is the packets': it never goes back, and nothing expires without a packet.
class FlowTable {
public:
    /// Called with each flow before it is forgotten.
    using Ending = std::function<void(Flow& flow, std::string_view reason)>;

    FlowTable(FlowLimits limits, Ending ending);
    FlowTable(const FlowTable&) = delete;
    FlowTable& operator=(const FlowTable&) = delete;
    ~FlowTable();

    struct Found {
        Flow& flow;
        bool is_new;
    };
    Found find_or_add(const FlowKey& key);
    Flow* find(const FlowKey& key);

    /// The flow was seen at `now`: it becomes the youngest of its age, which may have changed.
    void touch(Flow& flow, event::Time now, Age age);
    /// Ends what was silent for too long.
    void expire(event::Time now);
    /// The clock was set back: no flow was seen later than `now`.
    void rewind(event::Time now);
    /// Counts the flow's memory anew, and ends the oldest flows while all of them need too much.
    void charge(Flow& flow);
    void end(Flow& flow, std::string_view reason);
    /// Ends all, oldest first.
    void end_all(std::string_view reason);

    std::size_t size() const noexcept { return flows_.size(); }
    std::size_t memory() const noexcept { return memory_; }
    std::size_t memory_peak() const noexcept { return memory_peak_; }
    std::uint64_t evicted() const noexcept { return evicted_; }

private:
    static constexpr std::chrono::milliseconds expiry_every{100};
    static constexpr std::size_t lists = 2 * ages;   // TCP's, then the others'
    struct List {
        Flow* oldest = nullptr;
        Flow* youngest = nullptr;
        std::size_t size = 0;
    };
    static std::size_t list_of(const Flow& flow) noexcept;
    void unlink(Flow& flow) noexcept;
    void link(Flow& flow) noexcept;
    Flow* oldest_of_all(const Flow& except) const noexcept;

    FlowLimits limits_;
    Ending ending_;
    boost::unordered_flat_map<FlowKey, std::unique_ptr<Flow>, FlowKeyHash> flows_;
    std::array<List, lists> lists_;
    std::array<std::chrono::seconds, lists> silence_;
    event::Time expired_{};   // when it was last looked for
    std::size_t memory_ = 0;
    std::size_t memory_peak_ = 0;
    std::uint64_t evicted_ = 0;
};

}   // namespace ward::sensor
