// SPDX-License-Identifier: Apache-2.0
// A SIP request and its final response, without who calls whom.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

struct Sip {
    static constexpr std::string_view event_type = "sip";

    std::string method;
    std::string uri;    // the domain only
    std::string from;   // the domain only
    std::optional<std::uint16_t> code;
    std::string user_agent;
    std::string server;
    bool authorization = false;
    std::vector<std::string> media;   // of SDP: audio RTP/AVP
    std::vector<std::string> codecs;
    std::vector<std::string> media_endpoints;   // where each side of SDP wants its media: 192.0.2.1 5004
    std::optional<bool> encrypted_media;        // whether every medium is SRTP: as answered, else as offered
    std::optional<std::int64_t> latency_us;
    bool request_seen = true;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("method", method);
        visit("uri", uri);
        visit("from", from);
        visit("code", code);
        visit("user_agent", user_agent);
        visit("server", server);
        visit("authorization", authorization);
        visit("media", media);
        visit("codecs", codecs);
        visit("media_endpoints", media_endpoints);
        visit("encrypted_media", encrypted_media);
        visit("latency_us", latency_us);
        if (!request_seen) visit("request_seen", request_seen);
    }
};

}   // namespace ward::event
