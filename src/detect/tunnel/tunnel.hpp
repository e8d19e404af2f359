// SPDX-License-Identifier: Apache-2.0
// Names in the DNS that are not names but data: a tunnel.
#pragma once

#include <array>
#include <optional>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/evidence.hpp"

namespace ward::detect {

struct TunnelLimits {
    std::chrono::hours halved_after{24};   // counts, so that a tunnel may take its time
    std::chrono::hours told_for{7 * 24};
    std::uint64_t names_min = 64;          // different ones below one domain
    std::uint64_t long_min = 16;           // characters of a name before its domain; less carries nothing
    std::uint64_t carried_min = 4'096;     // characters in long names
    std::uint64_t answered_min = 16'384;   // characters in answers that are no addresses
    double entropy_min = 3;                // bits a character: hexadecimal has 4, base32 has 5
    std::size_t askers_max = 4;            // of a domain; one that more ask for is judged one label deeper
    std::uint64_t above_others = 8;        // times as much, where others ask the same
    std::uint64_t lookups_percent = 80;    // answered by "no" or "listed": a list is asked
    std::size_t pairs_max = 20'000;        // of a host and a domain
    std::size_t domains_max = 50'000;
    std::size_t resolvers_max = 4'096;
};

/// Judged per host and domain, against what others ask of the same domain: what comes with a program that
/// many have (look-ups of files at makers of antivirus programs, content networks) many ask for.
class Tunnel final : public Detector {
public:
    explicit Tunnel(IpAddressHash hash = {}, TunnelLimits limits = {})
        : limits_(limits),
          pairs_(limits.pairs_max, {hash}),
          domains_(limits.domains_max),
          resolvers_(limits.resolvers_max, hash) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override {
        return pairs_.forgotten() + domains_.forgotten() + resolvers_.forgotten();
    }
    void state(state::Kept& kept) override { kept(pairs_, domains_, resolvers_); }

private:
    static constexpr std::size_t name_bits = 2'048;
    static constexpr std::size_t characters = 39;   // 26 letters, 10 digits, '-', '_', all others

    struct Key {
        IpAddress host;
        std::string domain;
        bool operator==(const Key&) const = default;
        void state(state::Kept& kept) { kept(host, domain); }
    };
    struct KeyHash {
        IpAddressHash hash;
        std::size_t operator()(const Key& key) const noexcept {
            return folded(hash(key.host), std::hash<std::string>{}(key.domain), hash.secret);
        }
    };
    /// What a host asked for below a domain.
    struct Asked {
        Time since{};
        std::array<std::uint64_t, name_bits / 64>
            names{};               // bits by hashes: who shares one counts as the same
        std::uint64_t count = 0;   // of names
        std::uint64_t carried = 0;
        std::uint64_t answered = 0;
        std::uint64_t replies = 0;
        std::uint64_t lookups = 0;   // of the replies
        std::uint64_t odd = 0;       // of a type that no program asks for
        std::array<std::uint32_t, characters> spread{};
        Evidence evidence{};
        std::optional<Time> told{};

        bool add(std::string_view name);   // false if it was there
        void state(state::Kept& kept) {
            kept(since, names, count, carried, answered, replies, lookups, odd, spread, evidence, told);
        }
    };
    struct Domain {
        Time since{};
        std::vector<IpAddress> askers{};   // the first few
        std::uint64_t carried = 0;         // by all of them

        void state(state::Kept& kept) { kept(since, askers, carried); }
    };

    std::string domain_for(const Seen& seen, std::string_view name);
    std::size_t count_asker(const Seen& seen, const std::string& domain);
    void fade(Asked& asked, Time now) const;
    void fade(Domain& domain, Time now) const;
    std::uint64_t count(const Seen& seen, std::string_view name, std::string_view payload,
                        Asked& asked) const;
    bool is_odd(const Asked& asked, const Domain& domain) const;
    static double entropy_of(const Asked& asked);
    Finding told(const Seen& seen, const std::string& domain, const Asked& asked, std::size_t askers) const;

    TunnelLimits limits_;
    LruMap<Key, Asked, KeyHash> pairs_;
    LruMap<std::string, Domain> domains_;
    LruMap<IpAddress, Time, IpAddressHash> resolvers_;   // they ask for others, who were seen to ask them
};

}   // namespace ward::detect
