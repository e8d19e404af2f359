// SPDX-License-Identifier: Apache-2.0
// Files of a share written and renamed one after the other, and the same note left among them: ransomware.
#pragma once

#include <map>
#include <optional>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/recent.hpp"

namespace ward::detect {

struct RewriteLimits {
    std::chrono::minutes window{10};
    std::size_t renamed_max = 12;   // files that got an extension that nobody knows, within the window
    std::size_t notes_max = 2;      // new files of one extension and size, within the window
    std::size_t done_max = 1'024;   // kept of one client, of each kind
    std::size_t open_max = 64;      // new files that one client writes at once
    std::size_t clients_max = 4'096;
};

/// Programs that convert or protect documents write and rename as many. They leave no note.
class Rewrite final : public Detector {
public:
    explicit Rewrite(IpAddressHash hash = {}, RewriteLimits limits = {})
        : limits_(limits), clients_(limits.clients_max, hash) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override { return clients_.forgotten(); }
    void state(state::Kept& kept) override { kept.entries(clients_, limits_); }

private:
    struct Renamed {
        Time at{};
        std::string event;

        void state(state::Kept& kept) { kept(at, event); }
    };
    struct Written {
        Time at{};

        void state(state::Kept& kept) { kept(at); }
    };
    /// A new file, by what can be told of it without its name.
    struct Note {
        std::uint64_t extension = 0;   // a hash
        std::uint64_t bytes = 0;
        auto operator<=>(const Note&) const = default;

        void state(state::Kept& kept) { kept(extension, bytes); }
    };
    struct Left {
        Time at{};
        Note note;

        void state(state::Kept& kept) { kept(at, note); }
    };
    /// A file that was created and is not closed yet.
    struct Open {
        Time at{};
        std::uint64_t flow_id = 0;
        std::uint64_t extension = 0;
        std::uint64_t depth = 0;

        void state(state::Kept& kept) { kept(at, flow_id, extension, depth); }
    };
    struct Client {
        explicit Client(const RewriteLimits& limits)
            : renamed(limits.window, limits.done_max),
              written(limits.window, limits.done_max),
              left(limits.window, limits.done_max) {}

        void uncount(const Note& note) {
            const auto place = notes.find(note);
            if (--place->second == 0) notes.erase(place);
        }

        Recent<Renamed> renamed;
        Recent<Written> written;
        Recent<Left> left;
        std::map<Note, std::size_t> notes{};   // those left, counted
        std::vector<Open> open{};
        std::optional<Time> told{};

        void state(state::Kept& kept) { kept(renamed, written, left, notes, open, told); }
    };

    void close(const Seen& seen, Client& client);
    void forget(Client& client, Time now) const;
    Finding told(const Seen& seen, const Client& client, std::size_t notes) const;

    RewriteLimits limits_;
    LruMap<IpAddress, Client, IpAddressHash> clients_;
};

}   // namespace ward::detect
