// SPDX-License-Identifier: Apache-2.0
// A client of a message broker (OASIS MQTT 3.1.1 and 5.0). Messages themselves are not looked at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

/// Told when the broker accepted or refused the client, and at the end with what was exchanged since.
struct Mqtt {
    static constexpr std::string_view event_type = "mqtt";

    std::string protocol_version;   // 3.1, 3.1.1, 5
    std::string client_id;          // words that name nobody; all others are *
    Pseudonym client;               // of the whole identifier
    std::string_view credentials;   // user or password: which were sent
    std::string will_topic;
    std::optional<std::uint8_t> return_code;   // of CONNACK: 0 is accepted
    std::uint64_t published = 0;
    std::uint64_t subscribed = 0;
    std::vector<std::string> topics;   // the first ones; levels that are no known words are *
    std::uint32_t topic_levels = 0;    // of the deepest
    std::optional<std::int64_t> latency_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("protocol_version", protocol_version);
        visit("client_id", client_id);
        visit("client", client);
        visit("credentials", credentials);
        visit("will_topic", will_topic);
        visit("return_code", return_code);
        visit("published", published);
        visit("subscribed", subscribed);
        visit("topics", topics);
        visit("topic_levels", topic_levels);
        visit("latency_us", latency_us);
    }
};

}   // namespace ward::event
