// SPDX-License-Identifier: Apache-2.0
#include "notify/datagram.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <sys/socket.h>

#include "core/unique_fd.hpp"

namespace ward::notify {

std::string name_of(const std::string& host, const std::string& port) {
    return host.find(':') == std::string::npos ? host + ":" + port : "[" + host + "]:" + port;
}

Result<std::string> send_datagrams(const std::string& host, const std::string& port,
                                   const std::vector<std::string>& texts) {
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    if (const int code = ::getaddrinfo(host.c_str(), port.c_str(), &wanted, &found); code != 0)
        return fail(Errc::unavailable, host + ": " + ::gai_strerror(code));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses{found, ::freeaddrinfo};
    const UniqueFd socket{::socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    // Connected, it hears from the kernel that nobody listens there.
    if (!socket || ::connect(socket.get(), found->ai_addr, found->ai_addrlen) != 0)
        return fail(Errc::unavailable, host + ": " + std::strerror(errno));
    for (const auto& text : texts)
        if (::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL) < 0)
            return fail(Errc::unavailable, host + ": " + std::strerror(errno));
    std::array<char, NI_MAXHOST> name{};
    if (::getnameinfo(found->ai_addr, found->ai_addrlen, name.data(), name.size(), nullptr, 0,
                      NI_NUMERICHOST) != 0)
        return name_of(host, port);
    return name_of(name.data(), port);
}

}   // namespace ward::notify
