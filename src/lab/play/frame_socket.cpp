// SPDX-License-Identifier: Apache-2.0
#include "lab/play/frame_socket.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <fmt/format.h>
#include <linux/if_packet.h>
#include <net/if.h>
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

Result<> FrameSocket::send(Bytes frame, Deadline deadline) {
    constexpr std::chrono::milliseconds pause{1};
    for (;;) {
        if (::send(socket_.get(), frame.data(), frame.size(), MSG_DONTWAIT) >= 0) return {};
        const int why = errno;
        if (why == EINTR) continue;
        if (why == EMSGSIZE)
            return fail(Errc::unavailable, fmt::format("{}: a frame of {} bytes is more than its MTU takes",
                                                       interface_, frame.size()));
        if (why != ENOBUFS && why != EAGAIN)
            return fail(Errc::unavailable, fmt::format("{}: {}; is it up (ip link set {} up)?", interface_,
                                                       std::system_category().message(why), interface_));
        if (deadline.is_over())
            return fail(Errc::unavailable,
                        fmt::format("{}: its queue stays full, for longer than --patience; is its other end "
                                    "up, and is its rate enough for --speed?",
                                    interface_));
        deadline.pause(pause);
    }
}

}   // namespace ward::lab
