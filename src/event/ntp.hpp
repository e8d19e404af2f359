// SPDX-License-Identifier: Apache-2.0
// A question for the time (RFC 5905) and its answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "event/event.hpp"

namespace ward::event {

struct Ntp {
    static constexpr std::string_view event_type = "ntp";

    std::uint8_t version = 0;
    std::string_view mode;                 // of who spoke first: client, broadcast, control, …
    std::optional<std::uint8_t> stratum;   // of the answer, or of who needs none
    std::string reference_id;              // GPS, or an address: what that clock follows
    bool answered = false;
    std::optional<std::int64_t> latency_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("version", version);
        visit("mode", mode);
        visit("stratum", stratum);
        visit("reference_id", reference_id);
        visit("answered", answered);
        visit("latency_us", latency_us);
    }
};

}   // namespace ward::event
