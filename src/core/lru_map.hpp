// SPDX-License-Identifier: Apache-2.0
// A map of bounded size that forgets what was used longest ago.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <unordered_map>
#include <utility>

#include "core/assert.hpp"

namespace ward {

/// Of at most `entries_max` entries, 1 at least. Any call of at() may forget one: what it returned before may
/// be gone.
template <class Key, class Value, class Hash = std::hash<Key>>
class LruMap {
public:
    explicit LruMap(std::size_t entries_max, Hash hash = {})
        : entries_max_(entries_max), places_(0, std::move(hash)) {
        WARD_ASSERT(entries_max > 0);
    }
    LruMap(const LruMap&) = delete;
    LruMap& operator=(const LruMap&) = delete;
    LruMap(LruMap&&) noexcept = default;
    LruMap& operator=(LruMap&&) noexcept = default;

    /// The value of that key, made of `parts` if there is none; it is now the one used last.
    template <class... Parts>
    Value& at(const Key& key, const Parts&... parts) {
        if (auto* known = find(key)) return *known;
        if (places_.size() == entries_max_) {
            places_.erase(entries_.back().first);
            entries_.pop_back();
            ++forgotten_;
        }
        entries_.emplace_front(key, Value{parts...});
        places_.emplace(key, entries_.begin());
        return entries_.front().second;
    }

    /// Null if there is none. Used now, if there is one.
    Value* find(const Key& key) {
        const auto place = places_.find(key);
        if (place == places_.end()) return nullptr;
        entries_.splice(entries_.begin(), entries_, place->second);
        return &place->second->second;
    }

    /// From the one that was used longest ago to the newest.
    template <class Each>
    void each_from_oldest(Each&& each) {
        for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry)
            each(entry->first, entry->second);
    }

    std::size_t size() const noexcept { return places_.size(); }
    std::size_t entries_max() const noexcept { return entries_max_; }
    /// How many had to make room.
    std::size_t forgotten() const noexcept { return forgotten_; }

private:
    using Entries = std::list<std::pair<Key, Value>>;

    std::size_t entries_max_;
    Entries entries_;
    std::unordered_map<Key, typename Entries::iterator, Hash> places_;
    std::size_t forgotten_ = 0;
};

}   // namespace ward
