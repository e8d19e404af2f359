// SPDX-License-Identifier: Apache-2.0
// What is believed of one device, and why: every value with its source, and values that disagree side by
// side.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::devices {

using event::Time;

enum class Attribute : std::uint8_t {
    role,
    manufacturer,
    model,
    serial,
    software,
    operating_system,
    hostname,
    domain,
    location,
    ae_title,
    hl7_application,
    identifier,
    service,
    service_used,
    peer,
};
inline constexpr std::size_t attributes = 15;
std::string_view name(Attribute attribute);
/// Whether one device has one value of it, so that two are a conflict.
bool is_single(Attribute attribute);

/// Bytes outside of the text itself.
std::size_t memory_of(const std::string& text);

/// One value from one source.
struct Evidence {
    Attribute attribute{};
    std::string value;
    std::string_view source;       // a literal: "hl7 OBX-18"
    std::uint8_t confidence = 0;   // percent, of the source
    Time first{};
    Time last{};
    std::uint64_t count = 0;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("source", source);
        visit("confidence", confidence);
        visit("first", first);
        visit("last", last);
        visit("count", count);
    }
};

/// One value with all that speaks for it.
struct Belief {
    std::string value;
    std::uint8_t confidence = 0;
    Time first{};
    Time last{};
    std::vector<Evidence> evidence;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("value", value);
        visit("confidence", confidence);
        visit("first", first);
        visit("last", last);
        visit("evidence", evidence);
    }
};

/// All evidence of one device.
class Dossier {
public:
    static constexpr std::size_t values_max = 32;   // lines of one attribute
    static constexpr std::size_t text_max = 128;    // bytes of a value

    /// Counts up the line of this value and source, or adds it. Of too many, the weakest goes, of equals the
    /// one that was silent longest.
    void add(Evidence line);
    void join(const Dossier& other);

    const std::vector<Evidence>& lines() const noexcept { return lines_; }
    std::uint64_t dropped() const noexcept { return dropped_; }
    /// Bytes that the lines take.
    std::size_t memory() const noexcept { return lines_.capacity() * sizeof(Evidence) + text_bytes_; }
    bool has(Attribute attribute) const;
    /// The most credible value first.
    std::vector<Belief> beliefs(Attribute attribute) const;
    /// The most credible value, or nothing.
    std::string best(Attribute attribute) const;

private:
    std::vector<Evidence> lines_;
    std::size_t text_bytes_ = 0;   // of values that are too long to stand in their line
    std::uint64_t dropped_ = 0;
};

}   // namespace ward::devices
