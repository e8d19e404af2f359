// SPDX-License-Identifier: Apache-2.0
// An hour of a host that is unlike those of others of its kind.
#pragma once

#include <deque>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/evidence.hpp"
#include "detect/kind.hpp"
#include "detect/profile/features.hpp"
#include "learn/alert_budget.hpp"
#include "learn/blend.hpp"
#include "learn/gated.hpp"
#include "learn/scaled.hpp"

namespace ward::detect {

struct ProfileLimits {
    double alerts_a_day = 2;        // of all hosts
    double learned_an_hour = 60;    // hosts of a kind
    std::size_t first_rows = 640;   // hours of a kind that are learned as they come, of all its hosts
    double learned = 0.01;          // the least p-value of an hour that is learned from
    std::chrono::hours delay{6};    // before it is
    std::size_t facts_max = 5;
    double rare = 0.05;   // a feature is odd if so few hours of the kind have as much
    std::chrono::hours told_for{7 * 24};
    std::size_t recent_max = 256;   // hours of a kind that its usual numbers are told from
    std::size_t events_max = 12;    // of an hour of a host, to be named if it is told of
    std::size_t hosts_max = 20'000;
};

/// One model a kind of device, shared by all its hosts: a device of a known kind is judged from its first
/// hour. It learns an hour only if that was not odd, after a delay, and can be set back to a date.
class Profile final : public Detector {
public:
    explicit Profile(IpAddressHash hash = {}, ProfileLimits limits = {});

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override { return hosts_.forgotten(); }
    void state(state::Kept& kept) override;

    /// What was learned after that is forgotten, of all kinds.
    void roll_back(Time at);

private:
    using Model = learn::Gated<learn::Scaled<learn::Blend>>;
    static constexpr std::size_t own_max = 8;

    struct Dated {
        Time at{};
        Features row{};

        void state(state::Kept& kept) { kept(at, row); }
    };
    struct Host {
        Window window{};
        std::uint8_t kind = 0;
        bool serves = false;
        bool is_active = false;
        Evidence evidence{};
        std::array<Dated, own_max> own{};   // of its own hours that were learned, the last few
        std::uint32_t hours = 0;            // that were
        Time told = Time::min();

        void state(state::Kept& kept) { kept(window, kind, serves, is_active, evidence, own, hours, told); }
    };
    /// A word of a protocol, port or handshake, and when one of the kind had it first.
    struct Known {
        std::uint64_t word = 0;
        Time at{};

        void state(state::Kept& kept) { kept(word, at); }
    };
    struct Kind {
        Model model;
        std::size_t rows = 0;   // that its model was shown
        Draw draw{};
        std::deque<Dated> recent{};
        Distinct known{};
        std::vector<Known> known_since{};

        void state(state::Kept& kept) { kept(model, rows, draw, recent, known, known_since); }
    };
    struct Judged {
        Features row{};
        double p_value = 1;
    };
    struct Odd {
        std::size_t feature = 0;
        double share = 0;
        float low = 0;   // of the kind
        float high = 0;
        float own_low = 0;
        float own_high = 0;
        bool is_much = false;
        bool is_more = false;
        bool is_less = false;
    };

    void turn(Time now, Findings& findings);
    Host& host_of(const IpAddress& address, std::string_view kind, bool serves);
    void take_note(const Seen& seen, Host& host, bool is_fresh) const;
    bool may_be_told(const Host& host) const;
    void close(const IpAddress& address, Host& host, Findings& findings);
    Judged judge(const IpAddress& address, const Host& host, Kind& kind);
    void learn(Host& host, Kind& kind, const Judged& judged) const;
    std::vector<Odd> odd_features(const Host& host, const Kind& kind, const Features& row) const;
    Finding told(const IpAddress& address, const Host& host, const std::vector<Odd>& odd,
                 const Judged& judged) const;
    Fact fact(const Host& host, const Odd& odd, const Judged& judged) const;
    Kind made() const;

    ProfileLimits limits_;
    IpAddressHash hash_;
    LruMap<IpAddress, Host, IpAddressHash> hosts_;
    KindNumbers names_;
    std::deque<Kind> kinds_;
    learn::AlertBudget budget_;
    std::vector<IpAddress> active_;   // in this hour
    std::int64_t hour_ = 0;           // since 1970
    Time now_{};
};

}   // namespace ward::detect
