// SPDX-License-Identifier: Apache-2.0
#include "sensor/exposures.hpp"

namespace ward::sensor {

void Exposures::add(const event::Conversation& between, std::uint32_t messages, std::uint32_t items,
                    event::Time at, const Tell& tell) {
    advance(at, tell);
    if (sums_.size() >= pairs_max) finish(tell);
    if (sums_.empty()) began_ = at;
    const Pair pair{between.client.address, between.server.address, between.server.port,
                    between.app_protocol};
    auto [found, is_new] = sums_.try_emplace(pair);
    auto& [first, sum] = found->second;
    if (is_new) {
        // The pair of hosts, not one of its connections.
        first = between;
        first.flow_id = 0;
        first.client.port = 0;
        sum.first = at;
    }
    sum.messages += messages;
    sum.items += items;
    sum.last = std::max(sum.last, at);
}

void Exposures::finish(const Tell& tell) {
    for (auto& [pair, entry] : sums_) tell({entry.sum.last, 0, entry.between, entry.sum});
    sums_.clear();
}

}   // namespace ward::sensor
