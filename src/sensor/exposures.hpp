// SPDX-License-Identifier: Apache-2.0
// How much of patients' data crosses the network in clear, by pair of hosts and protocol.
#pragma once

#include <functional>
#include <map>
#include <string_view>
#include <tuple>

#include "event/event.hpp"
#include "event/flow.hpp"

namespace ward::sensor {

class Exposures {
public:
    using Tell = std::function<void(event::Event&&)>;

    /// `messages` with `items` identifying fields together. Tells all sums early when there are
    /// too many.
    void add(const event::Conversation& between, std::uint32_t messages, std::uint32_t items, event::Time at,
             const Tell& tell);
    /// Tells the sums of an hour when it is over.
    void advance(event::Time now, const Tell& tell) {
        if (!sums_.empty() && now - began_ >= period) finish(tell);
    }
    void finish(const Tell& tell);

private:
    static constexpr std::size_t pairs_max = 8192;   // told early when there are more
    static constexpr std::chrono::hours period{1};

    using Pair = std::tuple<IpAddress, IpAddress, std::uint16_t, std::string_view>;
    struct Sum {
        event::Conversation between;
        event::Exposure sum;
    };
    std::map<Pair, Sum> sums_;
    event::Time began_{};
};

}   // namespace ward::sensor
