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
    printers,
    voice,
    nurse_call,
    security,   // cameras and doors
    mobile,     // what is carried about, over the air
    patients,   // what patients look at
    management,
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
    // Equipment: of all kinds from here on, see Network::equipment.
    desk_phone,
    handheld_phone,
    nurse_call_station,
    printer,
    label_printer,
    thin_client,
    tablet,
    handheld_scanner,
    bedside_terminal,
    television,
    camera,
    door_controller,
    access_point,
    network_switch,
    power_supply,   // that goes on without power
    wall_clock,
    call_manager,
    nurse_call_server,
    print_server,
    desktop_broker,
    camera_recorder,
    door_server,
    wireless_controller,
    management_server,
    media_server,
};
std::string_view name_of(DeviceKind kind);
constexpr bool is_equipment(DeviceKind kind) { return kind > DeviceKind::router; }
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
    std::vector<Device> devices;   // the house's, that people and systems work with
    /// The house's too, by address. Nobody works at it whom a record, a trail or a scenario knows: who picks
    /// any device does not mean these.
    std::vector<Device> equipment;
    std::deque<Device> guests;                         // plugged in later: nobody of the house counts on them
    std::vector<std::vector<DeviceId>> workstations;   // of each department
    std::vector<Laptop> laptops;

    const Device& at(DeviceId id) const;
    Device& at(DeviceId id);
    const std::vector<DeviceId>& of(DeviceKind kind, int site) const;
    std::optional<DeviceId> at_address(Address address) const;
    DeviceId one_of(DeviceKind kind, int site) const;   // the first; there is one
    DeviceId id_of_equipment(std::size_t number) const;
    const std::vector<DeviceId>& workstations_of(DepartmentId id) const { return workstations[place(id)]; }
    /// A guest, which gets the next address of its VLAN, unless it has one.
    DeviceId plug_in(Device device);
    Address next_address(Vlan vlan, int site);

    std::map<std::pair<Vlan, int>, Address> last_given;   // of each site's VLANs
    /// Once all of the house's are there.
    void index();
    std::map<std::pair<DeviceKind, int>, std::vector<DeviceId>> indexed;   // those of a kind at a site
};

Network make_network(const Hospital& hospital, const Random& random);

/// Somebody's outside, of RFC 5737's three networks.
Address any_address_outside(Random& random);
/// The address that a name outside has, the same each time: one of RFC 5737's three networks.
Address address_outside(std::string_view name);

std::string to_text(Address address);
std::string to_text(const Mac& mac);

}   // namespace ward::lab
