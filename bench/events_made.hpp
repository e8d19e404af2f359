// SPDX-License-Identifier: Apache-2.0
// Many days of a large hospital's events, out of one day of a small one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "event/timestamp.hpp"

namespace ward::bench {

/// Every time the day is told again, its hosts, conversations and messages are others: one of sixteen
/// networks with MAC addresses and accounts of its own, and flows that were never told before. Names of
/// services stay.
class MadeEvents {
public:
    struct Layout {
        std::uint64_t networks = 16;   // 256 at most
        /// Whether all networks live through the day at once, or one after the other.
        enum class Order : std::uint8_t { after, beside } order = Order::after;
    };

    /// `day` is what `ward sensor read` wrote of the lab. The events are spread evenly over this time.
    MadeEvents(const std::string& day, std::uint64_t count, event::Time begin, std::chrono::days over,
               Layout layout);
    MadeEvents(const std::string& day, std::uint64_t count, event::Time begin, std::chrono::days over)
        : MadeEvents(day, count, begin, over, Layout{}) {}

    /// The next ones, valid until the next call; none at the end.
    const std::vector<std::string_view>& next(std::size_t count);

private:
    enum class Part : std::uint8_t { time, network, mac, user, flow, community, control };
    struct Patch {
        std::size_t at;
        Part part;
    };
    struct Template {
        std::string line;
        std::vector<Patch> patches;
    };

    void add_template(std::string line);
    void write(std::string& out, std::uint64_t number) const;

    std::vector<Template> templates_;
    std::uint64_t count_;
    Layout layout_;
    event::Time begin_;
    std::chrono::nanoseconds step_{};
    std::uint64_t next_ = 0;
    std::string text_;
    std::vector<std::string_view> lines_;
};

}   // namespace ward::bench
