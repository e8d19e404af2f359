// SPDX-License-Identifier: Apache-2.0
// Which findings a verdict or a declaration is about, and what that makes of them.
#pragma once

#include "desk/rows.hpp"

namespace ward::desk {

bool covers(const Verdict& verdict, const KeptFinding& finding);
bool explains(const Declaration& declaration, const KeptFinding& finding);

/// Such a kind is explained by a declaration only if that names it.
bool must_be_named(std::string_view kind);

/// The newest verdict decides. Where there is none, a declaration does.
struct Effect {
    enum class What : std::uint8_t { none, raised, explained };
    What what = What::none;
    std::int64_t verdict = 0;       // 0: none
    std::int64_t declaration = 0;   // 0: none

    bool is_explained() const { return what == What::explained; }
};
Effect effect_of(const Book& book, const KeptFinding& finding);

/// From 0 to 1, after what was said.
double risk_of(const Book& book, const KeptFinding& finding, const DeskLimits& limits);

/// As detectors made it, without its words. Valid as long as the row.
detect::Finding as_found(const KeptFinding& finding);

}   // namespace ward::desk
