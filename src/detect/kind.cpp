// SPDX-License-Identifier: Apache-2.0
#include "detect/kind.hpp"

#include <algorithm>
#include <array>

namespace ward::detect {
namespace {

constexpr std::string_view unknown = "unknown host", unknown_server = "unknown host that serves others";

std::string_view kind_of(std::string_view role, bool serves) {
    if (!role.empty()) return role;
    return serves ? unknown_server : unknown;
}

}   // namespace

std::string_view client_kind(const Seen& seen) { return kind_of(seen.client_role, seen.client_serves); }

std::string_view server_kind(const Seen& seen) { return kind_of(seen.server_role, seen.server_serves); }

bool is_unknown_kind(std::string_view kind) { return kind == unknown || kind == unknown_server; }

bool is_clinical(std::string_view kind) {
    // Roles of devices.md; a modality is named with what it makes.
    static constexpr auto roles = std::to_array<std::string_view>(
        {"infusion pump", "ventilator", "patient monitor", "central station", "medical device", "analyser"});
    return kind.starts_with("modality") || std::ranges::find(roles, kind) != roles.end();
}

std::uint8_t KindNumbers::number_of(std::string_view kind) {
    const auto known = std::ranges::find(names_, kind);
    if (known != names_.end()) return static_cast<std::uint8_t>(known - names_.begin());
    if (names_.size() == kinds_max) return kinds_max - 1;
    names_.emplace_back(names_.size() == kinds_max - 1 ? "host of a rare kind" : kind);
    return static_cast<std::uint8_t>(names_.size() - 1);
}

}   // namespace ward::detect
