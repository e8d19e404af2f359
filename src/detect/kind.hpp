// SPDX-License-Identifier: Apache-2.0
// Of which kind a host is, for detectors that compare it with others of its kind.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detect/seen.hpp"
#include "state/kept.hpp"

namespace ward::detect {

/// Its role, or whether it serves where nothing tells that.
std::string_view client_kind(const Seen& seen);
std::string_view server_kind(const Seen& seen);

bool is_unknown_kind(std::string_view kind);

/// What patients are treated or examined with.
bool is_clinical(std::string_view kind);

/// Kinds by number, so that a host remembers a byte. Of `kinds_max` at most: those after them are one.
class KindNumbers {
public:
    static constexpr std::size_t kinds_max = 64;

    std::uint8_t number_of(std::string_view kind);
    const std::string& name(std::uint8_t number) const { return names_[number]; }
    std::size_t size() const noexcept { return names_.size(); }
    void state(state::Kept& kept) { kept(names_); }

private:
    std::vector<std::string> names_;
};

/// Which hosts of a kind are learned from: about so many an hour, drawn anew each hour, however many there
/// are.
class Draw {
public:
    /// `number` is the host's and the hour's, hashed.
    bool takes(std::uint64_t number, double an_hour) {
        ++now_;
        return before_ <= an_hour || static_cast<double>(number >> 11U) * 0x1.0p-53 * before_ < an_hour;
    }
    void state(state::Kept& kept) { kept(now_, before_); }
    void pass_hour() { before_ = std::exchange(now_, 0); }

private:
    double now_ = 0;
    double before_ = 0;   // in the last hour that had any
};

}   // namespace ward::detect
