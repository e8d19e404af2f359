// SPDX-License-Identifier: Apache-2.0
// Flows that a plan does not allow, counted.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "segment/borders.hpp"
#include "segment/talk.hpp"

namespace ward::segment {

/// Whose a flow is by a plan.
struct Ends {
    ZoneId from = 0;
    ZoneId to = 0;
};
/// Nothing where the plan allows it. One whose beginning was not seen is allowed if it is either way round.
std::optional<Ends> outside_of(const Borders& borders, Roles& roles, const Talk& talk);

struct OutsideLimits {
    std::size_t rows_max = 20'000;
    std::size_t talkers_max = 16;   // clients that are counted in each
    std::size_t talkers_told = 5;
    std::size_t events_max = 8;
};

class Outside {
public:
    struct Talker {
        IpAddress client;
        IpAddress server;   // the first one
        std::uint64_t flows = 0;
        std::uint64_t others = 0;   // of these, what may be of whoever made room for it
    };
    struct Row {
        ZoneId from = 0;
        ZoneId to = 0;
        Protocol protocol = Protocol::tcp;
        std::uint16_t port = 0;
        std::uint64_t flows = 0;
        std::uint64_t answered = 0;
        Time first{};
        Time last{};
        std::vector<Talker> talkers{};   // in the end the most frequent first
        std::vector<std::string> events{};
    };
    struct Counts {
        std::uint64_t flows = 0;      // that were judged
        std::uint64_t outside = 0;    // of them
        std::uint64_t unrouted = 0;   // not judged
        std::uint64_t other = 0;      // neither TCP nor UDP, not judged
        std::uint64_t not_kept = 0;   // outside the plan, in more rows than there can be
    };

    explicit Outside(Borders borders, IpAddressHash hash = {}, OutsideLimits limits = {})
        : borders_(std::move(borders)), roles_(hash), limits_(limits) {}

    /// Any event: `device` says what hosts are, for the flows that follow.
    void see(const Seen& seen);

    const Counts& counts() const noexcept { return counts_; }
    /// The most frequent first.
    std::vector<Row> rows() const;
    std::string text() const;
    /// One object a line: docs/formats/segmentation.md.
    std::string json() const;

private:
    using Key = std::tuple<ZoneId, ZoneId, Protocol, std::uint16_t>;
    void count(Row& row, const Talk& talk) const;

    Borders borders_;
    Roles roles_;
    OutsideLimits limits_;
    Counts counts_;
    std::map<Key, Row> rows_;
};

}   // namespace ward::segment
