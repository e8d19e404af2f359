// SPDX-License-Identifier: Apache-2.0
#include "sensor/floods.hpp"

#include "sensor/eve.hpp"

namespace ward::sensor {
namespace {

/// Nobody said anything that a protocol would, or nobody answered it.
bool came_to_nothing(const Flow& flow) {
    constexpr std::uint64_t packets_max = 8;   // a SYN is repeated six times
    const auto& [client, server] = flow.halves;
    if (flow.session != nullptr || !flow.between.app_protocol.empty()) return false;
    if (client.packets + server.packets > packets_max || flow.anomalies != 0) return false;
    // Whoever calls a whole network expects no answer.
    const auto& target = flow.between.server.address;
    if (target.is_multicast() || target.is_broadcast()) return false;
    const bool answered = client.packets > 0 && server.packets > 0;
    return !answered || (flow.key.ip_protocol == wire::tcp && not_inspected(flow).empty());
}

}   // namespace

bool Floods::absorb(const Flow& flow, event::Time now, const Tell& tell) {
    if (!came_to_nothing(flow)) return false;
    advance(now, tell);
    if (single_ == 0) began_ = now;
    if (single_ < told_max) return ++single_, false;
    const auto from = flow.half(Side::client).packets > 0 ? Side::client : Side::server;
    const auto& [client, server] = std::tie(flow.between.client, flow.between.server);
    const auto& source = from == Side::client ? client : server;
    const auto& target = from == Side::client ? server : client;
    auto& sum = sums_[flow.key.ip_protocol];
    if (sum.flows++ == 0) sum.first = flow.first;
    sum.first = std::min(sum.first, flow.first);
    sum.last = std::max(sum.last, flow.last);
    for (const auto& half : flow.halves) {
        sum.packets += half.packets;
        sum.bytes += half.bytes;
    }
    sum.not_inspected += not_inspected(flow);
    sum.sources.add(source.address);
    if (!source.mac.is_zero()) sum.source_macs.add(source.mac);
    sum.targets.add(target.address);
    sum.target_ports.add(target.port);
    return true;
}

void Floods::finish(const Tell& tell) {
    for (const auto& [ip_protocol, sum] : sums_) {
        // What is rarer is not what the flood has in common.
        const auto share = sum.flows / 16;
        event::Flood told{protocol_name(ip_protocol),
                          sum.flows,
                          sum.packets,
                          sum.bytes,
                          sum.first,
                          sum.last,
                          sum.sources.most(share),
                          sum.source_macs.most(share),
                          sum.targets.most(share),
                          sum.target_ports.most(share),
                          sum.not_inspected};
        tell({sum.last, 0, {}, std::move(told)});
    }
    sums_.clear();
    single_ = 0;
}

}   // namespace ward::sensor
