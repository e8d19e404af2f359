// SPDX-License-Identifier: Apache-2.0
// What patient monitors and their gateway say: Philips IntelliVue, Data Export Interface Programming Guide
// (4535 642 59271), chapters 4 to 7, as far as numerics need it.
#pragma once

#include <span>
#include <string>

#include "core/bytes.hpp"
#include "lab/agenda.hpp"

namespace ward::lab::intellivue {

inline constexpr std::uint16_t port = 24'105;

// Association control.
Buffer connect();
Buffer accept();
Buffer release();
Buffer released();

struct System {
    std::string manufacturer;
    std::string model;
    std::string bed_label;
    std::string serial;
    std::array<std::uint8_t, 6> mac{};
};
/// The first that a monitor tells: what it is. The gateway confirms it.
Buffer create_event(const System& system, std::uint16_t invoke, std::uint32_t ticks);
Buffer create_event_result(std::uint16_t invoke, std::uint32_t ticks);

struct Numeric {
    std::uint16_t handle = 0;
    std::uint16_t physiological_id = 0;
    std::uint16_t unit = 0;
    double value = 0;
    int decimals = 0;
};
/// Asks for all numerics for a while, without asking again (chapter 6, extended poll).
Buffer poll_numerics(std::uint16_t invoke, std::uint16_t poll_number, std::chrono::seconds lasting);

struct Telling {
    std::uint16_t invoke = 0;        // of the poll that it answers
    std::uint16_t poll_number = 0;   // of the poll too
    std::uint16_t sequence = 0;
    std::uint32_t ticks = 0;   // eighths of a millisecond since the monitor was switched on
    Moment at{};
};
Buffer numerics(const Telling& telling, std::span<const Numeric> values);

}   // namespace ward::lab::intellivue
