// SPDX-License-Identifier: Apache-2.0
#include "segment/traffic.hpp"

namespace ward::segment {

void Traffic::see(const Seen& seen) {
    if (seen.is("device")) learn_device(seen);
    if (!seen.is("flow")) return;
    const auto read = talk_of(seen);
    if (const auto* not_judged = std::get_if<NotJudged>(&read)) {
        ++(*not_judged == NotJudged::unrouted ? counts_.unrouted : counts_.other);
        return;
    }
    const auto& talk = std::get<Talk>(read);
    // What one side only sends is a conversation where its protocol is known: logs, traps, media.
    const bool is_one_way = talk.protocol == Protocol::udp && !seen.protocol.empty();
    if (!talk.is_answered && !is_one_way) {
        ++counts_.unanswered;
        return;
    }
    if (!talk.is_whole) {
        ++counts_.torn;
        return;
    }
    count(talk, seen.at);
}

void Traffic::count(const Talk& talk, Time at) {
    if (!first_) first_ = std::chrono::floor<std::chrono::days>(at);
    if (at < *first_ || at - *first_ >= limits_.days) {
        ++counts_.too_late;
        return;
    }
    const auto here = [&](const IpAddress& address) -> std::optional<IpAddress> {
        if (!address.is_private()) return IpAddress{};
        auto* known = host(address);
        if (known == nullptr) return std::nullopt;
        known->has_spoken = true;
        return address;
    };
    const auto client = here(talk.client), server = here(talk.server);
    if (client == IpAddress{} && server == IpAddress{}) return;   // nobody of this network
    const auto edge =
        client && server ? std::optional{Edge{*client, *server, talk.protocol, talk.port}} : std::nullopt;
    if (!edge || (edges_.size() >= limits_.edges_max && !edges_.contains(*edge))) {
        ++counts_.not_kept;
        return;
    }
    auto& uses = edges_[*edge];
    ++uses.times;
    const auto since = at - *first_;
    uses.days |= 1U << static_cast<unsigned>(since / std::chrono::days{1});
    uses.hours |= 1U << static_cast<unsigned>(since % std::chrono::days{1} / std::chrono::hours{1});
    ++counts_.flows;
}

Host* Traffic::host(const IpAddress& address) {
    if (const auto known = hosts_.find(address); known != hosts_.end()) return &known->second;
    return hosts_.size() < limits_.hosts_max ? &hosts_[address] : nullptr;
}

void Traffic::learn_device(const Seen& seen) {
    const auto kind = kind_of(seen.text("role"));
    IpAddress home{};
    for (const auto text : seen.own["addresses"].items()) {   // IPv4 first
        const auto address = parse_ip_address(text.text());
        if (!address || !address->is_private()) continue;
        auto* known = host(*address);
        if (known == nullptr) continue;
        known->kind = kind;
        if (address->is_v4() && home.family == IpAddress::Family::none) home = *address;
        known->home = *address == home ? IpAddress{} : home;
    }
}

}   // namespace ward::segment
