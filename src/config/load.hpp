// SPDX-License-Identifier: Apache-2.0
// Reads a TOML file into a Config. What it does not know is an error that says where, and what was meant.
#pragma once

#include <filesystem>
#include <string_view>

#include "config/settings.hpp"
#include "core/result.hpp"

namespace ward::config {

inline constexpr std::size_t file_bytes_max = 64 * 1024;
inline constexpr std::string_view system_file = "/etc/ward/ward.toml";

/// `name` is what errors call the text. What the text does not set keeps its default.
Result<Config> parse(std::string_view text, std::string_view name);

/// Errc::not_found without the file.
Result<Config> load(const std::filesystem::path& file);

/// The file that was named (`--config`), else $WARD_CONFIG, else the system's if there is one, else nothing:
/// then a Config is all defaults.
std::filesystem::path choose_file(std::string_view named);

/// Loads the chosen file.
Result<Config> load_chosen(std::string_view named);

}   // namespace ward::config
