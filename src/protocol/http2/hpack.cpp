// SPDX-License-Identifier: Apache-2.0
#include "protocol/http2/hpack.hpp"

#include <array>
#include <numeric>

#include "wire/wire_reader.hpp"

namespace ward::protocol::http2 {
namespace {

struct Fixed {
    std::string_view name;
    std::string_view value;
};
// RFC 7541, appendix A.
constexpr std::array<Fixed, 61> static_table{{
    {":authority", ""},
    {":method", "GET"},
    {":method", "POST"},
    {":path", "/"},
    {":path", "/index.html"},
    {":scheme", "http"},
    {":scheme", "https"},
    {":status", "200"},
    {":status", "204"},
    {":status", "206"},
    {":status", "304"},
    {":status", "400"},
    {":status", "404"},
    {":status", "500"},
    {"accept-charset", ""},
    {"accept-encoding", "gzip, deflate"},
    {"accept-language", ""},
    {"accept-ranges", ""},
    {"accept", ""},
    {"access-control-allow-origin", ""},
    {"age", ""},
    {"allow", ""},
    {"authorization", ""},
    {"cache-control", ""},
    {"content-disposition", ""},
    {"content-encoding", ""},
    {"content-language", ""},
    {"content-length", ""},
    {"content-location", ""},
    {"content-range", ""},
    {"content-type", ""},
    {"cookie", ""},
    {"date", ""},
    {"etag", ""},
    {"expect", ""},
    {"expires", ""},
    {"from", ""},
    {"host", ""},
    {"if-match", ""},
    {"if-modified-since", ""},
    {"if-none-match", ""},
    {"if-range", ""},
    {"if-unmodified-since", ""},
    {"last-modified", ""},
    {"link", ""},
    {"location", ""},
    {"max-forwards", ""},
    {"proxy-authenticate", ""},
    {"proxy-authorization", ""},
    {"range", ""},
    {"referer", ""},
    {"refresh", ""},
    {"retry-after", ""},
    {"server", ""},
    {"set-cookie", ""},
    {"strict-transport-security", ""},
    {"transfer-encoding", ""},
    {"user-agent", ""},
    {"vary", ""},
    {"via", ""},
    {"www-authenticate", ""},
}};

// RFC 7541, appendix B: how many bits each octet's code has. The code is canonical, so lengths tell all of
// it.
constexpr std::array<std::uint8_t, 256> code_lengths{
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28,
    28, 28, 28, 28, 28, 28, 6,  10, 10, 12, 13, 6,  8,  11, 10, 10, 8,  11, 8,  6,  6,  6,  5,  5,  5,  6,
    6,  6,  6,  6,  6,  6,  7,  8,  15, 6,  12, 10, 13, 6,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,
    7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  8,  7,  8,  13, 19, 13, 14, 6,  15, 5,  6,  5,  6,  5,  6,  6,
    6,  5,  7,  7,  6,  6,  6,  5,  6,  7,  6,  5,  5,  6,  7,  7,  7,  7,  7,  15, 11, 14, 13, 28, 20, 22,
    20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23,
    22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22,
    23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
    19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22,
    25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26};
constexpr std::size_t code_bits_max = 30;

/// The canonical code: of each length, the first code, how many there are, and where their octets stand.
struct Canonical {
    std::array<std::uint32_t, code_bits_max + 1> first{};
    std::array<std::uint32_t, code_bits_max + 1> count{};
    std::array<std::uint32_t, code_bits_max + 1> offset{};
    std::array<char, 256> octets{};
};
constexpr Canonical canonical = [] {
    Canonical code;
    std::uint32_t next = 0;
    std::uint32_t placed = 0;
    for (std::size_t bits = 1; bits <= code_bits_max; ++bits) {
        next <<= 1U;
        code.first[bits] = next;
        code.offset[bits] = placed;
        for (std::size_t octet = 0; octet < code_lengths.size(); ++octet) {
            if (code_lengths[octet] != bits) continue;
            code.octets[placed++] = static_cast<char>(octet);
            ++code.count[bits];
        }
        next += code.count[bits];
    }
    return code;
}();

/// RFC 7541, 5.1: `first` holds the prefix of so many bits.
std::optional<std::uint64_t> integer(WireReader& in, unsigned first, unsigned prefix_bits) {
    const std::uint64_t prefix = (1U << prefix_bits) - 1;
    std::uint64_t value = first & prefix;
    if (value < prefix) return value;
    for (unsigned shift = 0; shift <= 28; shift += 7) {
        const std::uint64_t octet = in.u8();
        if (in.truncated()) return std::nullopt;
        value += (octet & 127U) << shift;
        if ((octet & 128U) == 0) return value;
    }
    return std::nullopt;
}

std::optional<std::string> text(WireReader& in) {
    const unsigned first = in.u8();
    const auto length = integer(in, first, 7);
    if (!length || *length > in.remaining()) return std::nullopt;
    const auto bytes = in.take(static_cast<std::size_t>(*length));
    if ((first & 128U) != 0) return huffman_decoded(bytes);
    return std::string{as_text(bytes)};
}

std::size_t size_of(const Field& field) { return field.name.size() + field.value.size() + 32; }

}   // namespace

std::optional<std::string> huffman_decoded(Bytes packed) {
    std::string out;
    std::uint32_t code = 0;
    std::size_t bits = 0;
    for (const auto byte : packed) {
        for (unsigned mask = 128; mask != 0; mask >>= 1U) {
            code = code << 1U | ((std::to_integer<unsigned>(byte) & mask) != 0 ? 1U : 0U);
            if (++bits > code_bits_max) return std::nullopt;
            const auto place = code - canonical.first[bits];
            if (code < canonical.first[bits] || place >= canonical.count[bits]) continue;
            out += canonical.octets[canonical.offset[bits] + place];
            code = 0;
            bits = 0;
        }
    }
    // What is left over is the beginning of a code of ones only, shorter than an octet.
    if (bits > 7 || code != (1U << bits) - 1) return std::nullopt;
    return out;
}

bool Hpack::look_up(std::uint64_t index, Field& field) const {
    if (index == 0) return false;
    if (index <= static_table.size()) {
        const auto& fixed = static_table[static_cast<std::size_t>(index) - 1];
        field = {std::string{fixed.name}, std::string{fixed.value}};
        return true;
    }
    const auto back = index - static_table.size();
    if (back > table_.size()) return false;
    field = table_[table_.size() - static_cast<std::size_t>(back)];
    return true;
}

void Hpack::shrink_to(std::size_t bytes) {
    while (!table_.empty() && used_ > bytes) {
        used_ -= size_of(table_.front());
        table_.pop_front();
    }
}

void Hpack::keep(const Field& field) {
    // RFC 7541, 4.4: a field that is larger than the table empties it.
    const auto size = size_of(field);
    shrink_to(size > limit_ ? 0 : limit_ - size);
    if (size > limit_) return;
    used_ += size;
    table_.push_back(field);
}

std::optional<std::vector<Field>> Hpack::decode(Bytes block) {
    std::vector<Field> fields;
    std::size_t text_bytes = 0;
    WireReader in{block};
    while (in.remaining() > 0) {
        const unsigned first = in.u8();
        const bool indexed = (first & 0x80U) != 0;
        if (!indexed && (first & 0xe0U) == 0x20) {   // 6.3: the table's size
            const auto size = integer(in, first, 5);
            if (!size || *size > table_bytes_max) return std::nullopt;
            limit_ = static_cast<std::size_t>(*size);
            shrink_to(limit_);
            continue;
        }
        const bool kept = !indexed && (first & 0x40U) != 0;   // 6.2.1; otherwise 6.2.2 and 6.2.3
        const auto index = integer(in, first, indexed ? 7 : kept ? 6 : 4);
        Field field;
        if (!index || ((indexed || *index != 0) && !look_up(*index, field))) return std::nullopt;
        if (!indexed) {
            if (*index == 0) {
                auto name = text(in);
                if (!name) return std::nullopt;
                field.name = std::move(*name);
            }
            auto value = text(in);
            if (!value) return std::nullopt;
            field.value = std::move(*value);
            if (kept) keep(field);
        }
        text_bytes += size_of(field);
        if (fields.size() >= fields_max || text_bytes > block_text_max) return std::nullopt;
        fields.push_back(std::move(field));
    }
    return fields;
}

}   // namespace ward::protocol::http2
