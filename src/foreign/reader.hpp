// SPDX-License-Identifier: Apache-2.0
// Lines of any sensor in, lines of our vocabulary out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/function_ref.hpp"
#include "foreign/suricata.hpp"

namespace ward::foreign {

enum class Sensor : std::uint8_t { ward, suricata, zeek };
/// What becomes of lines that are no other sensor's, or broken ones: they may hold what none of ours may.
enum class Unknown : std::uint8_t { passed, refused };

/// Nothing for another word than these.
std::optional<Sensor> sensor_named(std::string_view name);

struct Counts {
    std::uint64_t suricata = 0;   // lines that were understood
    std::uint64_t zeek = 0;
    std::uint64_t left_out = 0;   // of kinds that say nothing which our events have
    std::uint64_t refused = 0;    // Unknown::refused

    Counts& operator+=(const Counts& other) noexcept {
        suricata += other.suricata;
        zeek += other.zeek;
        left_out += other.left_out;
        refused += other.refused;
        return *this;
    }
};

/// One file, or what comes over one socket. What each line is shows by itself; a line that could be anybody's
/// is taken for one of those before it.
class Reader {
public:
    /// `file` says of which of Zeek's logs its lines are, where they do not. `forced`: all are that sensor's.
    explicit Reader(std::string_view file, std::optional<Sensor> forced = {},
                    Unknown unknown = Unknown::passed);

    /// Each event of the line to `take`, without its end. What is ours passes as it is, and so does what is
    /// no event, or a broken one: who takes it refuses it. Unknown::refused: ours pass only if all are
    /// (`forced`).
    void read(std::string_view line, FunctionRef<void(std::string_view)> take);

    const Counts& counts() const noexcept { return counts_; }

private:
    Sensor sensor_of(json::Value event) const;
    void pass(std::string_view line, FunctionRef<void(std::string_view)> take);

    std::string log_;
    std::optional<Sensor> forced_;
    Unknown unknown_;
    Sensor before_ = Sensor::ward;
    Suricata suricata_;
    Counts counts_;
    std::string told_;
};

}   // namespace ward::foreign
