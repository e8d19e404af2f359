// SPDX-License-Identifier: Apache-2.0
// A device does what neither it nor its kind ever did.
#pragma once

#include <deque>
#include <optional>

#include "core/lru_map.hpp"
#include "detect/allowed/habit.hpp"
#include "detect/detector.hpp"

namespace ward::detect {

struct AllowedLimits {
    std::chrono::hours learn{24};            // of a device, until it is judged by its own list
    std::uint32_t conversations_min = 50;    // of a device, likewise
    std::chrono::hours kind_learn{12};       // of a kind, and
    std::chrono::hours kind_calm{3};         // nothing new for so long, until it has learned a day
    std::size_t kind_devices = 3;            // fewer are no kind
    std::chrono::minutes collect{30};        // what is new, before it is told
    std::chrono::hours told_for{24};         // of one device
    std::chrono::hours accepted_after{24};   // what was told of and did no harm is usual from then on
    std::chrono::hours risky_for{7 * 24};    // a host of which something else was found
    double risky_from = 0.2;                 // confidence times weight of that
    std::uint32_t change_from = 3;           // devices that newly do the same within a day: a change
    std::uint32_t changed_max = 8;           // of which it is told
    std::size_t groups_max = 8;              // networks of one service, of a device; more are anybody
    std::size_t kind_groups_max = 24;
    std::size_t habits_max = 64;
    std::size_t kind_habits_max = 512;
    std::size_t waiting_max = 16;   // of a device
    std::size_t facts_max = 4;      // of what is new, that a finding has
    std::size_t devices_max = 20'000;
    std::size_t kinds_max = 512;
    std::size_t collecting_max = 1'024;   // devices
    std::size_t fresh_max = 16'384;       // habits that are new for somebody
    std::size_t risky_max = 4'096;
};

/// First a list is learned: of each device, and of all that have the same role in the same network. Then
/// what is on neither, or not on the device's own, is told once, and learned when it was harmless for a day:
/// by patience an attacker gets his deeds onto the list, but not unseen.
class Allowed final : public Detector {
public:
    explicit Allowed(IpAddressHash hash = {}, AllowedLimits limits = {})
        : limits_(limits),
          devices_(limits.devices_max, hash),
          kinds_(limits.kinds_max, KindHash{hash}),
          fresh_(limits.fresh_max),
          risky_(limits.risky_max, hash) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override {
        return devices_.forgotten() + kinds_.forgotten() + fresh_.forgotten() + risky_.forgotten();
    }
    void state(state::Kept& kept) override { kept(devices_, kinds_, fresh_, risky_, collecting_); }

private:
    enum class Worth : std::uint8_t { unknown, supporting, care, life };   // criticality of devices.md

    /// Done, and not on the list yet.
    struct Waiting {
        Habit habit;
        Time since{};
        IpAddress other;

        void state(state::Kept& kept) { kept(habit, since, other); }
    };
    struct Device {
        Time first{};
        std::uint32_t conversations = 0;
        std::uint32_t card = 0;   // that DHCP lent the address to, in short
        std::string role{};
        Worth worth = Worth::unknown;
        Habits usual{};
        std::vector<Waiting> waiting{};
        std::optional<Time> told{};
        double restless = 0;   // how often it was told of of late

        void state(state::Kept& kept) {
            kept(first, conversations, card, role, worth, usual, waiting, told, restless);
        }
    };
    struct KindKey {
        std::string role;
        IpAddress network;
        bool operator==(const KindKey&) const = default;
        void state(state::Kept& kept) { kept(role, network); }
    };
    struct KindHash {
        IpAddressHash hash;
        std::size_t operator()(const KindKey& key) const noexcept {
            return folded(hash(key.network), std::hash<std::string>{}(key.role), hash.secret);
        }
    };
    struct Kind {
        Time first{};
        Time last_new{};
        std::size_t devices = 0;
        Habits usual{};

        void state(state::Kept& kept) { kept(first, last_new, devices, usual); }
    };
    /// How many devices newly do it.
    struct Fresh {
        Time since{};
        std::uint32_t devices = 0;

        void state(state::Kept& kept) { kept(since, devices); }
    };
    struct News {
        Habit habit;
        Novelty novelty = Novelty::none;
        bool for_kind = false;       // it is new for all of its kind, too
        bool kind_learned = false;   // else nobody knows
        IpAddress other;
        std::string what;

        void state(state::Kept& kept) { kept(habit, novelty, for_kind, kind_learned, other, what); }
    };
    /// What is new of a device, until it is told.
    struct Collected {
        Time at{};
        IpAddress device;
        std::vector<News> news{};
        std::size_t more = 0;   // that are not kept
        std::vector<std::string> events{};

        void state(state::Kept& kept) { kept(at, device, news, more, events); }
    };

    void note_risky(const Findings& findings, Time now);
    bool is_risky(const IpAddress& host, Time now);
    void learn_role(const Seen& seen);
    void take_role(Device& device, const IpAddress& address, std::string_view role, Time now);
    Kind* kind_of(const Device& device, const IpAddress& address);
    void lend(const Seen& seen);
    bool has_learned(const Kind& kind, Time now) const;
    void consider(const Seen& seen, Side side, std::string_view function);
    void judge(const Seen& seen, Side side, Device& device, const Habit& habit, std::string_view function);
    bool is_waiting(const Seen& seen, Side side, Device& device, const Habit& habit);
    void learn(Device& device, Kind* kind, const Habit& habit, Time now) const;
    void collect(const Seen& seen, const IpAddress& host, Device& device, News news);
    void add_to_collected(const Seen& seen, const IpAddress& host, News news);
    void tell_due(Time now, Findings& findings);
    int confidence_of(const Collected& collected, const Device& device, const Kind* kind, bool changed,
                      Time now) const;
    Finding told(const Collected& collected, const Device& device, const Kind* kind, Time now);

    AllowedLimits limits_;
    LruMap<IpAddress, Device, IpAddressHash> devices_;
    LruMap<KindKey, Kind, KindHash> kinds_;
    LruMap<std::uint64_t, Fresh> fresh_;
    LruMap<IpAddress, Time, IpAddressHash> risky_;   // when something else was last found of it
    std::deque<Collected> collecting_;               // by when each began
};

}   // namespace ward::detect
