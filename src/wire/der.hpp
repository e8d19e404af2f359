// SPDX-License-Identifier: Apache-2.0
// DER (ITU-T X.690), as far as certificates and LDAP-like protocols need it.
#pragma once

#include <optional>
#include <string>

#include "wire/decode.hpp"
#include "wire/wire_reader.hpp"

namespace ward {

struct DerElement {
    std::uint8_t tag = 0;   // class, constructed bit and number, as it stands on the wire
    Bytes content;
    Bytes whole;   // with tag and length
};

namespace der {
inline constexpr std::uint8_t boolean = 0x01;
inline constexpr std::uint8_t integer = 0x02;
inline constexpr std::uint8_t bit_string = 0x03;
inline constexpr std::uint8_t octet_string = 0x04;
inline constexpr std::uint8_t object_identifier = 0x06;
inline constexpr std::uint8_t enumerated = 0x0a;
inline constexpr std::uint8_t utc_time = 0x17;
inline constexpr std::uint8_t generalized_time = 0x18;
inline constexpr std::uint8_t sequence = 0x30;
inline constexpr std::uint8_t set = 0x31;
/// A constructed value tagged [number].
constexpr std::uint8_t tagged(unsigned number) { return static_cast<std::uint8_t>(0xa0U | number); }
constexpr std::uint8_t application(unsigned number) { return static_cast<std::uint8_t>(0x60U | number); }
}   // namespace der

/// Tag and length without the content.
struct DerHead {
    std::uint8_t tag = 0;
    std::size_t content_size = 0;
};

/// For streams, where an element may not be all there yet.
Decode<DerHead> decode_der_head(Bytes input) noexcept;
Decode<DerElement> decode_der(Bytes input) noexcept;

/// The content of an INTEGER or ENUMERATED of at most eight bytes.
std::optional<std::int64_t> der_integer(Bytes content) noexcept;

/// The elements of one constructed value, one after the other. Nothing is copied, and nothing recurses: who
/// wants what is inside makes a reader of the content.
class DerReader {
public:
    explicit DerReader(Bytes content) noexcept : rest_(content) {}

    /// Nothing at the end, and for good where the bytes are no DER.
    std::optional<DerElement> next() noexcept {
        WireReader in{rest_};
        DerElement element;
        element.tag = in.u8();
        const auto length = read_length(in);
        element.content = in.take(length);
        // Tags above 30 take more bytes; no format that Ward reads has them.
        const bool bad = in.truncated() || (element.tag & 0x1fU) == 0x1f;
        if (bad) {
            rest_ = {};
            return std::nullopt;
        }
        element.whole = rest_.first(rest_.size() - in.remaining());
        rest_ = in.rest();
        return element;
    }
    /// The next element where it has that tag; another one stays.
    std::optional<DerElement> next_if(std::uint8_t tag) noexcept {
        if (rest_.empty() || std::to_integer<std::uint8_t>(rest_.front()) != tag) return std::nullopt;
        return next();
    }
    /// The content of next_if().
    std::optional<Bytes> take(std::uint8_t tag) noexcept {
        const auto element = next_if(tag);
        return element ? std::optional{element->content} : std::nullopt;
    }
    /// The content of the next element with that tag; those before it are passed by.
    std::optional<Bytes> find(std::uint8_t tag) noexcept {
        while (const auto element = next())
            if (element->tag == tag) return element->content;
        return std::nullopt;
    }
    bool empty() const noexcept { return rest_.empty(); }

private:
    /// X.690, 8.1.3: one byte, or how many bytes follow. The indefinite form is not DER.
    static std::size_t read_length(WireReader& in) noexcept {
        constexpr std::size_t impossible = ~std::size_t{0};
        switch (const auto first = in.u8(); first) {
            case 0x81: return in.u8();
            case 0x82: return in.u16();
            case 0x83: return in.u24();
            case 0x84: return in.u32();
            default: return first < 0x80 ? first : impossible;
        }
    }

    Bytes rest_;
};

/// The dotted text of an object identifier's content: 2.5.4.3. Empty where it is not one, or absurdly long.
inline std::string oid_text(Bytes content) {
    constexpr std::size_t oid_bytes_max = 64;
    if (content.empty() || content.size() > oid_bytes_max) return {};
    std::string text;
    std::uint64_t arc = 0;
    for (const auto byte : content) {
        if (arc > (~std::uint64_t{0} >> 7U)) return {};
        arc = arc << 7U | (std::to_integer<std::uint64_t>(byte) & 0x7fU);
        if ((byte & std::byte{0x80}) != std::byte{0}) continue;
        if (text.empty()) {
            // X.690, 8.19.4: the first two arcs share a number.
            const auto first = arc < 40 ? 0U : arc < 80 ? 1U : 2U;
            text = std::to_string(first) + '.' + std::to_string(arc - std::uint64_t{first} * 40);
        } else {
            text += '.';
            text += std::to_string(arc);
        }
        arc = 0;
    }
    return text;
}

}   // namespace ward
