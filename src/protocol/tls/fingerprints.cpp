// SPDX-License-Identifier: Apache-2.0
// JA3 (Salesforce) and JA4 (FoxIO; of that family only JA4 itself is free for any use).
#include <algorithm>

#include "core/bytes.hpp"
#include "crypto/fingerprint.hpp"
#include "crypto/hash.hpp"
#include "protocol/text.hpp"
#include "protocol/tls/hello.hpp"

namespace ward::protocol::tls {
namespace {

constexpr std::uint16_t server_name = 0;
constexpr std::uint16_t alpn = 16;

template <class Numbers>
void append_decimal(std::string& text, const Numbers& numbers) {
    text += ',';
    bool first = true;
    for (const auto number : numbers) {
        if (is_grease(number)) continue;
        if (!std::exchange(first, false)) text += '-';
        text += std::to_string(number);
    }
}

event::Ja3 ja3_of(std::string text) {
    auto hash = to_hex(crypto::md5_fingerprint(as_bytes(text)));
    return {std::move(hash), std::move(text)};
}

std::vector<std::uint16_t> without_grease(std::vector<std::uint16_t> numbers) {
    std::erase_if(numbers, is_grease);
    return numbers;
}

std::string hexadecimal(std::uint16_t number) {
    Buffer bytes;
    append_big_endian(bytes, number);
    return to_hex(bytes);
}

std::string joined(const std::vector<std::uint16_t>& numbers) {
    std::string text;
    for (const auto number : numbers) {
        if (!text.empty()) text += ',';
        text += hexadecimal(number);
    }
    return text;
}

std::string shortened_sha256(const std::string& text) {
    return text.empty() ? "000000000000" : to_hex(crypto::sha256(as_bytes(text))).substr(0, 12);
}

std::string two_digits(std::size_t count) {
    const auto text = std::to_string(std::min<std::size_t>(count, 99));
    return text.size() < 2 ? '0' + text : text;
}

std::string_view ja4_version(std::uint16_t version) {
    switch (version) {
        case 0x0304: return "13";
        case 0x0303: return "12";
        case 0x0302: return "11";
        case 0x0301: return "10";
        case 0x0300: return "s3";
        case 0x0002: return "s2";
        case 0xfeff: return "d1";
        case 0xfefd: return "d2";
        case 0xfefc: return "d3";
        default: return "00";
    }
}

/// The first and the last character of the first protocol; of its hexadecimal digits where they are not
/// letters or digits.
std::string ja4_alpn(const Hello& hello) {
    if (hello.alpn.empty() || hello.alpn.front().empty()) return "00";
    const auto& name = hello.alpn.front();
    const auto plain = [](char c) { return is_letter(c) || is_digit(c); };
    if (plain(name.front()) && plain(name.back())) return {name.front(), name.back()};
    const auto digits = to_hex(as_bytes(name));
    return {digits.front(), digits.back()};
}

}   // namespace

event::Ja3 ja3_of_client(const Hello& hello) {
    auto text = std::to_string(hello.version);
    append_decimal(text, hello.ciphers);
    append_decimal(text, hello.extensions);
    append_decimal(text, hello.groups);
    append_decimal(text, hello.point_formats);
    return ja3_of(std::move(text));
}

event::Ja3 ja3_of_server(const Hello& hello) {
    auto text = std::to_string(hello.version);
    append_decimal(text, hello.ciphers);
    append_decimal(text, hello.extensions);
    return ja3_of(std::move(text));
}

std::string ja4_of_client(const Hello& hello, Carrier carrier) {
    auto ciphers = without_grease(hello.ciphers);
    auto extensions = without_grease(hello.extensions);
    const bool named = std::ranges::find(extensions, server_name) != extensions.end();

    std::string text{carrier == Carrier::stream ? 't' : 'd'};
    text += ja4_version(hello.best_version());
    text += named ? 'd' : 'i';
    text += two_digits(ciphers.size());
    text += two_digits(extensions.size());
    text += ja4_alpn(hello);

    std::ranges::sort(ciphers);
    text += '_' + shortened_sha256(joined(ciphers));

    std::erase_if(extensions, [](auto type) { return type == server_name || type == alpn; });
    std::ranges::sort(extensions);
    auto offered = joined(extensions);
    const auto algorithms = without_grease(hello.signature_algorithms);
    if (!algorithms.empty()) offered += '_' + joined(algorithms);
    return text + '_' + shortened_sha256(offered);
}

}   // namespace ward::protocol::tls
