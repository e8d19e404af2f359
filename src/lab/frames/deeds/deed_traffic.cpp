// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/deeds/deed_traffic.hpp"

#include <algorithm>

#include "lab/frames/office/port_try.hpp"

namespace ward::lab {
namespace {

constexpr std::uint64_t part_max = 1'000'000;   // of what is sent at once: others speak between

}   // namespace

void DeedTraffic::see(const Act& act, const Story& story) {
    const auto* used = std::get_if<NetworkUsed>(&act.what);
    if (used == nullptr) return;
    const Wires::Belonging belonging{office_.wires, act.label};
    const Caller caller{used->from, story.network().at(used->from), used->account, act.at};
    std::visit([&](const auto& use) { show(use, caller); }, used->use);
}

void DeedTraffic::show(const SiteCalled& use, const Caller& caller) {
    auto at = office_.resolver.find_outside(caller.device, use.host, caller.at);
    auto session = session_with_site(office_.wires, caller.device, use.host, TlsTaste::agent);
    at = session.open(at);
    auto left = use.sent;
    for (; left > part_max; left -= part_max)
        at = session.send(Side::client, part_max, at) + milliseconds_of(random_->around(40, 2));
    at = session.exchange(left, use.received, at);
    session.close(random_->chance(0.5) ? Side::client : Side::server,
                  at + seconds_of(random_->around(1.5, 2)));
}

void DeedTraffic::show(const PortTried& use, const Caller& caller) {
    try_port(office_.wires, caller.device, use, caller.at);
}

Account DeedTraffic::account_of(const Caller& caller) {
    return {caller.device, caller.account.empty() ? caller.device.name + "$" : std::string{caller.account}};
}

void DeedTraffic::show(const TicketAsked& use, const Caller& caller) {
    office_.tickets.ticket_for(account_of(caller), use.service, caller.at,
                               use.is_old ? kerberos::rc4 : kerberos::aes256);
}

void DeedTraffic::show(const DirectorySurveyed& use, const Caller& caller) {
    const auto account = account_of(caller);
    const auto& controller = office_.wires.server(DeviceKind::domain_controller, caller.device.site);
    auto at = office_.resolver.find(caller.device, controller, caller.at);
    if (random_->chance(0.3))   // else it has one still
        at = office_.tickets.ticket_for(
            account, {"ldap", office_.wires.full_name(controller), office_.wires.network().domain}, at);
    office_.directory.survey(account, use, at);
}

void DeedTraffic::show(const ProgramStarted& use, const Caller& caller) {
    const auto account = account_of(caller);
    const auto& machine = office_.wires.network().at(use.on);
    auto at = office_.resolver.find(caller.device, machine, caller.at);
    at = office_.tickets.ticket_for(account, {"cifs", office_.wires.full_name(machine)}, at);
    office_.shares.start_program(account, machine, {use.share, use.file, use.bytes}, at);
}

void DeedTraffic::show(const DeskTaken& use, const Caller& caller) {
    office_.desks.take(account_of(caller), office_.wires.network().at(use.on), use.steps, caller.at);
}

void DeedTraffic::show(const OldSmbSpoken& use, const Caller& caller) {
    using enum OldSmbSpoken::What;
    const auto& other = office_.wires.network().at(use.with);
    switch (use.what) {
        case work: office_.old_shares.work(caller.device, other, caller.at); break;
        case questions: office_.old_shares.question(caller.device, other, caller.at); break;
        case overrun: office_.old_shares.overrun(caller.device, other, caller.at); break;
        case failure: office_.old_shares.fail(caller.device, other, caller.at); break;
    }
}

}   // namespace ward::lab
