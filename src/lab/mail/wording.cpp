// SPDX-License-Identifier: Apache-2.0
#include "lab/mail/wording.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "core/assert.hpp"
#include "core/text.hpp"

namespace ward::lab {
namespace {

constexpr auto items = std::to_array<std::string_view>({"infusion sets",         "gloves, size M",
                                                        "the bladder scanner",   "the label printer",
                                                        "syringe pumps",         "wound dressings",
                                                        "the crash trolley",     "blood culture bottles",
                                                        "monitor cables",        "the tube system",
                                                        "wheelchairs",           "scrubs",
                                                        "the ice machine",       "suction units",
                                                        "the centrifuge",        "ECG paper",
                                                        "patient wristbands",    "the ultrasound probe",
                                                        "the medication fridge", "oxygen cylinders",
                                                        "bed mattresses",        "the hoist"});
constexpr auto rooms = std::to_array<std::string_view>(
    {"the seminar room", "room 2.14", "the library", "meeting room B", "the small conference room",
     "the lecture hall", "room 0.07", "the staff room", "the annex", "video room 3"});
constexpr auto week = std::to_array<std::string_view>(
    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "tomorrow", "next week"});
constexpr auto months =
    std::to_array<std::string_view>({"January", "February", "March", "April", "May", "June", "July"});
constexpr auto matters = std::to_array<std::string_view>(
    {"the discharge letters",    "hand hygiene",        "the budget",         "the new consent forms",
     "the waiting times",        "the fire drill",      "bed capacity",       "the audit",
     "the handover sheet",       "sickness cover",      "the training plan",  "the falls protocol",
     "infection control",        "the parking permits", "the coding backlog", "the visitors' policy",
     "the antibiotic guideline", "data protection",     "the summer leave",   "the incident review"});
constexpr auto systems = std::to_array<std::string_view>(
    {"the record", "the print server", "the file share", "remote access", "the imaging archive", "telephony",
     "the wireless network", "the intranet", "the rota planner", "e-mail"});

std::string thing_to_name(std::string_view name, Random& random) {
    if (name == "item") return std::string{random.pick(items)};
    if (name == "room") return std::string{random.pick(rooms)};
    if (name == "day") return std::string{random.pick(week)};
    if (name == "month") return std::string{random.pick(months)};
    if (name == "matter") return std::string{random.pick(matters)};
    if (name == "system") return std::string{random.pick(systems)};
    if (name == "hour")
        return fmt::format("{:02}:{}", random.between(7, 18), random.chance(0.5) ? "00" : "30");
    if (name == "number") return fmt::format("{}", random.between(10'000, 999'999));
    if (name == "few") return fmt::format("{}", random.between(2, 9));
    WARD_ASSERT(name == "amount");
    return fmt::format("{}.{:02}", random.between(40, 18'000), random.between(0, 99));
}

std::string_view one_of(std::string_view choices, Random& random) {
    auto skip = random.below(static_cast<std::uint64_t>(std::ranges::count(choices, '|')) + 1);
    for (; skip > 0; --skip) take_until(choices, '|');
    return take_until(choices, '|');
}

std::string chosen(std::string_view pattern, Random& random) {
    std::string out;
    while (!pattern.empty()) {
        out += take_until(pattern, '{');
        if (!pattern.empty()) out += one_of(take_until(pattern, '}'), random);
    }
    return out;
}

}   // namespace

Slots things_to_name(Random& random) {
    Slots slots;
    for (const std::string_view name :
         {"item", "room", "day", "month", "matter", "system", "number", "amount"})
        slots.emplace_back(name, thing_to_name(name, random));
    return slots;
}

std::string worded(std::string_view pattern, Random& random, const Slots& slots) {
    const auto text = chosen(pattern, random);
    std::string_view left{text};
    std::string out;
    while (!left.empty()) {
        out += take_until(left, '<');
        if (left.empty()) break;
        const auto name = take_until(left, '>');
        const auto given = std::ranges::find(slots, name, &Slots::value_type::first);
        out += given == slots.end() ? thing_to_name(name, random) : given->second;
    }
    return out;
}

}   // namespace ward::lab
