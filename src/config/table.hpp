// SPDX-License-Identifier: Apache-2.0
// A TOML document of another kind than Ward's own settings, as plain values.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.hpp"

namespace ward::config {

using Scalar = std::variant<std::string, std::int64_t, double, bool>;

struct Table {
    std::uint32_t line = 0;   // where it begins
    std::map<std::string, Scalar, std::less<>> values{};
    std::map<std::string, std::uint32_t, std::less<>> lines{};         // of each value, and of each list
    std::map<std::string, std::vector<Table>, std::less<>> tables{};   // [[name]]
};

/// Texts, numbers, truths, and lists of tables of these; anything else is an error. `name` is what errors
/// call the text. Errc::malformed, with the line.
Result<Table> parse_table(std::string_view text, std::string_view name);

}   // namespace ward::config
