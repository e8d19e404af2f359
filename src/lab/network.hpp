// SPDX-License-Identifier: Apache-2.0
// What is plugged in: devices of the kinds that hospitals have, each in the VLAN where it belongs.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/hospital.hpp"

namespace ward::lab {

enum class Vlan : std::uint8_t {
    servers,
    workstations,
    bedside,
    imaging,
    laboratory,
    building,
    vendors,
    edge,
    remote,   // those who come in from outside, and what lets them in
};

enum class DeviceKind : std::uint8_t {
    workstation,
    domain_controller,
    file_server,
    mail_server,
    ehr_server,         // the record that the staff work in
    interface_engine,   // sends HL7 on to those who want it
    ward_vault,
    pacs,
    laboratory_system,
    monitor_gateway,
    pump_gateway,
    monitor,
    pump,
    modality,
    analyser,
    building_controller,
    vendor_gateway,
    library_server,   // of pumps' drugs and firmware
    laptop,           // goes home with whose it is
    remote_gateway,   // by which it comes in from there
    router,
};
std::string_view name_of(DeviceKind kind);
/// What somebody sits at.
constexpr bool is_for_people(DeviceKind kind) {
    return kind == DeviceKind::workstation || kind == DeviceKind::laptop;
}

using Mac = std::array<std::uint8_t, 6>;
using Address = std::uint32_t;   // IPv4, host order

enum class DeviceId : std::uint32_t {};

struct Device {
    DeviceKind kind{};
    Vlan vlan{};
    int site = 0;
    std::optional<DepartmentId> department{};
    std::optional<BedId> bed{};
    std::string name;   // host name
    std::string_view vendor;
    std::string_view model;
    std::string serial;
    Mac mac{};
    Address address = 0;
};

/// A computer that somebody takes home.
struct Laptop {
    DeviceId device{};
    StaffId owner{};
    Address home = 0;   // outside
};

struct Network {
    std::string domain;
    std::vector<Device> devices;                       // the house's
    std::deque<Device> guests;                         // plugged in later: nobody of the house counts on them
    std::vector<std::vector<DeviceId>> workstations;   // of each department
    std::vector<Laptop> laptops;

    const Device& at(DeviceId id) const;
    Device& at(DeviceId id);
    std::vector<DeviceId> of(DeviceKind kind, int site) const;
    std::optional<DeviceId> at_address(Address address) const;
    DeviceId one_of(DeviceKind kind, int site) const;   // the first; there is one
    const std::vector<DeviceId>& workstations_of(DepartmentId id) const { return workstations[place(id)]; }
    /// A guest, which gets the next address of its VLAN, unless it has one.
    DeviceId plug_in(Device device);

    std::map<std::pair<Vlan, int>, Address> last_given;   // of each site's VLANs
};

Network make_network(const Hospital& hospital, const Random& random);

/// Somebody's outside, of RFC 5737's three networks.
Address any_address_outside(Random& random);
/// The address that a name outside has, the same each time: one of RFC 5737's three networks.
Address address_outside(std::string_view name);

std::string to_text(Address address);
std::string to_text(const Mac& mac);

}   // namespace ward::lab
