// SPDX-License-Identifier: Apache-2.0
// What a device is for, and what a patient loses if it fails.
#pragma once

#include <string_view>

namespace ward::devices::roles {

inline constexpr std::string_view infusion_pump = "infusion pump";
inline constexpr std::string_view ventilator = "ventilator";
inline constexpr std::string_view patient_monitor = "patient monitor";
inline constexpr std::string_view central_station = "central station";
inline constexpr std::string_view modality = "modality";   // always with its kind: modality (CT)
inline constexpr std::string_view medical_device = "medical device";
inline constexpr std::string_view pacs = "PACS";
inline constexpr std::string_view ris = "RIS";
inline constexpr std::string_view lis = "LIS";
inline constexpr std::string_view ehr = "EHR or registration";
inline constexpr std::string_view order_entry = "order entry";
inline constexpr std::string_view fhir_server = "FHIR server";
inline constexpr std::string_view analyser = "analyser";
inline constexpr std::string_view interface_engine = "EHR interface engine";
inline constexpr std::string_view gateway = "gateway";
inline constexpr std::string_view workstation = "workstation";
inline constexpr std::string_view server = "server";
inline constexpr std::string_view printer = "printer";
inline constexpr std::string_view camera = "camera";
inline constexpr std::string_view building_controller = "building controller";
inline constexpr std::string_view phone = "phone";
inline constexpr std::string_view network_gear = "network gear";

}   // namespace ward::devices::roles

namespace ward::devices {

struct Criticality {
    std::string_view level = "unknown";   // life-critical, care-critical, supporting, unknown
    std::string_view reason = "nothing tells what it does";
};

/// A guess by the role alone: what would be missing at the bedside.
Criticality criticality_of(std::string_view role);

}   // namespace ward::devices
