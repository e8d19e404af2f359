// SPDX-License-Identifier: Apache-2.0
#include "wire/der.hpp"

namespace ward {

// X.690, 8.1.2 and 8.1.3
Decode<DerHead> decode_der_head(Bytes input) noexcept {
    if (input.size() < 2) return NeedMore{2 - input.size()};
    WireReader in{input};
    DerHead head{in.u8(), in.u8()};
    if ((head.tag & 0x1fU) == 0x1f) return Malformed{"tag of more than one byte"};
    if (head.content_size < 0x80) return Decoded<DerHead>{head, 2};
    const std::size_t digits = head.content_size & 0x7fU;
    if (digits == 0 || digits > 4) return Malformed{"length is indefinite or too long"};
    if (in.remaining() < digits) return NeedMore{digits - in.remaining()};
    head.content_size = 0;
    for (std::size_t i = 0; i < digits; ++i) head.content_size = head.content_size << 8U | in.u8();
    return Decoded<DerHead>{head, 2 + digits};
}

Decode<DerElement> decode_der(Bytes input) noexcept {
    const auto result = decode_der_head(input);
    if (const auto* more = std::get_if<NeedMore>(&result)) return *more;
    if (const auto* bad = std::get_if<Malformed>(&result)) return *bad;
    const auto& [head, used] = *std::get_if<0>(&result);
    const auto rest = input.subspan(used);
    if (rest.size() < head.content_size) return NeedMore{head.content_size - rest.size()};
    const auto size = used + head.content_size;
    return Decoded<DerElement>{{head.tag, rest.first(head.content_size), input.first(size)}, size};
}

std::optional<std::int64_t> der_integer(Bytes content) noexcept {
    if (content.empty() || content.size() > 8) return std::nullopt;
    const bool negative = (std::to_integer<unsigned>(content[0]) & 0x80U) != 0;
    std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
    for (const auto byte : content) value = value << 8U | std::to_integer<std::uint64_t>(byte);
    return static_cast<std::int64_t>(value);
}

}   // namespace ward
