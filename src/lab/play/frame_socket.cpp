// SPDX-License-Identifier: Apache-2.0
#include "lab/play/frame_socket.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <fmt/format.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>

namespace ward::lab {
namespace {

std::string reason() { return std::system_category().message(errno); }

}   // namespace

Result<FrameSocket> FrameSocket::open(const std::string& interface) {
    const auto index = ::if_nametoindex(interface.c_str());
    if (index == 0) return fail(Errc::not_found, fmt::format("there is no interface '{}'", interface));
    // Protocol 0: it gets no frames, it only sends.
    UniqueFd socket{::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)};
    if (!socket)
        return fail(Errc::denied,
                    fmt::format("{}: {}; frames are sent by root, or with CAP_NET_RAW", interface, reason()));
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_ifindex = static_cast<int>(index);
    if (::bind(socket.get(), static_cast<sockaddr*>(static_cast<void*>(&address)), sizeof address) != 0)
        return fail(Errc::unavailable, fmt::format("{}: {}", interface, reason()));
    return FrameSocket{interface, std::move(socket)};
}

Result<> FrameSocket::send(Bytes frame) {
    for (;;) {
        if (::send(socket_.get(), frame.data(), frame.size(), 0) >= 0) return {};
        if (errno == ENOBUFS || errno == EAGAIN) {
            ::poll(nullptr, 0, 1);
            continue;
        }
        if (errno != EINTR) return fail(Errc::unavailable, fmt::format("{}: {}", interface_, reason()));
    }
}

}   // namespace ward::lab
