// SPDX-License-Identifier: Apache-2.0
// Reading which devices and people a store's events told of: docs/formats/event-store.md.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "history/filter.hpp"

namespace ward::history {

enum class Kind : std::uint8_t { device, person };

/// One that matches, as JSON: `first` and `last`, and of a device what its last event said, of a person
/// `name` and `hosts`.
struct KnownOne {
    std::string id;
    std::string json;
};

/// Who was seen last is first; `limit` at the most, and whether there are more. Errc::not_found where there
/// is no store.
struct KnownPage {
    std::vector<KnownOne> all{};
    bool more = false;
};
Result<KnownPage> find_known(const std::filesystem::path& folder, Kind kind, const Filter& filter,
                             std::size_t limit);

}   // namespace ward::history
