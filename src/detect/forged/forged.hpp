// SPDX-License-Identifier: Apache-2.0
// HL7 messages in a system's name from a host that is not it, while the true one goes on sending.
#pragma once

#include <optional>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/evidence.hpp"
#include "detect/recent.hpp"

namespace ward::detect {

struct ForgedLimits {
    std::chrono::hours learn{3};   // who sends within this of a feed's first message is one of its hosts
    std::size_t learn_messages = 20;
    std::chrono::hours window{48};
    std::size_t beside_min = 4;         // how often another came between two messages of the true one, by
    std::size_t beside_weight = 2;      // this, and by 1 where the true one was silent meanwhile
    double gaps_max = 5;                // of the usual ones: in a longer one it was
    std::chrono::minutes gap_more{5};   // and this
    std::size_t gap_memory = 16;        // messages that make a gap usual
    std::chrono::hours moved_after{12};
    std::size_t moved_messages = 50;   // meanwhile, without any of the true one
    std::chrono::hours again{24};
    std::size_t hosts_max = 16;   // of one feed
    std::size_t feeds_max = 64;   // of one receiver
    std::size_t turns_max = 64;   // of one host
    std::size_t types_max = 4;    // of messages that a finding names
    std::size_t receivers_max = 2'048;
};

/// A feed is what one receiver is sent in one name, MSH-3 and MSH-4. A machine that stands in for another
/// sends while that is silent; a forger sends beside it.
class Forged final : public Detector {
public:
    explicit Forged(IpAddressHash hash = {}, ForgedLimits limits = {})
        : limits_(limits), receivers_(limits.receivers_max, hash) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override { return receivers_.forgotten(); }
    void state(state::Kept& kept) override { kept(receivers_); }

private:
    /// One or more messages between two of the true sender.
    struct Turn {
        Time at{};
        bool is_beside = false;

        void state(state::Kept& kept) { kept(at, is_beside); }
    };
    struct Sender {
        IpAddress host;
        bool is_true = false;
        Time last{};
        std::size_t messages = 0;
        std::size_t since_true = 0;   // messages since one of the true senders was heard
        Recent<Turn> turns{ForgedLimits{}.window, ForgedLimits{}.turns_max};
        std::vector<std::string> types{};
        Evidence evidence{};
        std::optional<Time> told{};

        void state(state::Kept& kept) {
            kept(host, is_true, last, messages, since_true, turns, types, evidence, told);
        }
    };
    struct Feed {
        std::string application;
        std::string facility;
        Time first{};
        Time last{};
        Time true_last{};
        std::size_t true_messages = 0;
        std::chrono::duration<double> usual_gap{};
        std::vector<Sender> senders{};

        void state(state::Kept& kept) {
            kept(application, facility, first, last, true_last, true_messages, usual_gap, senders);
        }
    };
    struct Receiver {
        std::vector<Feed> feeds{};

        void state(state::Kept& kept) { kept(feeds); }
    };

    Feed& feed_of(const Seen& seen, const IpAddress& receiver);
    Sender& sender_of(Feed& feed, const IpAddress& host, Time at) const;
    void hear_true(const Seen& seen, Feed& feed, const IpAddress& receiver, Findings& findings) const;
    std::size_t weight_of(const Sender& sender) const;
    void hear_other(const Seen& seen, Feed& feed, Sender& sender) const;
    Finding told(const Seen& seen, const Feed& feed, const Sender& sender, const IpAddress& receiver) const;

    ForgedLimits limits_;
    LruMap<IpAddress, Receiver, IpAddressHash> receivers_;
};

}   // namespace ward::detect
