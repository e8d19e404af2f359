// SPDX-License-Identifier: Apache-2.0
// How many different ones there were.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/hash.hpp"
#include "state/kept.hpp"

namespace ward::detect {

/// Different texts have different words, but for chance; `secret` keeps others from choosing them.
inline std::uint64_t hash_of(std::string_view text, std::uint64_t secret) {
    auto hash = folded(text.size(), 1, secret);
    while (!text.empty()) {
        std::uint64_t word = 0;
        const auto taken = std::min(text.size(), sizeof word);
        for (std::size_t i = 0; i < taken; ++i) word = word << 8U | static_cast<unsigned char>(text[i]);
        hash = folded(hash, word, secret);
        text.remove_prefix(taken);
    }
    return hash;
}

/// A set of words that were hashed under a secret, of `kept_max` at most: what finds no room was not there.
class Distinct {
public:
    static constexpr std::size_t kept_max = 768;   // three quarters of 1,024 slots

    /// Whether it is new here, and had room.
    bool add(std::uint64_t word) {
        if (word == 0) word = 1;   // zero is an empty slot
        if (size_ * 4 >= slots_.size() * 3 && !grow()) return false;
        auto& slot = slots_[place_of(word)];
        if (slot == word) return false;
        slot = word;
        ++size_;
        return true;
    }
    bool has(std::uint64_t word) const {
        if (word == 0) word = 1;
        return !slots_.empty() && slots_[place_of(word)] == word;
    }
    bool is_full() const noexcept { return size_ == kept_max; }
    std::size_t size() const noexcept { return size_; }

    template <class Each>
    void each(Each&& each) const {
        for (const auto word : slots_)
            if (word != 0) each(word);
    }

    /// Whoever had many before gives their memory back.
    void clear() {
        if (slots_.size() > slots_kept)
            slots_ = {};
        else
            std::ranges::fill(slots_, 0);
        size_ = 0;
    }

    void state(state::Kept& kept) {
        kept(slots_, size_);
        const bool is_one = slots_.empty() ? size_ == 0
                                           : std::has_single_bit(slots_.size()) &&
                                                 slots_.size() <= slots_max && size_ * 4 <= slots_.size() * 3;
        if (kept.reads() && !is_one) *this = {};
    }

private:
    static constexpr std::size_t slots_min = 16;
    static constexpr std::size_t slots_kept = 64;
    static constexpr std::size_t slots_max = kept_max / 3 * 4;

    std::size_t place_of(std::uint64_t word) const {
        auto place = (word >> 32U) & (slots_.size() - 1);   // the low bits are for callers to mark
        while (slots_[place] != 0 && slots_[place] != word) place = (place + 1) & (slots_.size() - 1);
        return place;
    }

    bool grow() {
        if (slots_.size() >= slots_max) return false;
        auto before = std::vector<std::uint64_t>(std::max(slots_.size() * 2, slots_min));
        slots_.swap(before);
        for (const auto word : before)
            if (word != 0) slots_[place_of(word)] = word;
        return true;
    }

    std::vector<std::uint64_t> slots_;   // a power of two; open addressing
    std::size_t size_ = 0;
};

}   // namespace ward::detect
