// SPDX-License-Identifier: Apache-2.0
// What follows from all evidence of one device together.
#include <algorithm>
#include <set>

#include "devices/device.hpp"
#include "devices/words.hpp"

namespace ward::devices {
namespace {

using enum Attribute;

void say(Device& device, std::string_view value, std::string_view grounds, unsigned confidence) {
    device.dossier.add({role, std::string{value}, grounds,
                        static_cast<std::uint8_t>(std::min(confidence, 95U)), device.first, device.last, 1});
}

std::size_t count_of(const Device& device, Attribute attribute, std::string_view begins) {
    return static_cast<std::size_t>(std::ranges::count_if(device.dossier.lines(), [&](const Evidence& line) {
        return line.attribute == attribute && line.value.starts_with(begins);
    }));
}

bool offers(const Device& device, std::string_view protocol) {
    return count_of(device, service, std::string{protocol} + " ") > 0;
}

void roles_of_many(Device& device, std::size_t behind) {
    if (behind > 1) say(device, roles::gateway, "several devices speak through it", 75);
    const auto senders = static_cast<unsigned>(count_of(device, peer, "hl7 from "));
    if (senders >= 3)
        say(device, roles::interface_engine, "takes HL7 from several systems", 60 + 5 * senders);
    const auto analysers = static_cast<unsigned>(count_of(device, peer, "astm from "));
    if (analysers >= 2) say(device, roles::lis, "takes results from several analysers", 60 + 5 * analysers);
    const auto monitors = static_cast<unsigned>(count_of(device, peer, "intellivue to "));
    if (monitors >= 2)
        say(device, roles::central_station, "collects from several monitors", 60 + 5 * monitors);
    if (count_of(device, role, "modality (") >= 3)
        say(device, roles::gateway, "sends images of several modalities", 70);
}

/// Only where nothing more telling is known: what it serves, and how it behaves as a client.
void roles_of_habit(Device& device) {
    const auto known = device.dossier.beliefs(role);
    if (!known.empty() && known.front().confidence >= 50) return;
    const auto system = device.best(operating_system);
    if (system == "Android" || system == "iOS")
        say(device, roles::phone, "runs a system of phones and tablets", 55);
    for (const std::string_view protocol :
         {"dns", "smtp", "ldap", "krb5", "ftp", "sip", "http", "tls", "smb"})
        if (offers(device, protocol)) {
            say(device, roles::server, "serves others", 40);
            break;
        }
    const bool browses = count_of(device, service_used, "http ") + count_of(device, service_used, "tls ") +
                             count_of(device, service_used, "smb ") >
                         0;
    if (browses && device.dossier.has(operating_system))
        say(device, roles::workstation, "uses services as people's computers do", 45);
}

std::string listed(const std::set<std::string>& values) {
    std::string text;
    for (const auto& value : values) text += (text.empty() ? "" : ", ") + value;
    return text;
}

/// A name that a host gives itself; relays and certificates carry those of others.
bool is_own_name(const Evidence& line) {
    constexpr std::string_view sources[] = {"dhcp host name", "ntlm authenticate", "nbns registration",
                                            "krb5 machine account", "mdns host"};
    return line.attribute == hostname && std::ranges::find(sources, line.source) != std::end(sources);
}

void doubts(Device& device) {
    std::set<std::string> families;
    std::set<std::string> names;
    std::set<std::string> titles;
    for (const auto& line : device.dossier.lines()) {
        if (line.attribute == operating_system && line.confidence >= 45)
            families.emplace(system_family(line.value));
        if (is_own_name(line)) {
            auto spelled = line.value;
            for (auto& c : spelled) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
            names.insert(std::move(spelled));
        }
        if (line.attribute == ae_title && line.source == "dicom calling title") titles.insert(line.value);
    }
    constexpr std::string_view several = "several hosts behind one address";
    if (families.size() > 1)
        device.flags.push_back({several, "operating systems: " + listed(families), true});
    if (names.size() > 2) device.flags.push_back({several, "host names: " + listed(names), true});
    if (titles.size() > 2)
        device.flags.push_back({"several application entities at one address", listed(titles), true});
}

}   // namespace

void conclude(Device& device, std::size_t behind) {
    roles_of_many(device, behind);
    roles_of_habit(device);
    doubts(device);
    device.criticality = criticality_of(device.best(role));
}

}   // namespace ward::devices
