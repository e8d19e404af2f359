// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/clock.hpp"

namespace ward::vault {

inline constexpr std::string_view release_version = "0.1.0";
inline constexpr Time release_date = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};

}   // namespace ward::vault
