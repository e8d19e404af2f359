// SPDX-License-Identifier: Apache-2.0
// What all events have: when, between whom. docs/formats/events.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/function_ref.hpp"
#include "event/event.hpp"

namespace ward::foreign {

/// What became of an event. Left out: none of ours says as much.
enum class Taken : std::uint8_t { told, left_out, malformed };

struct Envelope {
    event::Time at{};
    std::string_view type{};
    std::string_view told_by{};   // suricata, zeek
    std::uint64_t flow_id = 0;
    std::vector<std::uint16_t> vlans{};
    event::Endpoint client{};
    event::Endpoint server{};
    std::string protocol{};   // TCP, UDP, ICMP …
    std::string_view app_protocol{};
    std::string_view community_id{};   // empty: it is worked out
};

using WriteMembers = FunctionRef<void(json::Writer&)>;

/// One line with its end. `own` writes members of the object that has the type's name; `beside` those beside
/// it.
void append(std::string& out, const Envelope& envelope, WriteMembers own, WriteMembers beside);

/// 0 where it is none of 16 bits.
std::uint16_t port_in(json::Value value);
/// A whole number that is not negative; 0 for anything else.
std::uint64_t count_in(json::Value value);

}   // namespace ward::foreign
