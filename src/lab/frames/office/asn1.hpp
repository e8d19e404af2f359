// SPDX-License-Identifier: Apache-2.0
// DER (ITU-T X.690) put together from the inside out: each function gives one whole element.
#pragma once

#include <concepts>
#include <string_view>

#include "core/bytes.hpp"
#include "lab/agenda.hpp"
#include "wire/der.hpp"

namespace ward::lab::asn1 {

Buffer element(std::uint8_t tag, Bytes content);
Buffer number(std::int64_t value, std::uint8_t tag = der::integer);
/// Dotted: "1.2.840.113549".
Buffer identifier(std::string_view dotted);
Buffer text(std::uint8_t tag, std::string_view text);
Buffer octets(Bytes bytes);
/// Whole bytes, or with that many bits of the last one unused.
Buffer bits(Bytes bytes, std::uint8_t unused = 0);
/// YYYYMMDDHHMMSSZ, as Kerberos has it.
Buffer generalized_time(Moment moment);
/// YYMMDDHHMMSSZ, as certificates have it until 2049.
Buffer utc_time(Moment moment);

template <std::same_as<Buffer>... Parts>
Buffer group(std::uint8_t tag, const Parts&... parts) {
    Buffer content;
    (append(content, parts), ...);
    return element(tag, content);
}
template <std::same_as<Buffer>... Parts>
Buffer sequence(const Parts&... parts) {
    return group(der::sequence, parts...);
}
/// EXPLICIT [number].
template <std::same_as<Buffer>... Parts>
Buffer tagged(unsigned number, const Parts&... parts) {
    return group(der::tagged(number), parts...);
}

}   // namespace ward::lab::asn1
