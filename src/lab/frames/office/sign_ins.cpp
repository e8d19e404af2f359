// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/sign_ins.hpp"

namespace ward::lab {
namespace {

constexpr double whole_share = 0.4;             // of sign-ins; the others unlock what is there still
constexpr double legacy_share = 0.04;           // to a database whose account never got newer keys
constexpr double refreshed_after = 6 * 3'600;   // seconds

}   // namespace

void SignIns::begin() {
    const auto& devices = wires_.network().devices;
    for (std::uint32_t i = 0; i < devices.size(); ++i) {
        if (devices[i].kind != DeviceKind::workstation) continue;
        const DeviceId id{i};
        wires_.story().agenda().in(seconds_of(random_->uniform() * refreshed_after),
                                   [this, id] { refresh_policies(id); });
    }
}

/// A machine signs in too, by an account of its own, and asks what holds for it.
void SignIns::refresh_policies(DeviceId workstation) {
    const auto& device = wires_.network().at(workstation);
    const auto& controller = wires_.server(DeviceKind::domain_controller, device.site);
    const Account account{device, device.name + "$"};
    auto at = office_.resolver.find(device, controller, wires_.story().now());
    if (random_->chance(0.5)) at = office_.tickets.sign_in(account, at);
    at = office_.tickets.ticket_for(account, {"cifs", wires_.full_name(controller)}, at);
    office_.shares.read_policies(account, at);
    wires_.story().agenda().in(seconds_of(random_->around(refreshed_after, 1.3)),
                               [this, workstation] { refresh_policies(workstation); });
}

void SignIns::see(const SessionChanged& session, StaffId who, Moment at) {
    const Account account{wires_.network().at(session.workstation), wires_.story().hospital().at(who).login};
    at += milliseconds_of(random_->around(30, 2));
    if (session.what == SessionChanged::What::refused) office_.tickets.sign_in_wrongly(account, at);
    if (session.what == SessionChanged::What::opened) open(account, who, at);
}

void SignIns::open(const Account& account, StaffId who, Moment at) {
    const auto site = account.device.site;
    const auto& controller = wires_.server(DeviceKind::domain_controller, site);
    const auto& files = wires_.server(DeviceKind::file_server, site);
    const auto pause = [&] { return milliseconds_of(random_->around(8, 2.5)); };
    at = office_.resolver.find(account.device, controller, at);
    at = office_.tickets.sign_in(account, at) + pause();
    at = office_.tickets.ticket_for(account, {"host", wires_.full_name(account.device)}, at) + pause();
    if (!random_->chance(whole_share)) return;
    const auto controller_name = wires_.full_name(controller);
    at =
        office_.tickets.ticket_for(account, {"ldap", controller_name, wires_.network().domain}, at) + pause();
    at = office_.directory.look_up(account, who, at) + pause();
    at = office_.resolver.find(account.device, files, at);
    at = office_.tickets.ticket_for(account, {"cifs", wires_.full_name(files)}, at) + pause();
    const auto& hospital = wires_.story().hospital();
    at = office_.shares.look_around(account, hospital.at(hospital.at(who).home), at);
    if (random_->chance(legacy_share))
        office_.tickets.ticket_for(account, {"MSSQLSvc", wires_.full_name(files) + ":1433"}, at + pause(),
                                   kerberos::rc4);
}

}   // namespace ward::lab
