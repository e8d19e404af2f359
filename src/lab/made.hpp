// SPDX-License-Identifier: Apache-2.0
// A scenario made into files: docs/formats/lab.md says which.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "core/result.hpp"
#include "lab/days.hpp"

namespace ward::lab {

struct Wish : DaysWish {
    std::filesystem::path folder;                     // must not be there yet
    std::function<void(Moment, Moment)> progress{};   // now and the end; each hour of the story
};

struct Made {
    std::uint64_t acts = 0;
    std::uint64_t messages = 0;       // HL7
    std::uint64_t transactions = 0;   // of FHIR
    std::uint64_t audited = 0;
    std::uint64_t frames = 0;
    std::uint64_t letters = 0;
    std::uint64_t files_touched = 0;
    std::uint64_t bytes = 0;
};

/// The folder is there whole or not at all. Errc::conflict if it is there already, Errc::unavailable when the
/// disk refuses, and what Director::begin() says of the scenario.
Result<Made> make(const Wish& wish);

}   // namespace ward::lab
