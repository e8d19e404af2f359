// SPDX-License-Identifier: Apache-2.0
#include "detect/finding.hpp"

#include <array>

namespace ward::detect {

std::string_view name(Severity severity) {
    static constexpr auto names = std::to_array<std::string_view>({"low", "medium", "high", "critical"});
    return names[static_cast<std::size_t>(severity)];
}

}   // namespace ward::detect
