// SPDX-License-Identifier: Apache-2.0
// Which devices and people events tell of, and when they were seen: what is asked for more often than why.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/lru_map.hpp"
#include "json/document.hpp"
#include "store/database.hpp"

namespace ward::history {

struct RosterLimits {
    std::size_t devices_max = 200'000;   // as many as the sensor knows
    std::size_t addresses_max = 400'000;
    std::size_t people_max = 200'000;
    std::size_t hosts_max = 8;              // of one person: where it was last
    std::size_t about_bytes_max = 8'192;    // of a device
    std::chrono::seconds told_every{600};   // how exact "seen last" is on disk
};

/// As long as a store of events is open. Events may come again: what is known then is the same.
class Roster {
public:
    explicit Roster(RosterLimits limits = {})
        : limits_(limits),
          devices_(limits.devices_max),
          addresses_(limits.addresses_max),
          people_(limits.people_max) {}

    /// What is on disk already, before anything is noted.
    Result<> load(store::Database& database);
    /// An event (docs/formats/events.md), and its time in microseconds since 1970.
    void note(json::Value event, std::int64_t at);
    /// What changed, to the tables of state_steps, in the caller's transaction.
    Result<> save(store::Database& database);

private:
    struct Span {
        std::int64_t first = 0;
        std::int64_t last = 0;
        std::int64_t saved = 0;   // `last` as it is on disk
        bool is_changed = false;
    };
    struct Device {
        Span seen{};
        std::string about{};   // the event's member `device`
        std::int64_t about_at = 0;
    };
    struct Person {
        Span seen{};
        std::vector<std::string> hosts{};   // the last one is the last
    };

    bool see(Span& span, std::int64_t at) const;
    void note_device(json::Value about, std::int64_t at);
    void note_address(std::string_view address, std::int64_t at);
    void note_person(std::string_view name, std::string_view host, std::int64_t at);
    void note_addresses(const std::string& id, json::Value about);
    static Result<> save(store::Database& database, const std::string& id, Device& device);
    static Result<> save(store::Database& database, const std::string& name, Person& person);

    RosterLimits limits_;
    LruMap<std::string, Device> devices_;
    LruMap<std::string, std::string> addresses_;   // whose each is
    LruMap<std::string, Person> people_;
    std::vector<std::string> changed_devices_;
    std::vector<std::string> changed_people_;
};

}   // namespace ward::history
