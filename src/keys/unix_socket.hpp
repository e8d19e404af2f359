// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>

#include "core/result.hpp"

namespace ward::keys {

inline Result<sockaddr_un> unix_address(const std::filesystem::path& path) {
    sockaddr_un address{};
    const auto& text = path.native();
    if (text.size() >= sizeof address.sun_path)
        return fail(Errc::limit_exceeded, "the path of a socket has at most " +
                                              std::to_string(sizeof address.sun_path - 1) +
                                              " bytes: " + text);
    address.sun_family = AF_UNIX;
    std::ranges::copy(text, address.sun_path);
    return address;
}

/// The socket functions take the address of any family, and tell by its first field.
inline const sockaddr* as_sockaddr(const sockaddr_un& address) {
    return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

}   // namespace ward::keys
