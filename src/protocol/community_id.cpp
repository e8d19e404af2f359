// SPDX-License-Identifier: Apache-2.0
#include "protocol/community_id.hpp"

#include <utility>

#include "core/bytes.hpp"
#include "crypto/fingerprint.hpp"
#include "wire/packet.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol {
namespace {

bool is_one_way(const event::Conversation& between) {
    return !wire::icmp_counterpart(between.ip_protocol, between.client.port) &&
           (between.ip_protocol == wire::icmp || between.ip_protocol == wire::icmpv6);
}

}   // namespace

std::string community_id(const event::Conversation& between) {
    auto low = &between.client;
    auto high = &between.server;
    const auto order = [](const event::Endpoint& a) { return std::pair{a.address, a.port}; };
    // What ICMP does not answer, such as "unreachable", has one direction and keeps it.
    if (!is_one_way(between) && order(*high) < order(*low)) std::swap(low, high);
    Buffer message;
    append_big_endian<std::uint16_t>(message, 0);   // the seed
    const std::size_t size = low->address.is_v4() ? 4 : 16;
    append(message, Bytes{low->address.bytes}.first(size));
    append(message, Bytes{high->address.bytes}.first(size));
    message.push_back(static_cast<std::byte>(between.ip_protocol));
    message.push_back(std::byte{0});
    using enum wire::IpProtocol;
    const auto protocol = between.ip_protocol;
    if (protocol == tcp || protocol == udp || protocol == icmp || protocol == icmpv6 || protocol == sctp) {
        append_big_endian(message, low->port);
        append_big_endian(message, high->port);
    }
    return "1:" + to_base64(crypto::sha1_fingerprint(message));
}

}   // namespace ward::protocol
