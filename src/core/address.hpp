// SPDX-License-Identifier: Apache-2.0
// Addresses of the link and the network layer, as values that compare, hash and print.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/hash.hpp"

namespace ward {

/// An IPv4 or IPv6 address in network byte order. IPv4 fills the first four bytes, the rest are zero.
struct IpAddress {
    enum class Family : std::uint8_t { none, v4, v6 };

    std::array<std::byte, 16> bytes{};
    Family family = Family::none;

    auto operator<=>(const IpAddress&) const = default;
    bool operator==(const IpAddress& other) const noexcept {
        return words() == other.words() && family == other.family;
    }
    /// The bytes as two integers of this machine, to compare and hash them fast.
    std::array<std::uint64_t, 2> words() const noexcept {
        return std::bit_cast<std::array<std::uint64_t, 2>>(bytes);
    }
    bool is_v4() const noexcept { return family == Family::v4; }
    bool is_multicast() const noexcept;
    bool is_broadcast() const noexcept;   // 255.255.255.255 only: a subnet's own is not known here
    /// RFC 1918, RFC 4193, link-local and loopback: addresses of one's own network.
    bool is_private() const noexcept;
};

/// With a secret nobody outside can choose addresses that collide.
struct IpAddressHash {
    std::uint64_t secret = 0;
    std::size_t operator()(const IpAddress& address) const noexcept {
        const auto words = address.words();
        return folded(words[0], words[1], secret);
    }
};

struct MacAddress {
    std::array<std::byte, 6> bytes{};

    auto operator<=>(const MacAddress&) const = default;
    bool is_zero() const noexcept { return bytes == std::array<std::byte, 6>{}; }
    bool is_multicast() const noexcept { return (bytes[0] & std::byte{1}) != std::byte{0}; }
    /// Set by software, as phones do to be forgotten: it names no maker.
    bool is_local() const noexcept { return (bytes[0] & std::byte{2}) != std::byte{0}; }
};

/// Dotted decimal, or RFC 5952 without its zone. Nothing for no address.
std::string to_text(const IpAddress& address);
void append_text(std::string& out, const IpAddress& address);
/// Dotted decimal, or what RFC 4291, 2.2 allows; nothing before it or behind.
std::optional<IpAddress> parse_ip_address(std::string_view text);
/// Lowercase, with colons.
std::string to_text(const MacAddress& address);

}   // namespace ward
