// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "fhir/values.hpp"

namespace ward::fhir {

namespace {

// The letters that the Unicode Character Database decomposes Latin letters to, in lower case, or that common
// transliteration writes for those it does not decompose. '.': none; '+': two letters, listed below.
constexpr std::uint32_t latin_begin = 0xC0;
constexpr std::string_view latin =   // U+00C0 to U+0233
    "aaaaaa+ceeeeiiiidnooooo.ouuuuy++aaaaaa+ceeeeiiiidnooooo.ouuuuy+y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii++jjkkklllllll"
    "lllnnnnnnnnnoooooo++rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
    "bb.......d........f....i........oo.............uu..............."
    "....+++++++++aaiioouuuuuuuuuu.aaaa++ggggkkoooo..j+++gg..nnaa++oo"
    "aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy";
constexpr std::uint32_t latin_additional_begin = 0x1E00;
constexpr std::string_view latin_additional =   // U+1E00 to U+1EF9
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
    "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
    "wwwwwwwwwwxxxxyyzzzzzzhtwy.s..+.aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy";

std::string_view two_letters(std::uint32_t point) {
    switch (point) {
        case 0xC6:
        case 0xE6:
        case 0x1E2:
        case 0x1E3:
        case 0x1FC:
        case 0x1FD: return "ae";
        case 0xDE:
        case 0xFE: return "th";
        case 0x132:
        case 0x133: return "ij";
        case 0x152:
        case 0x153: return "oe";
        case 0xDF:
        case 0x1E9E: return "ss";
        default: break;
    }
    if (point >= 0x1C7 && point <= 0x1C9) return "lj";
    if (point >= 0x1CA && point <= 0x1CC) return "nj";
    return "dz";
}

// The blocks of the Unicode standard that hold nothing but marks for any script.
bool is_combining(std::uint32_t point) {
    return (point >= 0x300 && point <= 0x36F) || (point >= 0x1AB0 && point <= 0x1AFF) ||
           (point >= 0x1DC0 && point <= 0x1DFF) || (point >= 0x20D0 && point <= 0x20FF) ||
           (point >= 0xFE20 && point <= 0xFE2F);
}

std::uint32_t to_lower(std::uint32_t point) {
    if (point >= 0x391 && point <= 0x3AB && point != 0x3A2) return point + 0x20;   // Greek
    if (point >= 0x410 && point <= 0x42F) return point + 0x20;                     // Cyrillic
    if (point >= 0x400 && point <= 0x40F) return point + 0x50;
    if (point >= 0x531 && point <= 0x556) return point + 0x30;   // Armenian
    if (point == 0x3C2) return 0x3C3;                            // final sigma
    return point;
}

bool is_space(std::uint32_t point) {
    return point == ' ' || (point >= 9 && point <= 13) || point == 0xA0 ||
           (point >= 0x2000 && point <= 0x200A) || point == 0x202F || point == 0x3000;
}

// `text` is UTF-8 that json::Document or parse_query() has checked.
std::uint32_t take_point(std::string_view& text) {
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
    };
    const auto lead = byte(0);
    std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    size = std::min(size, text.size());
    auto point = size == 1 ? lead : lead & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) point = point << 6U | (byte(i) & 0x3FU);
    text.remove_prefix(size);
    return point;
}

void append_letter(std::string& out, std::string_view table, std::uint32_t begin, std::uint32_t point,
                   std::string_view spelling) {
    const char letter = table[point - begin];
    if (letter == '.')
        out += spelling;
    else if (letter == '+')
        out += two_letters(point);
    else
        out += letter;
}

void append_normalised(std::string& out, std::uint32_t point, std::string_view spelling) {
    if (point < 0x80) {
        out += static_cast<char>(point >= 'A' && point <= 'Z' ? point + 0x20 : point);
    } else if (point >= latin_begin && point - latin_begin < latin.size()) {
        append_letter(out, latin, latin_begin, point, spelling);
    } else if (point >= latin_additional_begin && point - latin_additional_begin < latin_additional.size()) {
        append_letter(out, latin_additional, latin_additional_begin, point, spelling);
    } else if (const auto lower = to_lower(point); lower != point) {   // all of these take two bytes
        out += static_cast<char>(0xC0U | lower >> 6U);
        out += static_cast<char>(0x80U | (lower & 0x3FU));
    } else if (!is_combining(point)) {
        out += spelling;
    }
}

}   // namespace

std::string normalise(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    bool space = false;
    while (!text.empty()) {
        const auto before = text;
        const auto point = take_point(text);
        if (is_space(point)) {
            space = !out.empty();
            continue;
        }
        if (space) out += ' ';
        space = false;
        append_normalised(out, point, before.substr(0, before.size() - text.size()));
    }
    return out;
}

}   // namespace ward::fhir
