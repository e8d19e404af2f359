// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/edge/edge_traffic.hpp"

#include <algorithm>

#include "lab/frames/office/rdp.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t rdp_port = 3'389;
constexpr std::size_t bytes_max = 400'000;   // of one answer

std::size_t bytes_around(Random& random, double median, double factor) {
    return std::min(bytes_max, static_cast<std::size_t>(random.around(median, factor)) + 40);
}

/// What a technician's program looks like; that of a laptop's tunnel is the system's own.
TlsTaste taste_of(Address from) { return from % 3 == 0 ? TlsTaste::system : TlsTaste::agent; }

}   // namespace

void EdgeTraffic::show(const TunnelChanged& use, DeviceId laptop, Moment at) {
    if (use.what == TunnelChanged::What::closed) {
        const auto found = tunnels_.find(laptop);
        if (found == tunnels_.end()) return;
        found->second->close(random_->chance(0.8) ? Side::client : Side::server, at);
        tunnels_.erase(found);
        return;
    }
    auto& wires = office_.wires;
    const auto& device = wires.network().at(laptop);
    const auto& gateway = wires.server(DeviceKind::remote_gateway, device.site);
    auto session = std::make_shared<TlsSession>(
        wires, outside(use.from, device.site), gateway,
        TlsWish{.host = "remote." + wires.network().domain, .taste = TlsTaste::agent});
    at = session->open(at);
    at = session->exchange(900, 700, at);   // who one is; which address one has inside
    tunnels_.insert_or_assign(laptop, session);
    keep_tunnel(laptop, session);
}

/// What is said inside is seen again behind the gateway; here it is sizes only.
void EdgeTraffic::keep_tunnel(DeviceId laptop, const std::shared_ptr<TlsSession>& session) {
    office_.wires.story().agenda().in(seconds_of(random_->around(28, 1.7)), [this, laptop, session] {
        const auto found = tunnels_.find(laptop);
        if (found == tunnels_.end() || found->second != session) return;
        session->exchange(bytes_around(*random_, 420, 2.4), bytes_around(*random_, 1'300, 3),
                          office_.wires.story().now());
        keep_tunnel(laptop, session);
    });
}

void EdgeTraffic::show(const PartnerCalled& use, DeviceId engine, Moment at) {
    auto& wires = office_.wires;
    const auto& server = wires.network().at(engine);
    const auto& partner = wires.story().outsiders().at(use.partner);
    TlsSession session{wires, outside(use.from, server.site), server,
                       TlsWish{.host = "exchange." + wires.network().domain,
                               .taste = taste_of(use.from),
                               .port = partner.port,
                               .client_name = partner.host}};
    at = session.open(at);
    const auto parts = static_cast<std::uint64_t>(std::max(1, use.messages));
    for (auto left = parts; left > 0; --left)
        at = session.exchange(use.sent / parts + 300, use.received / parts + 180, at) +
             milliseconds_of(random_->around(150, 2));
    session.close(random_->chance(0.7) ? Side::client : Side::server,
                  at + milliseconds_of(random_->around(300, 3)));
}

void EdgeTraffic::show(const VendorCame& use, DeviceId gateway, Moment at) {
    const auto& server = office_.wires.network().at(gateway);
    const auto until = at + seconds_of(use.seconds);
    const auto& vendor = office_.wires.story().outsiders().at(use.vendor);
    auto session = session_by(use.way, vendor.name, outside(use.from, server.site), server, at);
    go_on({std::move(session), until, 24, 1'800});
}

void EdgeTraffic::show(const MachineWorkedOn& use, DeviceId from, Moment at) {
    const auto& network = office_.wires.network();
    const auto until = at + seconds_of(use.seconds);
    at = office_.resolver.find(network.at(from), network.at(use.target), at);
    auto session = session_by(use.way, use.login, network.at(from), network.at(use.target), at);
    go_on({std::move(session), until, 20, use.way == RemoteWay::shell ? 600.0 : 3'000.0});
}

EdgeTraffic::Session EdgeTraffic::session_by(RemoteWay way, std::string_view login, const Device& client,
                                             const Device& server, Moment& at) {
    auto& wires = office_.wires;
    if (way == RemoteWay::shell) {
        auto shell = std::make_shared<SshSession>(wires, client, server);
        at = shell->open(at);
        return shell;
    }
    if (way == RemoteWay::desktop) return desktop(login, client, server, at);
    auto page = std::make_shared<TlsSession>(
        wires, client, server,
        TlsWish{.host = wires.full_name(server), .taste = taste_at(client.address), .is_old_server = true});
    at = page->open(at);
    return page;
}

/// As remote desks begin: MS-RDPBCGR 1.3.1.1, with TLS alone where the client is no member of the domain.
std::shared_ptr<TlsSession> EdgeTraffic::desktop(std::string_view login, const Device& client,
                                                 const Device& server, Moment& at) {
    constexpr std::uint32_t tls = 1;
    auto session = std::make_shared<TlsSession>(office_.wires, client, server,
                                                TlsWish{.host = office_.wires.full_name(server),
                                                        .taste = TlsTaste::system,
                                                        .is_old_server = true,
                                                        .port = rdp_port});
    at = session->line().send(Side::client, rdp_request(login, tls), at);
    at = session->line().send(Side::server, rdp_confirm(0x1f, tls),
                              at + milliseconds_of(random_->around(2, 1.8)));
    at = session->open(at + milliseconds_of(random_->around(3, 1.8)));
    at = session->exchange(480 + random_->below(200), 400 + random_->below(200), at);
    return session;
}

void EdgeTraffic::go_on(Work work) {
    auto& agenda = office_.wires.story().agenda();
    const auto now = agenda.now();
    std::visit(
        [&](auto& session) {
            if (now >= work.until) {
                session->close(random_->chance(0.8) ? Side::client : Side::server, now);
                return;
            }
            session->exchange(bytes_around(*random_, 160, 2), bytes_around(*random_, work.answer, 3), now);
        },
        work.session);
    if (now >= work.until) return;
    const auto apart = seconds_of(random_->around(work.seconds_apart, 2.2));
    agenda.at(std::max(now + apart, now),
              [this, work = std::move(work)]() mutable { go_on(std::move(work)); });
}

}   // namespace ward::lab
