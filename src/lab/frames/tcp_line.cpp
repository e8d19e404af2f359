// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/tcp_line.hpp"

#include <algorithm>

namespace ward::lab {
namespace {

using namespace std::chrono_literals;
using microseconds = std::chrono::microseconds;

constexpr std::uint16_t segment_bytes_max = 1'460;
constexpr auto retransmitted_after = 210ms;
constexpr double lost_share = 0.0004;

}   // namespace

Route route_between(const Network& network, const Device& from, const Device& to) {
    const bool is_routed = from.vlan != to.vlan || from.site != to.site;
    const auto& router = network.at(network.one_of(DeviceKind::router, from.site));
    // Windows begins at 128, most others at 64; those outside are some routers away.
    std::uint8_t first = is_for_people(from.kind) ? 128 : 64;
    if (from.vlan == Vlan::edge) first = static_cast<std::uint8_t>(44 + from.address % 14);
    return {from.mac, is_routed ? router.mac : to.mac, from.address, to.address, first};
}

TcpLine::TcpLine(Tap& tap, const Network& network, const LineEnds& ends, Random random)
    : tap_(tap), label_(ends.label), random_(random) {
    client_.route = route_between(network, ends.client, ends.server);
    server_.route = route_between(network, ends.server, ends.client);
    client_.port = ends.client_port;
    server_.port = ends.server_port;
    const bool is_outside = ends.client.vlan == Vlan::edge || ends.server.vlan == Vlan::edge;
    latency_ = random_.around(is_outside ? 9'000 : 140, 1.8);
    client_.window = static_cast<std::uint16_t>(random_.between(29'200, 65'535));
    server_.window = static_cast<std::uint16_t>(random_.between(28'960, 65'535));
    client_.ip_id = static_cast<std::uint16_t>(random_.next());
    server_.ip_id = static_cast<std::uint16_t>(random_.next());
}

microseconds TcpLine::travel() {
    return microseconds{static_cast<std::int64_t>(random_.around(latency_, 1.3))} + 20us;
}

void TcpLine::emit(Side from, std::uint8_t flags, Bytes payload, Moment when, std::uint16_t mss) {
    auto& sender = at(from);
    const auto& other = at(from == Side::client ? Side::server : Side::client);
    TcpHeader header{sender.port, other.port, sender.sequence, 0, flags, sender.window, mss};
    if ((flags & tcp_flag::ack) != 0) header.acknowledged = other.sequence;
    tap_.add({when, tcp_frame(sender.route, ++sender.ip_id, header, payload), label_});
}

Moment TcpLine::open(Moment when) {
    when = std::max(when, free_at_);
    client_.sequence = static_cast<std::uint32_t>(random_.next());
    server_.sequence = static_cast<std::uint32_t>(random_.next());
    emit(Side::client, tcp_flag::syn, {}, when, segment_bytes_max);
    ++client_.sequence;
    when += travel() * 2;
    emit(Side::server, tcp_flag::syn | tcp_flag::ack, {}, when, segment_bytes_max);
    ++server_.sequence;
    when += travel();
    emit(Side::client, tcp_flag::ack, {}, when);
    is_open_ = true;
    return free_at_ = when + 5us;
}

Moment TcpLine::send(Side from, Bytes data, Moment when) {
    if (!is_open_) when = open(when);
    when = std::max(when, free_at_);
    const auto other = from == Side::client ? Side::server : Side::client;
    auto& sender = at(from);
    int unacknowledged = 0;
    while (!data.empty()) {
        const auto part = data.first(std::min<std::size_t>(data.size(), segment_bytes_max));
        data = data.subspan(part.size());
        const auto flags = static_cast<std::uint8_t>(tcp_flag::ack | (data.empty() ? tcp_flag::psh : 0));
        emit(from, flags, part, when);
        if (random_.chance(lost_share)) {
            when += retransmitted_after + travel();
            emit(from, flags, part, when);
        }
        sender.sequence += static_cast<std::uint32_t>(part.size());
        if (++unacknowledged == 2) {
            emit(other, tcp_flag::ack, {}, when + travel());
            when += travel();
            unacknowledged = 0;
        }
        when += 12us;   // 1,500 bytes at a gigabit a second
    }
    when += travel();
    if (unacknowledged > 0) emit(other, tcp_flag::ack, {}, when);
    return free_at_ = when + travel();
}

Moment TcpLine::close(Side from, Moment when) {
    if (!is_open_) return when;
    when = std::max(when, free_at_);
    const auto other = from == Side::client ? Side::server : Side::client;
    emit(from, tcp_flag::fin | tcp_flag::ack, {}, when);
    ++at(from).sequence;
    when += travel() * 2;
    emit(other, tcp_flag::fin | tcp_flag::ack, {}, when);
    ++at(other).sequence;
    when += travel();
    emit(from, tcp_flag::ack, {}, when);
    is_open_ = false;
    return free_at_ = when + 5us;
}

Moment TcpLine::abort(Side from, Moment when) {
    if (!is_open_) return when;
    when = std::max(when, free_at_);
    emit(from, tcp_flag::rst | tcp_flag::ack, {}, when);
    is_open_ = false;
    return free_at_ = when + 5us;
}

void TcpLine::move(Side side, const Mac& mac, std::uint32_t label) {
    at(side).route.source_mac = mac;
    at(side == Side::client ? Side::server : Side::client).route.target_mac = mac;
    label_ = label;
}

Moment TcpLine::refused(Moment when) {
    when = std::max(when, free_at_);
    client_.sequence = static_cast<std::uint32_t>(random_.next());
    server_.sequence = 0;   // RFC 9293, 3.10.7.1
    emit(Side::client, tcp_flag::syn, {}, when, segment_bytes_max);
    ++client_.sequence;
    when += travel() * 2;
    emit(Side::server, tcp_flag::rst | tcp_flag::ack, {}, when);
    return free_at_ = when + travel();
}

Moment TcpLine::unanswered(Moment when, int tries) {
    when = std::max(when, free_at_);
    client_.sequence = static_cast<std::uint32_t>(random_.next());
    microseconds pause = 1s;
    for (int left = tries; left > 0; --left) {
        emit(Side::client, tcp_flag::syn, {}, when, segment_bytes_max);
        when += pause + travel();
        pause *= 2;
    }
    return free_at_ = when;
}

}   // namespace ward::lab
