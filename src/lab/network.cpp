// SPDX-License-Identifier: Apache-2.0
#include "lab/network.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <utility>

#include "core/assert.hpp"
#include "lab/equipment.hpp"

namespace ward::lab {
namespace {

using enum DeviceKind;

constexpr std::uint32_t first_of_equipment = 1U << 29;   // of devices' numbers
constexpr std::uint32_t first_guest = 1U << 30;
constexpr std::array<Address, 3> networks_outside{0xc000'0200, 0xc633'6400, 0xcb00'7100};

constexpr auto kind_names = std::to_array<std::string_view>({"workstation",
                                                             "domain controller",
                                                             "file server",
                                                             "mail server",
                                                             "EHR server",
                                                             "interface engine",
                                                             "Ward",
                                                             "PACS",
                                                             "laboratory system",
                                                             "monitor gateway",
                                                             "pump gateway",
                                                             "patient monitor",
                                                             "infusion pump",
                                                             "imaging modality",
                                                             "laboratory analyser",
                                                             "building controller",
                                                             "vendor gateway",
                                                             "drug library server",
                                                             "laptop",
                                                             "remote gateway",
                                                             "router",
                                                             "desk phone",
                                                             "handheld phone",
                                                             "nurse call station",
                                                             "printer",
                                                             "label printer",
                                                             "thin client",
                                                             "tablet",
                                                             "handheld scanner",
                                                             "bedside terminal",
                                                             "television",
                                                             "camera",
                                                             "door controller",
                                                             "access point",
                                                             "network switch",
                                                             "power supply",
                                                             "wall clock",
                                                             "call manager",
                                                             "nurse call server",
                                                             "print server",
                                                             "desktop broker",
                                                             "camera recorder",
                                                             "door server",
                                                             "wireless controller",
                                                             "management server",
                                                             "media server"});

constexpr auto computers = std::to_array<Product>({{"Dell", "OptiPlex 7090", 0xf8bc12},
                                                   {"Dell", "OptiPlex 7010", 0xd89ef3},
                                                   {"HP", "ProDesk 600 G6", 0x3c5282},
                                                   {"Lenovo", "ThinkCentre M90q", 0x98fa9b}});
constexpr auto portables = std::to_array<Product>({{"Dell", "Latitude 5440", 0xf8bc12},
                                                   {"HP", "EliteBook 840 G9", 0x3c5282},
                                                   {"Lenovo", "ThinkPad T14", 0x98fa9b}});
constexpr auto servers =
    std::to_array<Product>({{"Dell", "PowerEdge R650", 0xb8ca3a}, {"HP", "ProLiant DL380", 0x9cb654}});
constexpr auto monitors = std::to_array<Product>(
    {{"Philips", "IntelliVue MX700", 0x0009fb}, {"Philips", "IntelliVue MX450", 0x0009fb}});
constexpr auto pumps = std::to_array<Product>(
    {{"B. Braun", "Infusomat Space", 0x001221}, {"Baxter", "Sigma Spectrum", 0x5842e4}});
constexpr auto modalities = std::to_array<Product>({{"Siemens", "SOMATOM go.Up", 0x000e8c},
                                                    {"GE", "Revolution CT", 0x444b5d},
                                                    {"Siemens", "MAGNETOM Sola", 0x000e8c},
                                                    {"Philips", "DigitalDiagnost C90", 0x0009fb},
                                                    {"GE", "LOGIQ E10", 0x444b5d}});
constexpr auto analysers =
    std::to_array<Product>({{"Roche", "cobas pro", 0x000e2f}, {"Sysmex", "XN-1000", 0x00066b}});
constexpr auto controllers =
    std::to_array<Product>({{"Siemens", "Desigo PXC5", 0x00a003}, {"Johnson Controls", "NAE55", 0x00108d}});
constexpr auto gateways = std::to_array<Product>({{"Cisco", "Catalyst 9300", 0x00562b}});

/// Each VLAN has 16 times 256 addresses of 10/8, each site 256 times as many.
Address block_of(Vlan vlan, int site) {
    return (10U << 24) + (static_cast<std::uint32_t>(20 + site) << 16) +
           (static_cast<std::uint32_t>(vlan) << 12);
}

/// Of those in a role, how many have a laptop.
double laptop_share(Role role) {
    switch (role) {
        case Role::coder:
        case Role::it_administrator: return 0.75;
        case Role::manager: return 0.6;
        case Role::physician: return 0.3;
        case Role::resident: return 0.15;
        default: return 0;
    }
}

class Wiring {
public:
    Wiring(const Hospital& hospital, const Random& random)
        : hospital_(hospital), random_(random.stream("network")) {
        network_.domain = "ashmere.example";
        network_.workstations.resize(hospital.departments.size());
    }

    Network wire() {
        const int sites = sites_of(hospital_.size);
        for (int site = 0; site < sites; ++site) add_site(site);
        for (int site = 0; site < sites; ++site) add(remote_gateway, Vlan::remote, gateways, site);
        add_laptops();
        add_equipment(network_, maker_, hospital_, random_.stream("equipment"));
        // Who is plugged in later comes behind those that came and went.
        auto gaps = random_.stream("gaps");
        for (auto& [vlan, last] : network_.last_given) last += static_cast<Address>(gaps.between(0, 120));
        network_.index();
        return std::move(network_);
    }

private:
    void add_site(int site) {
        add(router, Vlan::edge, gateways, site);
        add(domain_controller, Vlan::servers, servers, site);
        for (const auto kind : {file_server, mail_server, ehr_server, interface_engine, ward_vault})
            add(kind, Vlan::servers, servers, site);
        for (std::uint32_t i = 0; i < hospital_.departments.size(); ++i)
            if (hospital_.departments[i].site == site) add_department(DepartmentId{i});
        if (hospital_.size == Size::clinic) return;
        for (const auto kind : {pacs, laboratory_system}) add(kind, Vlan::servers, servers, site);
        for (const auto kind : {monitor_gateway, pump_gateway}) add(kind, Vlan::bedside, servers, site);
        add(vendor_gateway, Vlan::vendors, gateways, site);
        const bool is_large = hospital_.size == Size::large;
        // In turn, so that there is one for each kind of picture and of specimen.
        for (std::size_t left = is_large ? 20 : 4; left > 0; --left)
            add(modality, Vlan::imaging, std::array{modalities[left % modalities.size()]}, site);
        for (std::size_t left = is_large ? 16 : 4; left > 0; --left)
            add(analyser, Vlan::laboratory, std::array{analysers[left % analysers.size()]}, site);
        for (int left = is_large ? 60 : 6; left > 0; --left)
            add(building_controller, Vlan::building, controllers, site);
        add(library_server, Vlan::bedside, servers, site);
    }

    void add_department(DepartmentId id) {
        const auto& department = hospital_.at(id);
        // Two thirds of those who work there are never there at once.
        const auto seats = std::max<std::size_t>(2, department.staff.size() / 3 + department.beds.size() / 6);
        for (std::size_t i = 0; i < seats; ++i) {
            const auto added = add(workstation, Vlan::workstations, computers, department.site);
            network_.devices[place(added)].department = id;
            network_.workstations[place(id)].push_back(added);
        }
        for (const auto bed : department.beds) {
            const bool is_intensive = department.kind == DepartmentKind::intensive;
            if (hospital_.at(bed).is_monitored)
                at_bed(add(monitor, Vlan::bedside, monitors, department.site), bed);
            for (int left = is_intensive ? 4 : 1; left > 0; --left)
                at_bed(add(pump, Vlan::bedside, pumps, department.site), bed);
        }
    }

    /// In turn, so that there are some of each role wherever there are a few.
    void add_laptops() {
        std::map<Role, double> owed;
        for (std::uint32_t i = 0; i < hospital_.staff.size(); ++i) {
            const auto& member = hospital_.staff[i];
            auto [entry, is_first] = owed.try_emplace(member.role, 0.0);
            entry->second += laptop_share(member.role) + (is_first ? random_.uniform() / 2 : 0);
            if (entry->second < 1) continue;
            entry->second -= 1;
            const auto added = add(laptop, Vlan::workstations, portables, hospital_.at(member.home).site);
            network_.devices[place(added)].department = member.home;
            network_.laptops.push_back({added, StaffId{i}, any_address_outside(random_)});
        }
    }

    void at_bed(DeviceId id, BedId bed) {
        auto& device = network_.devices[place(id)];
        device.bed = bed;
        device.department = hospital_.at(bed).department;
    }

    template <std::size_t Count>
    DeviceId add(DeviceKind kind, Vlan vlan, const std::array<Product, Count>& products, int site) {
        const DeviceId id{static_cast<std::uint32_t>(network_.devices.size())};
        network_.devices.push_back(maker_.make({kind, vlan, site, prefix(kind)}, random_.pick(products)));
        return id;
    }

    static std::string_view prefix(DeviceKind kind) {
        constexpr std::array<std::string_view, 21> all{"WS",   "DC",  "FS",  "MAIL", "EHR", "IE",   "WARD",
                                                       "PACS", "LIS", "MGW", "PGW",  "MON", "PUMP", "MOD",
                                                       "ANA",  "BAC", "VPN", "LIB",  "LT",  "RAS",  "RT"};
        return all[static_cast<std::size_t>(kind)];
    }

    const Hospital& hospital_;
    Random random_;
    Network network_;
    DeviceMaker maker_{network_, random_.stream("devices")};
};

}   // namespace

std::string_view name_of(DeviceKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

DeviceId Network::id_of_equipment(std::size_t number) const {
    return DeviceId{first_of_equipment + static_cast<std::uint32_t>(number)};
}

void Network::index() {
    for (std::uint32_t i = 0; i < devices.size(); ++i)
        indexed[{devices[i].kind, devices[i].site}].push_back(DeviceId{i});
    for (std::size_t i = 0; i < equipment.size(); ++i)
        indexed[{equipment[i].kind, equipment[i].site}].push_back(id_of_equipment(i));
}

const std::vector<DeviceId>& Network::of(DeviceKind kind, int site) const {
    static const std::vector<DeviceId> none;
    const auto found = indexed.find({kind, site});
    return found == indexed.end() ? none : found->second;
}

const Device& Network::at(DeviceId id) const {
    const auto number = place(id);
    if (number < first_of_equipment) return devices[number];
    return number < first_guest ? equipment[number - first_of_equipment] : guests[number - first_guest];
}
Device& Network::at(DeviceId id) { return const_cast<Device&>(std::as_const(*this).at(id)); }

std::optional<DeviceId> Network::at_address(Address address) const {
    const auto found = std::ranges::find(devices, address, &Device::address);
    if (found != devices.end()) return DeviceId{static_cast<std::uint32_t>(found - devices.begin())};
    const auto piece = std::ranges::lower_bound(equipment, address, {}, &Device::address);
    if (piece != equipment.end() && piece->address == address)
        return id_of_equipment(static_cast<std::size_t>(piece - equipment.begin()));
    const auto guest = std::ranges::find(guests, address, &Device::address);
    if (guest == guests.end()) return std::nullopt;
    return DeviceId{first_guest + static_cast<std::uint32_t>(guest - guests.begin())};
}

Address Network::next_address(Vlan vlan, int site) {
    auto& last = last_given.try_emplace({vlan, site}, block_of(vlan, site) + 9).first->second;
    // What ends in 255 or 0 some machines take for all of a network, or for the network.
    last += last % 256 >= 254 ? 257 - last % 256 : 1;
    WARD_ASSERT(last < block_of(vlan, site) + 4'095);
    return last;
}

DeviceId Network::plug_in(Device device) {
    const DeviceId id{first_guest + static_cast<std::uint32_t>(guests.size())};
    if (device.address == 0) device.address = next_address(device.vlan, device.site);
    guests.push_back(std::move(device));
    return id;
}

DeviceId Network::one_of(DeviceKind kind, int site) const {
    const auto& all = of(kind, site);
    WARD_ASSERT(!all.empty());
    return all.front();
}

Network make_network(const Hospital& hospital, const Random& random) {
    return Wiring{hospital, random}.wire();
}

Address any_address_outside(Random& random) {
    return random.pick(networks_outside) + 10 + static_cast<Address>(random.below(240));
}

Address address_outside(std::string_view name) {
    std::uint32_t hash = 2'166'136'261;   // FNV-1a
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619;
    return networks_outside[hash % 3] + 10 + hash / 3 % 240;
}

std::string to_text(Address address) {
    return fmt::format("{}.{}.{}.{}", address >> 24, address >> 16 & 255U, address >> 8 & 255U,
                       address & 255U);
}

std::string to_text(const Mac& mac) {
    return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", mac[0], mac[1], mac[2], mac[3], mac[4],
                       mac[5]);
}

}   // namespace ward::lab
