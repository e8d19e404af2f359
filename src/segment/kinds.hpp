// SPDX-License-Identifier: Apache-2.0
// What hosts have in common that a plan keeps together.
#pragma once

#include <cstdint>
#include <string_view>

namespace ward::segment {

enum class Kind : std::uint8_t {
    unknown,
    workstation,
    server,
    printer,
    phone,
    camera,
    building,
    network_gear,
    bedside,
    station,
    modality,
    analyser,
    pacs,
    ris,
    lis,
    ehr,
    orders,
    engine,
    fhir,
};
inline constexpr std::size_t kinds_count = 19;

/// Of a role of docs/formats/devices.md.
Kind kind_of(std::string_view role);
/// What a zone of these is called.
std::string_view zone_word(Kind kind);

/// Devices that treat or examine patients, and what watches them.
bool is_clinical(Kind kind);
/// One of these is known by its address wherever it stands. The others are of the network they are in.
bool stands_apart(Kind kind);
/// The same, and all of the hospital are one zone.
bool is_one_system(Kind kind);

}   // namespace ward::segment
