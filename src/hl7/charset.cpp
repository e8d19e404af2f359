// SPDX-License-Identifier: Apache-2.0
#include "hl7/charset.hpp"

#include <array>
#include <bit>
#include <cerrno>
#include <iconv.h>
#include <memory>
#include <optional>

#include "core/bytes.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"

namespace ward::hl7 {
namespace {

enum class Kind : std::uint8_t { single_byte, multi_byte, switched };   // switched: by escape sequences

struct Charset {
    std::string_view name;    // table 0211, and what senders write for it
    const char* iconv_name;   // as iconv(3) knows it
    Kind kind = Kind::single_byte;
};

// HL7 v2.9, table 0211. Those of East Asia have bytes of delimiters within characters, which is why the whole
// message is converted before it is cut.
constexpr std::array charsets{
    Charset{"ASCII", "US-ASCII"},
    Charset{"8859/1", "ISO-8859-1"},
    Charset{"8859/2", "ISO-8859-2"},
    Charset{"8859/3", "ISO-8859-3"},
    Charset{"8859/4", "ISO-8859-4"},
    Charset{"8859/5", "ISO-8859-5"},
    Charset{"8859/6", "ISO-8859-6"},
    Charset{"8859/7", "ISO-8859-7"},
    Charset{"8859/8", "ISO-8859-8"},
    Charset{"8859/9", "ISO-8859-9"},
    Charset{"8859/15", "ISO-8859-15"},
    Charset{"GB 18030-2000", "GB18030", Kind::multi_byte},
    Charset{"KS X 1001", "EUC-KR", Kind::multi_byte},
    Charset{"BIG-5", "BIG5", Kind::multi_byte},
    Charset{"ISO IR87", "ISO-2022-JP", Kind::switched},
    Charset{"ISO IR159", "ISO-2022-JP-2", Kind::switched},
    Charset{"UNICODE", "UTF-8"},
    Charset{"UNICODE UTF-8", "UTF-8"},
    Charset{"UTF-8", "UTF-8"},
    Charset{"UNICODE UTF-16", "UTF-16"},
    Charset{"UNICODE UTF-32", "UTF-32"},
};

Fault unknown_set() {
    return {ErrorCode::table_value_not_found, "MSH", 1, 18, "the character set is not known"};
}
Fault not_of_set() {
    return {ErrorCode::data_type, "MSH", 1, 18, "the message is not in the character set that it names"};
}

/// "8859-6", "ISO 8859/6", "ISO_8859-6:1987" and "iso8859-6" are all the table's 8859/6; "utf8" is UTF-8.
bool same_name(std::string_view written, std::string_view known) {
    std::string plain;
    for (const char c : written.substr(0, written.find(':')))
        if (c != ' ' && c != '_' && c != '-' && c != '/' && c != '.') plain += lower(c);
    if (plain.starts_with("iso8859")) plain.erase(0, 3);
    std::string wanted;
    for (const char c : known)
        if (c != ' ' && c != '-' && c != '/') wanted += lower(c);
    return plain == wanted || (wanted.starts_with("8859") && plain == "iso" + wanted);
}

const Charset* find(std::string_view name) {
    for (const auto& charset : charsets)
        if (same_name(name, charset.name)) return &charset;
    return nullptr;
}

struct Close {
    void operator()(void* conversion) const noexcept { iconv_close(conversion); }
};
using Conversion = std::unique_ptr<void, Close>;

std::optional<Conversion> open(const Charset& charset) {
    auto* const conversion = iconv_open("UTF-8", charset.iconv_name);
    // The documented failure value is (iconv_t)-1.
    if (std::bit_cast<std::intptr_t>(conversion) == -1) return std::nullopt;
    return Conversion{conversion};
}

std::optional<std::string> convert(std::string_view text, const Charset& charset) {
    const auto conversion = open(charset);
    if (!conversion) return std::nullopt;
    std::string out;
    std::string input{text};
    char* from = input.data();
    auto from_left = input.size();
    std::array<char, 16 * 1024> piece{};
    for (;;) {
        char* to = piece.data();
        auto to_left = piece.size();
        const auto done =
            iconv(conversion->get(), from_left > 0 ? &from : nullptr, &from_left, &to, &to_left);
        const bool full = done == static_cast<std::size_t>(-1) && errno == E2BIG;
        if (done == static_cast<std::size_t>(-1) && !full) return std::nullopt;
        out.append(piece.data(), piece.size() - to_left);
        if (from_left == 0 && !full && to == piece.data()) return out;
    }
}

/// UTF-16 or UTF-32 with a mark, or with the zeros that they begin with.
const Charset* by_first_bytes(std::string_view text) {
    const auto begins = [&](std::string_view bytes) { return text.starts_with(bytes); };
    using namespace std::string_view_literals;
    if (begins("\xff\xfe\0\0"sv) || begins("\0\0\xfe\xff"sv)) return find("UNICODE UTF-32");
    if (begins("\xff\xfe"sv) || begins("\xfe\xff"sv)) return find("UNICODE UTF-16");
    static constexpr Charset little{"", "UTF-16LE"}, big{"", "UTF-16BE"};
    if (begins("M\0S\0H\0"sv)) return &little;
    if (begins("\0M\0S\0H"sv)) return &big;
    return nullptr;
}

/// MSH-18 of a text of which nothing is known but that delimiters are ASCII.
struct Named {
    std::string_view set;                // its first repetition
    const Charset* switched = nullptr;   // what escape sequences switch to, in any repetition
};

Named named_in(std::string_view text) {
    constexpr std::size_t separators_before = 17;
    const auto begin = text.find("MSH");
    if (begin == std::string_view::npos) return {};
    auto rest = text.substr(begin, text.find_first_of("\r\n", begin) - begin);
    if (rest.size() <= 3) return {};
    const char separator = rest[3];
    const char repetition = rest.size() > 5 ? rest[5] : '~';
    for (std::size_t i = 0; i < separators_before; ++i) take_until(rest, separator);
    auto field = take_until(rest, separator);
    Named named{.set = trimmed(field.substr(0, field.find(repetition)))};
    while (!field.empty()) {
        const auto* const set = find(trimmed(take_until(field, repetition)));
        if (set == nullptr || set->kind != Kind::switched) continue;
        // ISO IR159 has what ISO IR87 has.
        if (named.switched == nullptr || set->name == "ISO IR159") named.switched = set;
    }
    return named;
}

/// `\XE9\`: bytes of the message's set in hexadecimal (HL7 v2.9, 2.7.7), which become those of UTF-8. What
/// cannot stays as it is.
std::string with_bytes_converted(std::string text, const Charset* charset) {
    const auto header = text.find("MSH");
    constexpr std::size_t escape_at = 6;
    if (charset == nullptr || header == std::string::npos || text.size() <= header + escape_at) return text;
    const char escape = text[header + escape_at];
    const std::string begins{escape, 'X'};
    if (text.find(begins) == std::string::npos) return text;
    std::string out;
    std::string_view rest = text;
    for (auto at = rest.find(begins); at != std::string_view::npos; at = rest.find(begins)) {
        const auto from = at + begins.size();
        out += rest.substr(0, from);
        rest.remove_prefix(from);
        const auto digits = rest.substr(0, rest.find(escape));
        const auto bytes = from_hex(digits);
        if (!bytes || is_utf8(as_text(*bytes))) continue;
        const auto converted = convert(as_text(*bytes), *charset);
        if (!converted) continue;
        out += to_hex(as_bytes(*converted));
        rest.remove_prefix(digits.size());
    }
    return out.append(rest);
}

bool is_ascii(std::string_view text) {
    for (const char c : text)
        if ((static_cast<unsigned char>(c) & 0x80U) != 0) return false;
    return true;
}

}   // namespace

Read<std::string> to_utf8(std::string text, std::string_view fallback) {
    if (const auto* charset = by_first_bytes(text)) {
        auto converted = convert(text, *charset);
        if (!converted) return refuse(not_of_set());
        return *std::move(converted);
    }
    if (text.starts_with("\xef\xbb\xbf") && is_utf8(text)) return text;
    const auto named = named_in(text);
    const bool names_none = named.set.empty() || equal_ignoring_case(named.set, "ASCII");
    const auto* charset = find(names_none ? fallback : named.set);
    const auto* switched = named.switched;
    if (switched == nullptr && names_none && charset != nullptr && charset->kind == Kind::switched)
        switched = charset;
    // ISO-2022-JP is ASCII to who does not know its escape sequences; elsewhere they mean nothing.
    constexpr char escape = 0x1b;
    if (switched != nullptr && text.find(escape) != std::string::npos) {
        charset = switched;
    } else {
        if (is_ascii(text)) return with_bytes_converted(std::move(text), charset);
        // What is valid by chance: two bytes of GB 18030 may be a character of UTF-8 too.
        const bool is_declared = !names_none && charset != nullptr && charset->kind == Kind::multi_byte;
        if (is_utf8(text) && !is_declared) return with_bytes_converted(std::move(text), charset);
    }
    if (charset == nullptr) return refuse(unknown_set());
    auto converted = convert(text, *charset);
    if (!converted) return refuse(not_of_set());
    return with_bytes_converted(*std::move(converted), charset);
}

bool is_charset(std::string_view name) { return find(name) != nullptr; }

Result<> load_charsets() {
    // The C library keeps what it has loaded as long as one conversion of it is open.
    static const auto kept = [] {
        std::array<std::optional<Conversion>, charsets.size()> all;
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = open(charsets[i]);
        return all;
    }();
    for (std::size_t i = 0; i < kept.size(); ++i)
        if (!kept[i])
            return fail(Errc::unavailable,
                        "the C library has no conversion from " + std::string{charsets[i].name});
    return {};
}

}   // namespace ward::hl7
