// SPDX-License-Identifier: Apache-2.0
// Files of a share rewritten and renamed one after the other, and a note left among them: ransomware.
#pragma once

#include <deque>
#include <map>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/evidence.hpp"

namespace ward::detect {

struct RewriteLimits {
    std::chrono::minutes window{10};
    std::size_t renamed_max = 12;   // files that got another extension, of one client within the window
    std::size_t notes_max = 2;      // new files of one size within the window
    std::size_t clients_max = 4'096;
};

/// Programs that convert or protect documents rewrite and rename as many. They leave no note.
class Rewrite final : public Detector {
public:
    explicit Rewrite(RewriteLimits limits = {}) : limits_(limits), clients_(limits.clients_max) {}

    void see(const Seen& seen, Findings& findings) override;
    void pass(Time, Findings&) override {}

private:
    enum class Doing : std::uint8_t { read, written, renamed };
    struct Done {
        Time at{};
        Doing doing{};
        std::uint64_t bytes = 0;   // of a file that was only written
    };
    struct Client {
        std::deque<Done> done;   // within the window
        std::size_t read = 0;
        std::size_t written = 0;
        std::size_t renamed = 0;
        std::map<std::uint64_t, std::size_t> sizes;   // of files written
        Evidence evidence;
        Time told{};
    };

    static void note(Client& client, Done done);
    void forget(Client& client, Time now) const;
    static std::size_t notes(const Client& client);
    Finding told(const Seen& seen, const Client& client) const;

    RewriteLimits limits_;
    LruMap<IpAddress, Client, IpAddressHash> clients_;
};

}   // namespace ward::detect
