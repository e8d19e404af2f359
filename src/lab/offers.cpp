// SPDX-License-Identifier: Apache-2.0
#include "lab/offers.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ward::lab {
namespace {

constexpr double program_bytes_max = 600'000;

std::string full_name(const Network& network, const Device& device) {
    std::string name = device.name;
    for (auto& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return fmt::format("{}.{}", name, network.domain);
}

}   // namespace

std::vector<std::vector<std::string>> services_of(const Network& network, int site) {
    constexpr auto classes =
        std::to_array<std::string_view>({"HTTP", "host", "WSMAN", "TERMSRV", "SMTPSVC", "HDB", "AgentSvc"});
    std::vector<std::vector<std::string>> services;
    for (const auto& device : network.devices) {
        if (device.vlan != Vlan::servers || device.site != site || device.kind == DeviceKind::ward_vault)
            continue;
        const auto name = full_name(network, device);
        for (const auto one : classes) services.push_back({std::string{one}, name});
        services.push_back({"MSSQLSvc", name + ":1433"});
        services.push_back({"MSSQLSvc", name + ":REPORTS"});
    }
    return services;
}

bool has_open(const Device& device, std::uint16_t port) {
    using enum DeviceKind;
    constexpr auto windows = std::to_array<DeviceKind>(
        {workstation, domain_controller, file_server, mail_server, ehr_server, modality, pacs});
    return (port == 445 || port == 135) && std::ranges::find(windows, device.kind) != windows.end();
}

bool speaks_old_smb(const Device& device) {
    return device.kind == DeviceKind::modality && device.address % 8 != 3;   // but for those that were mended
}

LaidProgram some_program(Random& random) {
    constexpr auto names = std::to_array<std::string_view>(
        {"agent", "update", "setup", "remsvc", "runner", "inst", "patch", "client", "", ""});
    constexpr auto folders = std::to_array<std::string_view>({"", "", "Temp\\", "System32\\"});
    const bool is_admin = random.chance(0.7);
    return {is_admin ? "ADMIN$" : "C$",
            fmt::format("{}{}{}{:04x}.exe", is_admin ? "" : "Windows\\", random.pick(folders),
                        random.pick(names), random.below(1U << 16)),
            static_cast<std::uint64_t>(std::min(random.around(70'000, 2.2), program_bytes_max))};
}

}   // namespace ward::lab
