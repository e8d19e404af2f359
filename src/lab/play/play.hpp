// SPDX-License-Identifier: Apache-2.0
// A scenario played into a running Ward: its systems send as if the hospital's days went by.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "lab/days.hpp"
#include "lab/play/receiver.hpp"

namespace ward::lab {

struct PlayWish : DaysWish {
    double speed = 1;                     // how many times faster than the clock; 0: as fast as Ward takes it
    std::optional<Receiver> messages{};   // HL7 over MLLP
    std::optional<Receiver> trail{};      // the audit trail over syslog
    std::optional<Receiver> resources{};              // FHIR over HTTPS
    std::string interface {};                         // frames onto it; empty: none
    std::string trusted_pem{};                        // for TLS; empty: messages and the trail go without
    std::string token{};                              // for FHIR
    std::chrono::seconds patience{60};                // with a Ward that does not answer
    std::function<void(Moment, Moment)> progress{};   // now and the end; each minute of the story
};

struct Played {
    std::uint64_t messages = 0;
    std::uint64_t transactions = 0;
    std::uint64_t entries = 0;   // of the audit trail
    std::uint64_t frames = 0;
    std::uint64_t refused = 0;   // messages and transactions that were answered, but not with AA or 2xx
    std::string truth;           // JSON, as in truth.json
};

/// Returns when the last is acknowledged. Errc::unavailable if nobody takes one within the patience, and what
/// FrameSocket::open() and Director::begin() say.
Result<Played> play(const PlayWish& wish);

}   // namespace ward::lab
