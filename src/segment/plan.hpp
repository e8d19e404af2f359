// SPDX-License-Identifier: Apache-2.0
// Which hosts belong together, and who may speak to whom.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "segment/network.hpp"

namespace ward::segment {

struct PlanLimits {
    std::size_t bytes_max = std::size_t{1} << 20U;
    std::size_t zones_max = 1'000;
    std::size_t networks_max = 20'000;   // of all zones, roles among them
    std::size_t allowed_max = 4'096;
    std::size_t ports_max = 64;         // of one conversation
    std::size_t name_bytes_max = 40;    // of a zone
    std::size_t text_bytes_max = 200;   // of a role, and of what people are told
};

// Zones that every plan has without saying so.
inline constexpr std::string_view outside_name = "outside";   // public addresses that are of no zone
inline constexpr std::string_view any_name = "any";           // each zone of the plan, but not `outside`

struct Zone {
    std::string name;
    std::vector<Network> networks{};    // the narrowest of all zones that holds an address decides
    std::vector<std::string> roles{};   // hosts with these, unless a zone names their address
    std::string about{};
    bool operator==(const Zone&) const = default;
};

enum class Protocol : std::uint8_t { tcp, udp };
std::string_view name(Protocol protocol);

struct Ports {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
    auto operator<=>(const Ports&) const = default;
};
/// `53, 88, 5000-5010`.
std::string to_text(const std::vector<Ports>& ports);

struct Allowed {
    std::string from;
    std::string to;
    Protocol protocol = Protocol::tcp;
    std::vector<Ports> ports{};
    std::string why{};
    bool operator==(const Allowed&) const = default;
};

struct Plan {
    std::vector<Zone> zones;
    std::vector<Allowed> allowed;
    bool operator==(const Plan&) const = default;
};

/// docs/formats/segmentation.md. `name` is what errors call the text; they say in which line.
/// Errc::malformed, Errc::limit_exceeded.
Result<Plan> read_plan(std::string_view text, std::string_view name, const PlanLimits& limits = {});

/// What read_plan() reads back as it was.
std::string to_text(const Plan& plan);

}   // namespace ward::segment
