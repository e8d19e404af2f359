// SPDX-License-Identifier: Apache-2.0
// A question to the DNS or to one of its relatives, and its answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

struct DnsAnswer {
    std::string rrname;
    std::string rrtype;
    std::uint32_t ttl = 0;
    std::string rdata;   // an address, a name, or the fields as a zone file has them

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("rrname", rrname);
        visit("rrtype", rrtype);
        visit("ttl", ttl);
        visit("rdata", rdata);
    }
};

struct Dns {
    static constexpr std::string_view event_type = "dns";

    std::uint16_t id = 0;
    std::string_view opcode;
    std::string rrname;   // of the first question; nobody sends two
    std::string rrtype;
    std::string flags;        // of the answer, or of the question where there was none: 8180
    std::string rcode;        // empty: nobody answered
    bool truncated = false;   // the answer says: ask again over TCP
    bool authoritative = false;
    bool question_seen = true;
    std::vector<DnsAnswer> answers;
    std::uint32_t answer_count = 0;
    std::optional<std::int64_t> latency_us;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("id", id);
        visit("opcode", opcode);
        visit("rrname", rrname);
        visit("rrtype", rrtype);
        visit("flags", flags);
        visit("rcode", rcode);
        visit("tc", truncated);
        visit("aa", authoritative);
        visit("question_seen", question_seen);
        visit("answers", answers);
        visit("answer_count", answer_count);
        visit("latency_us", latency_us);
    }
};

/// RFC 4795. Its answers come from whoever has the name, which is another conversation.
struct Llmnr : Dns {
    static constexpr std::string_view event_type = "llmnr";
};

}   // namespace ward::event
