// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/sign_ins.hpp"

namespace ward::lab {
namespace {

constexpr double whole_share = 0.4;     // of sign-ins; the others unlock what is there still
constexpr double legacy_share = 0.04;   // to a database whose account never got newer keys

}   // namespace

void SignIns::see(const SessionChanged& session, StaffId who, Moment at) {
    const Account account{wires_.network().at(session.workstation), wires_.story().hospital().at(who).login};
    at += milliseconds_of(random_.around(30, 2));
    if (session.what == SessionChanged::What::refused) tickets_.sign_in_wrongly(account, at);
    if (session.what == SessionChanged::What::opened) open(account, who, at);
}

void SignIns::open(const Account& account, StaffId who, Moment at) {
    const auto site = account.device.site;
    const auto& controller = wires_.server(DeviceKind::domain_controller, site);
    const auto& files = wires_.server(DeviceKind::file_server, site);
    const auto pause = [&] { return milliseconds_of(random_.around(8, 2.5)); };
    at = resolver_.find(account.device, controller, at);
    at = tickets_.sign_in(account, at) + pause();
    at = tickets_.ticket_for(account, {"host", wires_.full_name(account.device)}, at) + pause();
    if (!random_.chance(whole_share)) return;
    const auto controller_name = wires_.full_name(controller);
    at = tickets_.ticket_for(account, {"ldap", controller_name, wires_.network().domain}, at) + pause();
    at = directory_.look_up(account, who, at) + pause();
    at = resolver_.find(account.device, files, at);
    at = tickets_.ticket_for(account, {"cifs", wires_.full_name(files)}, at) + pause();
    if (random_.chance(legacy_share))
        tickets_.ticket_for(account, {"MSSQLSvc", wires_.full_name(files) + ":1433"}, at + pause(),
                            kerberos::rc4);
}

}   // namespace ward::lab
