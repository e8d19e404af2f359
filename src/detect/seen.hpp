// SPDX-License-Identifier: Apache-2.0
// An event of the sensor as detectors see it, by the names of docs/formats/events.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/address.hpp"
#include "core/result.hpp"
#include "event/timestamp.hpp"
#include "json/document.hpp"

namespace ward::detect {

using event::parse_timestamp;
using event::Time;

/// A view of the document that it was read from.
struct Seen {
    Time at{};
    Time now{};                // the latest time of all events so far: some are told when they are long over
    std::string_view type{};   // event_type
    IpAddress client{};        // none where the event belongs to no conversation
    IpAddress server{};
    std::uint16_t server_port = 0;
    std::string_view protocol{};   // app_proto
    std::uint64_t flow_id = 0;
    // Of Hosts, empty where nothing is known: by which name the server was found, what each end is.
    std::string_view server_name{};
    std::string_view client_role{};
    std::string_view server_role{};
    bool client_serves = false;          // many others: it is no computer that somebody sits at
    bool server_serves = false;          // not only this client
    std::chrono::minutes utc_offset{};   // of the clock that wrote the timestamp
    json::Value whole{};
    json::Value own{};   // the member that has the name of the type

    bool is(std::string_view name) const noexcept { return type == name; }
    bool has_ends() const noexcept {
        return client.family != IpAddress::Family::none && server.family != IpAddress::Family::none;
    }
    /// Since midnight where the event's clock stands, for what is done when nobody is there.
    std::chrono::minutes local_time() const noexcept { return local_time_at(at); }
    std::chrono::minutes local_time_at(Time time) const noexcept;
    std::string_view text(std::string_view key) const noexcept { return own[key].text(); }
};

/// A whole number that is not negative and a double holds exactly; 0 for anything else.
std::uint64_t count_of(json::Value value) noexcept;

/// `now` is the event's own time. Errc::malformed where it has no timestamp or no event_type, or an address
/// is none.
Result<Seen> read_eve(const json::Document& event);

}   // namespace ward::detect
