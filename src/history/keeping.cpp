// SPDX-License-Identifier: Apache-2.0
#include "history/keeping.hpp"

#include <algorithm>

namespace ward::history {
namespace {

constexpr std::array<std::string_view, 6> alarms{"alert",    "anomaly", "device",
                                                 "exposure", "finding", "flood"};
constexpr std::array<std::string_view, 4> flows{"arp", "flow", "netflow", "stats"};

}   // namespace

Class class_of(std::string_view event_type) {
    if (std::ranges::find(alarms, event_type) != alarms.end()) return Class::alarm;
    if (std::ranges::find(flows, event_type) != flows.end()) return Class::flow;
    return Class::protocol;
}

std::chrono::days Keeping::days(Class one) const noexcept {
    const std::array all{flow_days, protocol_days, alarm_days};
    return std::chrono::days{all[index(one)]};
}

}   // namespace ward::history
