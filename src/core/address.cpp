// SPDX-License-Identifier: Apache-2.0
#include "core/address.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>

namespace ward {
namespace {

std::uint8_t octet(const IpAddress& address, std::size_t at) {
    return std::to_integer<std::uint8_t>(address.bytes[at]);
}

void append_number(std::string& out, std::uint32_t number, int radix) {
    std::array<char, 8> digits;
    const auto end = std::to_chars(digits.begin(), digits.end(), number, radix).ptr;
    out.append(digits.begin(), end);
}

struct Run {
    std::size_t begin = 8;
    std::size_t size = 0;
};

// RFC 5952, section 4.2: the longest run of zero groups is shortened, the first of equals, never a single
// one.
Run longest_zeros(const std::array<std::uint32_t, 8>& groups) {
    Run best;
    for (std::size_t i = 0; i < groups.size();) {
        std::size_t end = i;
        while (end < groups.size() && groups[end] == 0) ++end;
        if (end - i > std::max<std::size_t>(best.size, 1)) best = {i, end - i};
        i = std::max(end, i + 1);
    }
    return best;
}

void append_v6(std::string& out, const IpAddress& address) {
    std::array<std::uint32_t, 8> groups;
    for (std::size_t i = 0; i < groups.size(); ++i)
        groups[i] = std::uint32_t{octet(address, 2 * i)} * 256U + octet(address, 2 * i + 1);
    const auto zeros = longest_zeros(groups);
    for (std::size_t i = 0; i < groups.size();) {
        if (i == zeros.begin) {
            out += "::";
            i += zeros.size;
            continue;
        }
        if (i > 0 && i != zeros.begin + zeros.size) out += ':';
        append_number(out, groups[i], 16);
        ++i;
    }
}

}   // namespace

bool IpAddress::is_multicast() const noexcept {
    if (family == Family::v6) return bytes[0] == std::byte{0xff};
    return is_v4() && (bytes[0] & std::byte{0xf0}) == std::byte{0xe0};
}

bool IpAddress::is_broadcast() const noexcept {
    return is_v4() &&
           std::all_of(bytes.begin(), bytes.begin() + 4, [](auto b) { return b == std::byte{0xff}; });
}

bool IpAddress::is_private() const noexcept {
    const auto a = octet(*this, 0);
    const auto b = octet(*this, 1);
    if (is_v4())
        return a == 10 || a == 127 || (a == 172 && (b & 0xf0U) == 16) || (a == 192 && b == 168) ||
               (a == 169 && b == 254);
    if (family != Family::v6) return false;
    const bool loopback =
        std::all_of(bytes.begin(), bytes.begin() + 15, [](auto x) { return x == std::byte{0}; }) &&
        bytes[15] == std::byte{1};
    return loopback || (a & 0xfeU) == 0xfc || (a == 0xfe && (b & 0xc0U) == 0x80);
}

void append_text(std::string& out, const IpAddress& address) {
    if (address.family == IpAddress::Family::v6) return append_v6(out, address);
    if (!address.is_v4()) return;
    for (std::size_t i = 0; i < 4; ++i) {
        if (i > 0) out += '.';
        append_number(out, octet(address, i), 10);
    }
}

std::string to_text(const IpAddress& address) {
    std::string out;
    append_text(out, address);
    return out;
}

std::string to_text(const MacAddress& address) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const auto byte : address.bytes) {
        if (!out.empty()) out += ':';
        const auto value = std::to_integer<unsigned>(byte);
        out += digits[value >> 4U];
        out += digits[value & 15U];
    }
    return out;
}

std::optional<IpAddress> parse_ip_address(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
    std::ranges::copy(text, terminated.begin());
    IpAddress address;
    const bool is_v6 = text.find(':') != std::string_view::npos;
    if (::inet_pton(is_v6 ? AF_INET6 : AF_INET, terminated.data(), address.bytes.data()) != 1)
        return std::nullopt;
    address.family = is_v6 ? IpAddress::Family::v6 : IpAddress::Family::v4;
    return address;
}

}   // namespace ward
