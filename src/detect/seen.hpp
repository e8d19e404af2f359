// SPDX-License-Identifier: Apache-2.0
// An event as detectors see it, by the names of EVE: from Ward's sensor, or from another one that writes
// them.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/address.hpp"
#include "core/result.hpp"
#include "event/fields.hpp"
#include "json/document.hpp"

namespace ward::detect {

using event::Time;

/// A view of the document that it was read from.
struct Seen {
    Time at{};
    std::string_view type{};   // event_type
    IpAddress client{};        // none where the event belongs to no conversation
    IpAddress server{};
    std::uint16_t client_port = 0;
    std::uint16_t server_port = 0;
    std::string_view transport{};   // TCP, UDP
    std::string_view protocol{};    // app_proto
    std::uint64_t flow_id = 0;
    json::Value whole{};
    json::Value own{};   // the member that has the name of the type

    bool is(std::string_view name) const noexcept { return type == name; }
    std::string_view text(std::string_view key) const noexcept { return own[key].text(); }
    /// 0 where there is none.
    double number(std::string_view key) const noexcept { return own[key].number().value_or(0); }
    bool flag(std::string_view key) const noexcept { return own[key].boolean().value_or(false); }
};

/// Errc::malformed where it has no timestamp or no event_type, or an address is none.
Result<Seen> read_eve(const json::Document& event);

/// 2026-01-31T09:05:00.123456+0000, as EVE has it, with any number of digits of a second; also with Z, or
/// hours and minutes apart.
std::optional<Time> parse_timestamp(std::string_view text);

}   // namespace ward::detect
