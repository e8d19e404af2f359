// SPDX-License-Identifier: Apache-2.0
#include "lab/equipment.hpp"

#include <algorithm>
#include <span>

namespace ward::lab {
namespace {

using enum DeviceKind;

constexpr auto desk_phones = std::to_array<Product>({{"Cisco", "CP-8841", 0x004268, "SEP"},
                                                     {"Cisco", "CP-7821", 0x6cb2ae, "SEP"},
                                                     {"Cisco", "CP-8851", 0x00c1b1, "SEP"}});
constexpr auto handheld_phones =
    std::to_array<Product>({{"Spectralink", "8440", 0x00907a}, {"Ascom", "i63", 0x00013e}});
constexpr auto call_stations = std::to_array<Product>({{"Rauland", "R5KPB10", 0x00905e}});
constexpr auto page_printers = std::to_array<Product>({{"HP", "LaserJet Enterprise M507", 0x84a93e, "NPI", 6},
                                                       {"HP", "LaserJet Pro M404", 0x3c5282, "NPI", 6},
                                                       {"Lexmark", "MS826de", 0x788c77, "ET"},
                                                       {"Ricoh", "IM C3000", 0x002673, "RNP"}});
constexpr auto label_makers =
    std::to_array<Product>({{"Zebra", "ZD421", 0x00074d}, {"Zebra", "ZT411", 0x609532}});
constexpr auto thin_clients =
    std::to_array<Product>({{"Dell", "Wyse 5070", 0x008064}, {"HP", "t640", 0x84a93e}});
constexpr auto tablets =
    std::to_array<Product>({{"Apple", "iPad", 0xdc080f}, {"Samsung", "Galaxy Tab Active3", 0xfcf136}});
constexpr auto scanners =
    std::to_array<Product>({{"Zebra", "TC52-HC", 0x84248d}, {"Zebra", "TC51-HC", 0x4083de}});
constexpr auto bedside_terminals = std::to_array<Product>({{"Onyx", "Venus-153", 0x9031cd}});
constexpr auto televisions =
    std::to_array<Product>({{"LG", "43UR765H", 0xa823fe}, {"Samsung", "HG43AU800", 0x5c497d}});
constexpr auto cameras = std::to_array<Product>({{"Axis", "P3245-V", 0xaccc8e, "axis-"},
                                                 {"Axis", "M3106-L Mk II", 0xb8a44f, "axis-"},
                                                 {"Hanwha", "QND-8080R", 0x000918},
                                                 {"Bosch", "FLEXIDOME IP 5000i", 0x000463}});
constexpr auto door_controllers =
    std::to_array<Product>({{"Mercury", "EP1502", 0x000fe5}, {"HID", "VertX EVO V1000", 0x00068e}});
constexpr auto access_points =
    std::to_array<Product>({{"Aruba", "AP-515", 0x24dec6}, {"Aruba", "AP-345", 0x6cf37f}});
constexpr auto switches =
    std::to_array<Product>({{"Cisco", "Catalyst 9300-48P", 0xf87b20}, {"Cisco", "Catalyst 9200L", 0x00562b}});
constexpr auto power_supplies =
    std::to_array<Product>({{"APC", "Smart-UPS 1500", 0x00c0b7, "apc", 6}, {"Eaton", "5PX 2200", 0x002085}});
constexpr auto clocks =
    std::to_array<Product>({{"Sapling", "SAP PoE", 0x603696}, {"Primex", "OneVue", 0x4cbc72}});
constexpr auto machines =
    std::to_array<Product>({{"Dell", "PowerEdge R650", 0xb8ca3a}, {"HP", "ProLiant DL380", 0x9cb654}});
constexpr auto controllers = std::to_array<Product>({{"Aruba", "7210", 0x001a1e}});

struct Stock {
    DeviceKind kind{};
    Vlan vlan{};
    std::string_view prefix;
    std::span<const Product> makes;
    double for_seat = 0;   // each
    double for_bed = 0;
    double for_department = 0;
};

const auto stocks = std::to_array<Stock>({
    {desk_phone, Vlan::voice, "PH", desk_phones, 2.4, 0.6, 0},
    {handheld_phone, Vlan::mobile, "HP", handheld_phones, 0.6, 0.2, 0},
    {nurse_call_station, Vlan::nurse_call, "NC", call_stations, 0.1, 1.5, 0},
    {printer, Vlan::printers, "PR", page_printers, 0.3, 0, 1},
    {label_printer, Vlan::printers, "LP", label_makers, 0.15, 0.1, 0.5},
    {thin_client, Vlan::workstations, "TC", thin_clients, 0.9, 0, 0},
    {tablet, Vlan::mobile, "TB", tablets, 0.3, 0.5, 0},
    {handheld_scanner, Vlan::mobile, "SC", scanners, 0.1, 0.4, 0},
    {bedside_terminal, Vlan::patients, "BT", bedside_terminals, 0, 1, 0},
    {television, Vlan::patients, "TV", televisions, 0, 0.5, 1},
    {camera, Vlan::security, "CAM", cameras, 0.4, 0.6, 1},
    {door_controller, Vlan::security, "DR", door_controllers, 0.25, 0.1, 1},
    {access_point, Vlan::management, "AP", access_points, 0.4, 0.4, 1},
    {network_switch, Vlan::management, "SW", switches, 0.1, 0, 1},
    {power_supply, Vlan::management, "UPS", power_supplies, 0.05, 0, 1},
    {wall_clock, Vlan::management, "CL", clocks, 0.3, 0.2, 0},
});

struct Host {
    DeviceKind kind{};
    Vlan vlan{};
    std::string_view prefix;
    std::span<const Product> makes;
    bool is_in_practices = false;
};

const auto hosts = std::to_array<Host>({
    {call_manager, Vlan::voice, "VOICE", machines, true},
    {nurse_call_server, Vlan::nurse_call, "CALL", machines},
    {print_server, Vlan::servers, "PRINT", machines},
    {desktop_broker, Vlan::servers, "VDI", machines},
    {camera_recorder, Vlan::security, "NVR", machines, true},
    {door_server, Vlan::security, "DOORS", machines},
    {wireless_controller, Vlan::management, "WLC", controllers},
    {management_server, Vlan::management, "NMS", machines},
    {media_server, Vlan::patients, "MEDIA", machines},
});

class Outfitting {
public:
    Outfitting(Network& network, DeviceMaker& maker, const Hospital& hospital, Random random)
        : network_(network), maker_(maker), hospital_(hospital), random_(random) {}

    void outfit() {
        const bool is_practice = hospital_.size == Size::clinic;
        for (int site = 0; site < sites_of(hospital_.size); ++site) {
            for (const auto& host : hosts)
                if (!is_practice || host.is_in_practices)
                    add(host.kind, host.vlan, host.prefix, host.makes, site);
            for (const auto& stock : stocks)
                if (!is_practice || !is_of_hospitals(stock.kind)) add_for_departments(stock, site);
        }
        std::ranges::sort(network_.equipment, {}, &Device::address);
    }

private:
    static bool is_of_hospitals(DeviceKind kind) {
        return kind == nurse_call_station || kind == thin_client || kind == handheld_phone ||
               kind == bedside_terminal || kind == television;
    }

    void add_for_departments(const Stock& stock, int site) {
        double owed = 0.5;
        for (std::uint32_t i = 0; i < hospital_.departments.size(); ++i) {
            const DepartmentId id{i};
            const auto& department = hospital_.at(id);
            if (department.site != site) continue;
            owed += stock.for_department +
                    stock.for_seat * static_cast<double>(network_.workstations_of(id).size()) +
                    stock.for_bed * static_cast<double>(department.beds.size());
            for (; owed >= 1; --owed)
                add(stock.kind, stock.vlan, stock.prefix, stock.makes, site).department = id;
        }
    }

    Device& add(DeviceKind kind, Vlan vlan, std::string_view prefix, std::span<const Product> makes,
                int site) {
        network_.equipment.push_back(maker_.make({kind, vlan, site, prefix}, random_.pick(makes)));
        return network_.equipment.back();
    }

    Network& network_;
    DeviceMaker& maker_;
    const Hospital& hospital_;
    Random random_;
};

}   // namespace

void add_equipment(Network& network, DeviceMaker& maker, const Hospital& hospital, Random random) {
    Outfitting{network, maker, hospital, random}.outfit();
}

}   // namespace ward::lab
