// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/remote_desks.hpp"

#include <algorithm>

#include "lab/frames/office/rdp.hpp"

namespace ward::lab {
namespace {

constexpr std::uint16_t rdp_port = 3389;
constexpr double seconds_between = 3'600;   // at each of the administrators' workstations, by day
constexpr double night_share = 0.08;        // of that
constexpr std::size_t picture_bytes_max = 80'000;

}   // namespace

void RemoteDesks::begin() {
    const auto& hospital = wires_.story().hospital();
    for (const auto department : hospital.departments_of(DepartmentKind::technology))
        for (const auto id : wires_.network().workstations_of(department)) plan(id);
}

void RemoteDesks::plan(DeviceId from) {
    wires_.story().agenda().in(seconds_of(random_->exponential(seconds_between)), [this, from] {
        const auto now = wires_.story().now();
        const auto hour = hour_of(now);
        const bool is_day = hour >= 7 && hour < 18 && !is_weekend(now);
        if (is_day || random_->chance(night_share)) connect(wires_.network().at(from));
        plan(from);
    });
}

const Device& RemoteDesks::target_for(const Device& client) {
    const auto& devices = wires_.network().devices;
    const auto wanted = random_->chance(0.75) ? Vlan::servers : Vlan::workstations;
    while (true) {
        const auto& device = random_->pick(devices);
        if (device.vlan == wanted && device.site == client.site && &device != &client &&
            device.kind != DeviceKind::ward_vault && device.kind != DeviceKind::laptop)
            return device;
    }
}

void RemoteDesks::connect(const Device& client) {
    auto& story = wires_.story();
    const auto who =
        story.roster().someone(*client.department, Role::it_administrator, story.now(), *random_);
    if (!who) return;
    take({client, story.hospital().at(*who).login}, target_for(client),
         static_cast<int>(random_->around(18, 2.4)) + 1, story.now());
}

void RemoteDesks::take(const Account& account, const Device& target, int steps, Moment at) {
    const auto& [client, login] = account;
    const auto name = wires_.full_name(target);
    at = resolver_.find(client, target, at);
    at = tickets_.ticket_for(account, {"TERMSRV", name}, at) + milliseconds_of(5);
    auto session = std::make_shared<TlsSession>(
        wires_, client, target,
        TlsWish{.host = name, .taste = TlsTaste::system, .is_old_server = true, .port = rdp_port});
    // MS-RDPBCGR 2.2.1.1.1. What a server may answer since Windows 8.1, that CredSSP ends early, some readers
    // of captures do not know: then they read TLS as what lies beneath.
    constexpr std::uint32_t tls = 1, credssp = 2, credssp_early = 8;
    at = session->line().send(Side::client, rdp_request(login, tls | credssp | credssp_early), at);
    at = session->line().send(Side::server, rdp_confirm(0x1f, credssp),
                              at + milliseconds_of(random_->around(2, 1.8)));
    at = session->open(at + milliseconds_of(random_->around(3, 1.8)));
    // MS-CSSP 3.1.5: who the client is, the server's key, the password; then settings and channels.
    at = session->exchange(1'900 + random_->below(700), 190 + random_->below(60), at);
    at = session->exchange(150 + random_->below(60), 120 + random_->below(40), at);
    at = session->exchange(600 + random_->below(300), 110 + random_->below(60), at);
    at = session->exchange(480, 150, at);
    wires_.story().agenda().at(at + seconds_of(random_->around(1, 2)),
                               [this, session, steps] { work(session, steps); });
}

/// Keys and moves of the mouse one way, pictures the other.
void RemoteDesks::work(std::shared_ptr<TlsSession> session, int left) {
    const auto now = wires_.story().now();
    if (left == 0) {
        session->close(random_->chance(0.8) ? Side::client : Side::server, now);
        return;
    }
    const auto asked = static_cast<std::size_t>(random_->around(140, 2));
    const auto picture =
        std::min(picture_bytes_max, static_cast<std::size_t>(random_->around(3'500, 3)) + 40);
    const auto done = session->exchange(asked, picture, now);
    wires_.story().agenda().at(done + seconds_of(random_->around(18, 3)),
                               [this, session, left] { work(session, left - 1); });
}

}   // namespace ward::lab
