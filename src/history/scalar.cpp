// SPDX-License-Identifier: Apache-2.0
#include "history/scalar.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "core/text.hpp"

namespace ward::history {
namespace {

constexpr double exact_max = 9'007'199'254'740'992;   // 2^53
constexpr std::size_t digits_max = 19;

bool is_whole(std::string_view spelling) {
    if (spelling.starts_with('-')) spelling.remove_prefix(1);
    if (spelling.empty() || spelling.size() > digits_max) return false;
    if (spelling.front() == '0') return spelling.size() == 1;
    return spelling.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Most texts are no addresses, and told by their first characters.
bool may_be_address(std::string_view text) {
    return text.size() >= 2 && text.size() <= 45 &&
           text.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

}   // namespace

std::string canonical_text(std::string_view text) {
    if (may_be_address(text))
        if (const auto address = parse_ip_address(text)) return ward::to_text(*address);
    return lowered(text);
}

std::optional<std::string> canonical_number(std::string_view spelling) {
    if (spelling == "-0") return "0";
    if (is_whole(spelling)) return std::string{spelling};
    double value = 0;
    const auto* const end = spelling.data() + spelling.size();
    const auto [stop, error] = std::from_chars(spelling.data(), end, value);
    if (error != std::errc{} || stop != end || !std::isfinite(value)) return std::nullopt;
    if (value == std::floor(value) && std::abs(value) < exact_max)
        return std::to_string(static_cast<std::int64_t>(value));
    std::array<char, 32> text{};
    const auto written = std::to_chars(text.data(), text.data() + text.size(), value);
    return std::string{text.data(), written.ptr};
}

std::optional<std::string> canonical(json::Value value) {
    switch (value.kind()) {
        case json::Kind::string: return canonical_text(value.text());
        case json::Kind::number: return canonical_number(value.raw());
        case json::Kind::boolean: return std::string{value.raw()};
        default: return std::nullopt;
    }
}

Prefix prefix_of(const IpAddress& address, unsigned bits) {
    Prefix prefix{address, bits};
    for (unsigned i = 0; i < address.bytes.size(); ++i) {
        const unsigned kept = bits > i * 8 ? std::min(8U, bits - i * 8) : 0;
        prefix.address.bytes[i] &= static_cast<std::byte>(0xFF00U >> kept & 0xFFU);
    }
    return prefix;
}

bool Prefix::holds(const IpAddress& other) const noexcept {
    return other.family == address.family && prefix_of(other, bits).address == address;
}

std::optional<Prefix> parse_prefix(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos || !may_be_address(text.substr(0, slash))) return std::nullopt;
    const auto address = parse_ip_address(text.substr(0, slash));
    const auto bits = number(text.substr(slash + 1));
    if (!address || !bits || *bits > (address->is_v4() ? 32U : 128U)) return std::nullopt;
    return prefix_of(*address, static_cast<unsigned>(*bits));
}

std::string to_text(const Prefix& prefix) {
    return ward::to_text(prefix.address) + "/" + std::to_string(prefix.bits);
}

bool each_value(json::Value value, std::string_view path, FunctionRef<bool(json::Value)> see) {
    if (value.is_array()) {
        for (const auto item : value.items())
            if (!each_value(item, path, see)) return false;
        return true;
    }
    if (path.empty()) return !value.exists() || see(value);
    if (!value.is_object()) return true;
    const auto own = value[take_until(path, '.')];
    return !own.exists() || each_value(own, path, see);
}

}   // namespace ward::history
