// SPDX-License-Identifier: Apache-2.0
// A scenario played into a running Ward: its systems send as if the hospital's days went by.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lab/days.hpp"
#include "lab/play/receiver.hpp"

namespace ward::lab {

struct PlayWish : DaysWish {
    std::optional<double> speed = 1;   // how many times faster than the clock; none: as fast as Ward takes it
    std::optional<Receiver> messages{};               // HL7 over MLLP
    std::optional<Receiver> trail{};                  // the audit trail over syslog
    std::optional<Receiver> resources{};              // FHIR over HTTPS
    std::string interface {};                         // frames onto it; empty: none
    std::string trusted_pem{};                        // for TLS; empty: messages and the trail go without
    std::string token{};                              // for FHIR
    std::chrono::seconds patience{60};                // of each send, with a Ward that does not answer
    int stop = -1;                                    // a descriptor that can be read once it is to end
    std::function<void(Moment, Moment)> progress{};   // now and the end; each minute of the story
};

struct Played {
    std::uint64_t messages = 0;            // that were acknowledged, whatever was said to them
    std::uint64_t transactions = 0;        // the same
    std::uint64_t entries = 0;             // of the audit trail, that arrived
    std::uint64_t frames = 0;              // that the interface took
    std::uint64_t refused = 0;             // of messages and transactions
    std::uint64_t broken_refused = 0;      // of messages that the scenario breaks on purpose
    std::uint64_t broken_off = 0;          // messages that end within their frame: nobody acknowledges them
    std::vector<std::string> refusals{};   // which were refused, and why: the first few
    Moment until{};                        // how far the story was sent
    bool is_stopped = false;               // as it was asked to
    std::optional<Error> failure{};        // why it ended before its time
    std::string truth{};                   // until then; JSON, as in truth.json
};

/// Returns when all is acknowledged, or, if it is asked to stop, all of the minute that it is in. Errors are
/// those of what cannot begin: what FrameSocket::open() and Director::begin() say.
Result<Played> play(const PlayWish& wish);

}   // namespace ward::lab
