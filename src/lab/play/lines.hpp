// SPDX-License-Identifier: Apache-2.0
// The lines of all senders to one receiver.
#pragma once

#include <compare>
#include <map>

#include "lab/network.hpp"
#include "lab/play/line.hpp"

namespace ward::lab {

/// A machine; what a step of the scenario sends from it beside its own comes over another connection.
struct Sender {
    DeviceId device{};
    std::uint32_t label = 0;
    auto operator<=>(const Sender&) const = default;
};

/// A line for each sender, of which not more than so many are connected at once: another closes the one that
/// was idle longest, and that one connects again when it has something to send.
template <class Kind>
class Lines {
public:
    Lines(Manner manner, std::size_t open_max) : manner_(std::move(manner)), open_max_(open_max) {}

    Result<Kind*> of(Sender sender) {
        auto& wanted = lines_.try_emplace(sender, Entry{Kind{manner_}}).first->second;
        wanted.used = ++uses_;
        std::size_t open = 0;
        Entry* idlest = nullptr;
        for (auto& [_, entry] : lines_) {
            if (&entry == &wanted || !entry.line.is_open()) continue;
            ++open;
            if (idlest == nullptr || entry.used < idlest->used) idlest = &entry;
        }
        if (idlest != nullptr && open >= open_max_) TRY(idlest->line.finish());
        return &wanted.line;
    }

    /// Of a connection for one thing alone.
    Kind another() const { return Kind{manner_}; }

    /// Each is shown: `visit` returns a Result<>.
    template <class Visit>
    Result<> each(Visit visit) {
        for (auto& [_, entry] : lines_) TRY(visit(entry.line));
        return {};
    }

private:
    struct Entry {
        Kind line;
        std::uint64_t used = 0;
    };

    Manner manner_;
    std::size_t open_max_;
    std::map<Sender, Entry> lines_{};
    std::uint64_t uses_ = 0;
};

}   // namespace ward::lab
