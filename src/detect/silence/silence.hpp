// SPDX-License-Identifier: Apache-2.0
// A system that sends nothing any more though it never pauses or owes results, or that takes nothing.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/evidence.hpp"
#include "detect/silence/turnaround.hpp"

namespace ward::detect {

struct SilenceLimits {
    std::chrono::hours learned_min{24};   // before that nobody knows that a feed never pauses
    std::chrono::minutes pause_max{10};   // a feed that paused for longer may do so again
    std::chrono::minutes silent_min{2};
    int pauses = 4;                         // so many times its longest pause: it is silent
    double owed_min = 7;                    // once in a thousand times it would be by chance
    std::chrono::minutes failing_min{40};   // longer than a restart or a short service takes
    std::size_t failed_min = 5;             // attempts in it
    std::chrono::minutes blind_min{1};      // without any event: the capture itself had a gap
    std::size_t feeds_max = 1'024;
    std::size_t servers_max = 4'096;
};

class Silence final : public Detector {
public:
    explicit Silence(IpAddressHash hash = {}, SilenceLimits limits = {})
        : limits_(limits), laboratories_(limits.servers_max, hash), servers_(limits.servers_max, hash) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override { return forgotten_ + servers_.forgotten(); }
    void state(state::Kept& kept) override {
        kept(now_, looked_, feeds_, laboratories_, servers_, ordered_, forgotten_);
    }

private:
    /// What one application sends from one address.
    struct Feed {
        Time begun{};
        Time last{};
        std::chrono::nanoseconds longest{};          // pause of this day
        std::chrono::nanoseconds longest_before{};   // and of the day before
        Time day{};                                  // when this one began
        std::uint64_t messages = 0;
        std::string event{};   // its last
        bool is_told = false;
        std::unique_ptr<Turnaround> owes{};   // of a laboratory

        void state(state::Kept& kept) {
            kept(begun, last, longest, longest_before, day, messages, event, is_told, owes);
        }
    };
    using Feeds = std::map<std::pair<IpAddress, std::string>, Feed>;

    /// A host that takes messages, or reports of analysers.
    struct Server {
        std::vector<std::uint16_t> ports{};
        std::string name{};
        bool acknowledges = false;
        std::size_t failed = 0;   // since something was taken
        Time failing{};           // since when
        Evidence attempts{};
        std::vector<IpAddress> clients{};   // of those
        bool is_told = false;

        void state(state::Kept& kept) {
            kept(ports, name, acknowledges, failed, failing, attempts, clients, is_told);
        }
    };

    void pass(Time now, Findings& findings);
    void see_message(const Seen& seen, Findings& findings);
    void see_report(const Seen& seen);
    void see_flow(const Seen& seen, Findings& findings);
    void sent(const Seen& seen, const IpAddress& host, std::string name);
    Feed& feed_of(const IpAddress& host, const std::string& name);
    void served(const Seen& seen, std::string_view name);
    void failed(const Seen& seen, Server& server, Findings& findings);
    bool never_pauses(const Feed& feed, Time now) const;
    Finding silent(const Feeds::value_type& feed, Time now) const;

    SilenceLimits limits_;
    Time now_{};
    Time looked_{};
    Feeds feeds_;
    LruMap<IpAddress, bool, IpAddressHash> laboratories_;   // hosts to which analysers report
    LruMap<IpAddress, Server, IpAddressHash> servers_;
    std::deque<std::string> ordered_;   // conversations of the last orders
    std::size_t forgotten_ = 0;
};

}   // namespace ward::detect
