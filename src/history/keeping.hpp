// SPDX-License-Identifier: Apache-2.0
// How long events are kept, by what they tell.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace ward::history {

/// A block holds events of one class, so that they go together. The numbers are in files.
enum class Class : std::uint8_t { flow = 0, protocol = 1, alarm = 2 };
inline constexpr std::array classes{Class::flow, Class::protocol, Class::alarm};
constexpr std::size_t index(Class one) { return static_cast<std::size_t>(one); }

/// `alarm`: what somebody may have to explain long after: alarms, and what changed or should not be.
/// `flow`: that hosts talked, and how much. Everything else is `protocol`: what they said.
Class class_of(std::string_view event_type);

struct Keeping {
    std::int64_t flow_days = 35;
    std::int64_t protocol_days = 35;
    std::int64_t alarm_days = 400;
    std::int64_t known_days = 400;

    template <class Visitor>
    void fields(Visitor&& visit) {
        visit("flow_days", flow_days, "Days for which flows are kept.");
        visit("protocol_days", protocol_days, "Days for which events of protocols are kept.");
        visit("alarm_days", alarm_days, "Days for which alarms, anomalies and changes of devices are kept.");
        visit("known_days", known_days, "Days for which devices and people are known that nobody saw again.");
    }
    std::chrono::days days(Class one) const noexcept;
};

}   // namespace ward::history
