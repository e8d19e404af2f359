// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/sites.hpp"

#include <fmt/format.h>

namespace ward::lab {
namespace {

constexpr auto themes = std::to_array<std::string_view>(
    {"news",  "weather", "search", "mail",    "medline",    "drug",      "travel",   "recipe", "bank",
     "shop",  "radio",   "city",   "sport",   "video",      "school",    "jobs",     "maps",   "book",
     "rail",  "photo",   "tax",    "energy",  "journal",    "forum",     "pharma",   "guide",  "parcel",
     "house", "garden",  "music",  "filebay", "cloudcrate", "sendlarge", "megashelf"});
constexpr auto endings = std::to_array<std::string_view>(
    {"", "line", "point", "hub", "daily", "now", "haven", "bridge", "works", "forge", "-portal", "24"});
constexpr auto hosts = std::to_array<std::string_view>(
    {"www.", "www.", "www.", "www.", "", "", "m.", "app.", "login.", "my.", "eu.", "us.", "files.", "up."});
constexpr auto parts =
    std::to_array<std::string_view>({"cdn", "static", "img", "fonts", "api", "assets", "metrics", "tags",
                                     "events", "ads", "consent", "update", "telemetry"});
constexpr auto owners = std::to_array<std::string_view>(
    {"brightcache", "pagemeter", "tagflow", "adlattice", "fontwell", "edgeloft", "cookiebox", "mapgrid",
     "softcare", "driverhub", "printworks", "plugspace", "toolpath", "viewkit"});

}   // namespace

std::string any_site(Random& random) {
    // The cube: an eighth of the sites gets half of the visits.
    const auto chance = random.uniform();
    const auto number = static_cast<std::size_t>(chance * chance * chance *
                                                 static_cast<double>(themes.size() * endings.size()));
    return fmt::format("{}{}{}.example", random.pick(hosts), themes[number % themes.size()],
                       endings[number / themes.size()]);
}

std::string any_third_party(Random& random) {
    if (random.chance(0.2)) return fmt::format("{:08x}.edgeloft.example", random.below(1U << 31));
    const auto part = random.pick(parts);
    const auto number = random.chance(0.2) ? std::to_string(random.between(1, 9)) : std::string{};
    return fmt::format("{}{}.{}.example", part, number, random.pick(owners));
}

}   // namespace ward::lab
