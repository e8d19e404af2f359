// SPDX-License-Identifier: Apache-2.0
#include "detect/finding.hpp"

#include <array>

namespace ward::detect {

std::string_view name(Severity severity) {
    static constexpr auto names = std::to_array<std::string_view>({"low", "medium", "high", "critical"});
    return names[static_cast<std::size_t>(severity)];
}

double risk_of(const Finding& finding) {
    static constexpr std::array badness{0.1, 0.35, 0.7, 1.0};
    return badness[static_cast<std::size_t>(finding.severity)] * finding.confidence / 100;
}

}   // namespace ward::detect
