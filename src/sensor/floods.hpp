// SPDX-License-Identifier: Apache-2.0
// Floods and scans must not drown everything else that is told.
#pragma once

#include <functional>
#include <map>

#include "sensor/flow.hpp"
#include "sensor/frequent.hpp"

namespace ward::sensor {

/// Sums the flows that came to nothing, once they are too many. Of one thread.
class Floods {
public:
    using Tell = std::function<void(event::Event&&)>;

    static constexpr std::uint32_t told_max = 1000;   // one by one, in a period
    static constexpr std::chrono::minutes period{1};

    /// Whether the flow, which is over, is counted here and need not be told.
    bool absorb(const Flow& flow, event::Time now, const Tell& tell);
    /// Tells the sums of a period when it is over.
    void advance(event::Time now, const Tell& tell) {
        if (single_ > 0 && now - began_ >= period) finish(tell);
    }
    void finish(const Tell& tell);

private:
    struct Sum {
        std::uint64_t flows = 0;
        std::uint64_t packets = 0;
        std::uint64_t bytes = 0;
        event::Time first{};
        event::Time last{};
        event::NotInspected not_inspected;
        Frequent<IpAddress> sources;
        Frequent<MacAddress> source_macs;
        Frequent<IpAddress> targets;
        Frequent<std::uint16_t> target_ports;
    };
    std::uint32_t single_ = 0;   // told one by one in this period
    event::Time began_{};
    std::map<std::uint8_t, Sum> sums_;   // by IP protocol
};

}   // namespace ward::sensor
