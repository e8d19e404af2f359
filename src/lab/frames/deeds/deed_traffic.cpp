// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/deeds/deed_traffic.hpp"

#include <algorithm>

namespace ward::lab {
namespace {

constexpr std::uint64_t part_max = 1'000'000;   // of what is sent at once: others speak between

}   // namespace

void DeedTraffic::see(const Act& act, const Story& story) {
    const auto* used = std::get_if<NetworkUsed>(&act.what);
    if (used == nullptr) return;
    const Wires::Belonging belonging{office_.wires, act.label};
    const Caller caller{story.network().at(used->from), used->account, act.at};
    std::visit([&](const auto& use) { show(use, caller); }, used->use);
}

void DeedTraffic::show(const SiteCalled& use, const Caller& caller) {
    auto at = office_.resolver.find_outside(caller.device, use.host, caller.at);
    auto session = session_with_site(office_.wires, caller.device, use.host, TlsTaste::agent);
    at = session.open(at);
    auto left = use.sent;
    for (; left > part_max; left -= part_max)
        at = session.send(Side::client, part_max, at) + milliseconds_of(random_.around(40, 2));
    at = session.exchange(left, use.received, at);
    session.close(random_.chance(0.5) ? Side::client : Side::server, at + seconds_of(random_.around(1.5, 2)));
}

void DeedTraffic::show(const PortTried& use, const Caller& caller) {
    const auto& network = office_.wires.network();
    const auto known = network.at_address(use.target);
    Device nobody = caller.device;
    nobody.address = use.target;
    auto line = office_.wires.line(caller.device, known ? network.at(*known) : nobody, use.port);
    using enum PortTried::Answer;
    if (use.answer == none) line.unanswered(caller.at, 2);
    if (use.answer == refused) line.refused(caller.at);
    if (use.answer == open) line.abort(Side::client, line.open(caller.at));
}

}   // namespace ward::lab
