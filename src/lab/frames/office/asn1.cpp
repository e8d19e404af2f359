// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/asn1.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/chrono.h>

namespace ward::lab::asn1 {
namespace {

/// X.690, 8.19: seven bits a byte, the most significant first.
void append_arc(Buffer& out, std::uint64_t arc) {
    std::size_t bytes = 1;
    while (bytes < 9 && arc >> (7 * bytes) != 0) ++bytes;
    for (std::size_t i = bytes; i-- > 0;)
        out.push_back(static_cast<std::byte>((arc >> (7 * i) & 0x7fU) | (i > 0 ? 0x80U : 0U)));
}

std::string digits_of(Moment moment) {
    return fmt::format("{:%Y%m%d%H%M%S}Z", std::chrono::floor<std::chrono::seconds>(moment));
}

}   // namespace

Buffer element(std::uint8_t tag, Bytes content) {
    Buffer out;
    out.reserve(content.size() + 4);
    append_big_endian(out, tag);
    const auto size = content.size();
    if (size < 0x80) {
        append_big_endian(out, static_cast<std::uint8_t>(size));
    } else if (size < 0x100) {   // X.690, 8.1.3.5: how many bytes of length follow
        append_big_endian(out, static_cast<std::uint16_t>(0x8100 | size));
    } else {
        append_big_endian<std::uint8_t>(out, 0x82);
        append_big_endian(out, static_cast<std::uint16_t>(size));
    }
    append(out, content);
    return out;
}

Buffer number(std::int64_t value, std::uint8_t tag) {
    std::size_t bytes = 1;   // X.690, 8.3.2: as few as keep the sign
    while (bytes < 8 && (value >> (8 * bytes - 1)) != 0 && (value >> (8 * bytes - 1)) != -1) ++bytes;
    Buffer content;
    for (std::size_t i = bytes; i-- > 0;) content.push_back(static_cast<std::byte>(value >> (8 * i) & 255));
    return element(tag, content);
}

Buffer identifier(std::string_view dotted) {
    Buffer content;
    std::uint64_t first = 0;
    for (int place = 0; !dotted.empty(); ++place) {
        const auto dot = std::min(dotted.find('.'), dotted.size());
        std::uint64_t arc = 0;
        std::from_chars(dotted.data(), dotted.data() + dot, arc);
        dotted.remove_prefix(std::min(dotted.size(), dot + 1));
        if (place == 0)
            first = arc * 40;
        else
            append_arc(content, place == 1 ? first + arc : arc);
    }
    return element(der::object_identifier, content);
}

Buffer text(std::uint8_t tag, std::string_view text) { return element(tag, as_bytes(text)); }

Buffer octets(Bytes bytes) { return element(der::octet_string, bytes); }

Buffer bits(Bytes bytes, std::uint8_t unused) {
    Buffer content{static_cast<std::byte>(unused)};
    append(content, bytes);
    return element(der::bit_string, content);
}

Buffer generalized_time(Moment moment) { return text(der::generalized_time, digits_of(moment)); }

Buffer utc_time(Moment moment) { return text(der::utc_time, digits_of(moment).substr(2)); }

}   // namespace ward::lab::asn1
