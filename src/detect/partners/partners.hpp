// SPDX-License-Identifier: Apache-2.0
// Partners that exchange over mutual TLS: one that others outlast, and one who shows a certificate from
// elsewhere.
#pragma once

#include <cmath>
#include <map>
#include <optional>
#include <string>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/evidence.hpp"
#include "detect/recent.hpp"

namespace ward::detect {

struct PartnersLimits {
    std::chrono::hours window{6};          // in which a partner's share of all calls is taken
    double missed_min = 7;                 // once in a thousand times it would be by chance
    std::size_t calls_min = 5;             // of a partner in the window, to know its share
    std::size_t known_min = 3;             // calls after which its addresses are its own
    std::chrono::hours known_for{1};       // and so long after the first
    std::size_t elsewhere_min = 2;         // calls from an address that it never had
    std::size_t drawn_min = 3;             // calls after which it is known how much is taken
    double drawn_factor = 4;               // more is taken for what is brought than it ever does
    std::chrono::hours noticed_for{168};   // a letter holds for a week
    std::size_t calls_max = 16'384;        // in the window
    std::size_t partners_max = 512;
    std::size_t addresses_max = 16;   // of one partner
};

/// A partner is known by the host that its client's certificate names. That it moves or rests is announced
/// by letter: then a mail server of the same domain called before.
class Partners final : public Detector {
public:
    explicit Partners(IpAddressHash hash = {}, PartnersLimits limits = {})
        : limits_(limits), calls_(limits.window, limits.calls_max), owners_(limits.partners_max * 4, hash) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override { return forgotten_ + owners_.forgotten(); }
    void state(state::Kept& kept) override {
        kept(partners_, calls_, owners_, numbers_, all_calls_, working_calls_, forgotten_);
    }

private:
    struct Call {
        Time at{};
        std::uint64_t partner = 0;   // its number

        void state(state::Kept& kept) { kept(at, partner); }
    };
    /// What is taken for what is brought, as a mean of logarithms.
    struct Drawn {
        double sum = 0;
        std::size_t calls = 0;

        double mean() const { return calls == 0 ? 0 : std::exp(sum / static_cast<double>(calls)); }

        void state(state::Kept& kept) { kept(sum, calls); }
    };
    struct Address {
        IpAddress address;
        std::size_t calls = 0;
        bool is_known = false;
        bool is_near = false;   // one that was known: of a pool, if it takes no more than that
        bool is_told = false;
        Drawn drawn{};
        Evidence evidence{};

        void state(state::Kept& kept) { kept(address, calls, is_known, is_near, is_told, drawn, evidence); }
    };
    /// Of all calls in the window before the last one.
    struct Share {
        double of_all = 0;
        double others_an_hour = 0;
        std::uint64_t others = 0;   // working calls of others until then

        void state(state::Kept& kept) { kept(of_all, others_an_hour, others); }
    };
    struct Partner {
        std::uint64_t number = 0;
        std::string domain;
        Time first{};
        Time last{};   // from an address of its own
        std::size_t calls = 0;
        std::size_t working_calls = 0;   // not at weekends, when many rest
        std::vector<Address> addresses{};
        IpAddress server;
        Share share{};
        std::optional<Time> noticed{};   // when a mail server of its domain called
        std::string event{};             // the last call's
        bool is_silence_told = false;

        void state(state::Kept& kept) {
            kept(number, domain, first, last, calls, working_calls, addresses, server, share, noticed, event,
                 is_silence_told);
        }
    };
    using All = std::map<std::string, Partner, std::less<>>;

    void see_call(const Seen& seen, Findings& findings);
    void see_end(const Seen& seen);
    void see_letter(const Seen& seen);
    void called(const Seen& seen, All::value_type& one, Findings& findings);
    Partner& partner_of(const std::string& name, const Seen& seen);
    Address& address_of(const Seen& seen, Partner& partner) const;
    bool was_noticed(const Partner& partner, Time at) const;
    static double usually_drawn(const Partner& partner);
    bool draws(const Partner& partner, const Address& from) const;
    Share share_of(const Partner& partner, Time at);
    void look_for_silence(Time now, Findings& findings);
    double missed(const Partner& partner, Time now) const;
    std::uint64_t others_since(const Partner& partner) const;
    Finding silent(const All::value_type& one, Time now) const;
    Finding elsewhere(const Seen& seen, const All::value_type& one, const Address& from) const;

    PartnersLimits limits_;
    All partners_;
    Recent<Call> calls_;
    LruMap<IpAddress, std::string, IpAddressHash> owners_;   // who called from there last
    std::uint64_t numbers_ = 0;
    std::uint64_t all_calls_ = 0;   // at weekends, too
    std::uint64_t working_calls_ = 0;
    std::size_t forgotten_ = 0;
};

}   // namespace ward::detect
