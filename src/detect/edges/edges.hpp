// SPDX-License-Identifier: Apache-2.0
// A burst of relations that a host or an account never had.
#pragma once

#include <deque>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/edges/relations.hpp"
#include "detect/evidence.hpp"
#include "detect/kind.hpp"
#include "learn/alert_budget.hpp"
#include "learn/edges.hpp"
#include "learn/normals.hpp"

namespace ward::detect {

struct NewEdgesLimits {
    std::chrono::hours quiet{6};    // in which all is new
    std::chrono::hours learn{12};   // in which nobody is told of: hours after the quiet ones are learned
    // Hours in which one has to be seen before it is judged: all of its own is new.
    std::uint32_t hours_min = 3;
    std::uint32_t newcomer_hours_min = 12;   // who was not there in the quiet hours
    double learned_an_hour = 50;             // hosts of a kind
    std::size_t news_min = 6;                // in an hour, of all relations
    double alerts_a_day = 2;                 // of all hosts and accounts
    double early = 0.01;                     // of them, by chance: so odd is told before the hour is over
    std::size_t normals_min = 200;           // hours of others of its kind
    double counted = 0.0001;                 // the least p-value of an hour that is learned
    double kind_hours = 8;                   // what the kind does counts as so many hours of one's own
    double hours_max = 168;                  // after which one's own fade
    std::chrono::hours told_for{7 * 24};
    std::chrono::hours signed_in_for{12};   // so long whoever signed in at a host is who works there
    std::size_t recent_max = 256;           // hours of a kind that its usual numbers are told from
    std::size_t targets_max = 16;           // that are told by address
    std::size_t hosts_max = 20'000;
    std::size_t accounts_max = 5'000;
};

/// Relations of an hour count once each, are judged as they come and learned when the hour is over, if it was
/// not odd. How odd an hour is: how many relations are new, of each sort, against what is usual for the host
/// and its kind, and how many there are against all its past; a p-value by the hours of others of its kind.
class NewEdges final : public Detector {
public:
    explicit NewEdges(IpAddressHash hash = {}, NewEdgesLimits limits = {});

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override { return hosts_.forgotten() + accounts_.forgotten(); }
    void state(state::Kept& kept) override;

private:
    using Numbers = std::array<double, relations>;
    using Counts = std::array<std::uint16_t, relations>;

    struct Source {
        Time first{};
        Time told = Time::min();
        std::uint8_t kind = 0;
        bool serves = false;
        bool is_active = false;   // in this hour
        std::uint32_t active_hours = 0;
        double hours = 0;       // that were learned
        Numbers usual_news{};   // an hour, on average
        Numbers usual_edges{};
        // Of this hour:
        Distinct edges{};   // words with their relation in the low bits
        Counts all{};
        Counts news{};
        double burst = 0;                   // of all its relations of one sort, by the sketch
        std::vector<IpAddress> targets{};   // hosts that are new to it, the first few
        Evidence evidence{};
        // A host's: who signed in last. An account's: where.
        std::optional<Actor> other{};
        Time signed_in{};

        void state(state::Kept& kept) {
            kept(first, told, kind, serves, is_active, active_hours, hours, usual_news, usual_edges);
            kept(edges, all, news, burst, targets, evidence, other, signed_in);
        }
    };
    struct Kind {
        learn::Normals normals{4096};
        std::deque<Counts> recent{};
        Numbers usual_news{};
        double hours = 0;
        Draw draw{};

        void state(state::Kept& kept) { kept(normals, recent, usual_news, hours, draw); }
    };
    struct Edge {
        Relation relation;
        std::uint64_t target;
    };
    struct Judged {
        double score = 0;
        double p_value = 1;
    };

    static bool is_repeated(const Seen& seen);
    void turn(const Seen& seen, Findings& findings);
    void close(const Actor& actor, Source& source, Findings& findings);
    Source& source_of(const Actor& actor, const Seen& seen);
    Source* find(const Actor& actor);
    void note_host(const Seen& seen, Findings& findings);
    void note_account(const Seen& seen, const Actor& account, Findings& findings);
    void note_patient(const Seen& seen, const Actor& host, Findings& findings);
    void note(const Actor& actor, Source& source, Edge edge, const Seen& seen, Findings& findings);
    double expected(const Source& source, std::size_t relation) const;
    Judged judged(const Source& source) const;
    bool is_settled(const Source& source) const;
    void consider(const Actor& actor, Source& source, double by_chance_max, Findings& findings);
    bool may_be_told(const Source& source) const;
    bool knows(const Kind& kind) const { return kind.normals.size() >= limits_.normals_min; }
    bool count_judged(double p_value) {
        return budget_.observe(std::chrono::floor<std::chrono::milliseconds>(now_), p_value);
    }
    const Kind& like(const Source& source) const;
    void learn_of(Kind& kind, const Source& source, double score) const;
    void learn_usual(const Actor& actor, Source& source, double score);
    Finding told(const Actor& actor, const Source& source, const Judged& judged) const;
    void add_facts(const Source& source, Finding& finding) const;
    std::uint64_t number_of(const Actor& actor) const { return ActorHash{hash_.secret}(actor); }

    NewEdgesLimits limits_;
    IpAddressHash hash_;
    std::array<learn::Edges, relations> models_;
    LruMap<Actor, Source, ActorHash> hosts_;
    LruMap<Actor, Source, ActorHash> accounts_;
    KindNumbers names_;
    std::deque<Kind> kinds_;
    Kind all_{};   // for who is of a kind of which too little was seen
    learn::AlertBudget budget_;
    std::vector<Actor> active_;   // in this hour
    std::int64_t hour_ = 0;       // since 1970
    Time now_{};
    std::optional<Time> begun_{};
};

}   // namespace ward::detect
