// SPDX-License-Identifier: Apache-2.0
#include "segment/kinds.hpp"

#include <algorithm>
#include <array>

namespace ward::segment {
namespace {

struct OfRole {
    std::string_view role;
    Kind kind;
};
constexpr std::array roles{
    OfRole{"infusion pump", Kind::bedside},
    OfRole{"ventilator", Kind::bedside},
    OfRole{"patient monitor", Kind::bedside},
    OfRole{"medical device", Kind::bedside},
    OfRole{"central station", Kind::station},
    OfRole{"gateway", Kind::station},
    OfRole{"analyser", Kind::analyser},
    OfRole{"PACS", Kind::pacs},
    OfRole{"RIS", Kind::ris},
    OfRole{"LIS", Kind::lis},
    OfRole{"EHR or registration", Kind::ehr},
    OfRole{"order entry", Kind::orders},
    OfRole{"EHR interface engine", Kind::engine},
    OfRole{"FHIR server", Kind::fhir},
    OfRole{"workstation", Kind::workstation},
    OfRole{"server", Kind::server},
    OfRole{"printer", Kind::printer},
    OfRole{"camera", Kind::camera},
    OfRole{"building controller", Kind::building},
    OfRole{"phone", Kind::phone},
    OfRole{"network gear", Kind::network_gear},
};

constexpr std::array<std::string_view, kinds_count> words{
    "hosts",        "workstations", "servers",     "printers",   "phones",    "cameras", "building",
    "network-gear", "bedside",      "stations",    "modalities", "analysers", "pacs",    "ris",
    "lis",          "ehr",          "order-entry", "engine",     "fhir"};

}   // namespace

Kind kind_of(std::string_view role) {
    if (role.starts_with("modality")) return Kind::modality;   // always with its kind
    const auto known = std::ranges::find(roles, role, &OfRole::role);
    return known == roles.end() ? Kind::unknown : known->kind;
}

std::string_view zone_word(Kind kind) { return words.at(static_cast<std::size_t>(kind)); }

bool is_clinical(Kind kind) {
    return kind == Kind::bedside || kind == Kind::station || kind == Kind::modality || kind == Kind::analyser;
}

bool is_one_system(Kind kind) { return kind >= Kind::pacs; }

bool stands_apart(Kind kind) { return kind == Kind::server || is_clinical(kind) || is_one_system(kind); }

}   // namespace ward::segment
