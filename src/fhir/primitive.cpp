// SPDX-License-Identifier: Apache-2.0
#include "fhir/primitive.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <limits>
#include <optional>

#include "fhir/resource_types.hpp"

namespace ward::fhir {
namespace {

constexpr std::size_t string_bytes_max = std::size_t{1} << 20;   // datatypes.html#string

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_string(std::string_view text) { return !text.empty() && text.size() <= string_bytes_max; }

bool is_uri(std::string_view text) { return !text.empty() && std::ranges::none_of(text, is_space); }

// [^\s]+(\s[^\s]+)*
bool is_code(std::string_view text) {
    if (text.empty() || is_space(text.front()) || is_space(text.back())) return false;
    return std::ranges::adjacent_find(text, [](char a, char b) { return is_space(a) && is_space(b); }) ==
           text.end();
}

// urn:oid:[0-2](\.(0|[1-9][0-9]*))+
bool is_oid(std::string_view text) {
    constexpr std::string_view prefix = "urn:oid:";
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    if (text.size() < 3 || text[0] < '0' || text[0] > '2' || text[1] != '.') return false;
    for (text.remove_prefix(1); !text.empty();) {
        text.remove_prefix(1);   // the dot
        const auto part = text.substr(0, text.find('.'));
        if (part.empty() || !std::ranges::all_of(part, is_digit) || (part.size() > 1 && part[0] == '0'))
            return false;
        text.remove_prefix(part.size());
    }
    return true;
}

bool is_uuid(std::string_view text) {
    constexpr std::string_view prefix = "urn:uuid:";
    constexpr std::string_view form = "00000000-0000-0000-0000-000000000000";
    if (!text.starts_with(prefix) || text.size() != prefix.size() + form.size()) return false;
    text.remove_prefix(prefix.size());
    for (std::size_t i = 0; i < form.size(); ++i) {
        const bool is_hex =
            is_digit(text[i]) || (text[i] >= 'a' && text[i] <= 'f') || (text[i] >= 'A' && text[i] <= 'F');
        if (form[i] == '-' ? text[i] != '-' : !is_hex) return false;
    }
    return true;
}

bool is_base64(std::string_view text) {
    std::size_t count = 0, padding = 0;
    for (const char c : text) {
        if (is_space(c)) continue;
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (c == '=')
            ++padding;
        else if (padding > 0 || !(is_letter || is_digit(c) || c == '+' || c == '/'))
            return false;
        ++count;
    }
    return count > 0 && count % 4 == 0 && padding <= 2;
}

/// So many digits, of a number within the range.
bool take_digits(std::string_view& text, std::size_t count, int least, int most) {
    if (text.size() < count || !std::ranges::all_of(text.substr(0, count), is_digit)) return false;
    int value = 0;
    std::from_chars(text.data(), text.data() + count, value);
    text.remove_prefix(count);
    return value >= least && value <= most;
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

enum class Precision { none, year, month, day };

/// YYYY, YYYY-MM or YYYY-MM-DD, a day that there was.
Precision take_date(std::string_view& text) {
    const auto begin = text;
    if (!take_digits(text, 4, 1, 9999)) return Precision::none;
    if (!take(text, '-')) return Precision::year;
    if (!take_digits(text, 2, 1, 12)) return Precision::none;
    if (!take(text, '-')) return Precision::month;
    if (!take_digits(text, 2, 1, 31)) return Precision::none;
    const auto part = [&](std::size_t from, std::size_t size) {
        int value = 0;
        std::from_chars(begin.data() + from, begin.data() + from + size, value);
        return value;
    };
    const std::chrono::year_month_day date{std::chrono::year{part(0, 4)},
                                           std::chrono::month{static_cast<unsigned>(part(5, 2))},
                                           std::chrono::day{static_cast<unsigned>(part(8, 2))}};
    return date.ok() ? Precision::day : Precision::none;
}

/// hh:mm:ss with a fraction or without; a leap second too.
bool take_time(std::string_view& text) {
    if (!take_digits(text, 2, 0, 23) || !take(text, ':') || !take_digits(text, 2, 0, 59) ||
        !take(text, ':') || !take_digits(text, 2, 0, 60))
        return false;
    if (!take(text, '.')) return true;
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(digits);
    return digits > 0;
}

bool take_zone(std::string_view& text) {
    if (take(text, 'Z')) return true;
    if (!take(text, '+') && !take(text, '-')) return false;
    return take_digits(text, 2, 0, 14) && take(text, ':') && take_digits(text, 2, 0, 59);
}

bool is_date(std::string_view text) { return take_date(text) != Precision::none && text.empty(); }

bool is_time(std::string_view text) { return take_time(text) && text.empty(); }

bool is_instant(std::string_view text) {
    return take_date(text) == Precision::day && take(text, 'T') && take_time(text) && take_zone(text) &&
           text.empty();
}

// "If hours and minutes are specified, a time zone SHALL be populated."
bool is_date_time(std::string_view text) { return is_date(text) || is_instant(text); }

bool is_narrative(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    return text.starts_with("<div") && text.find("</div>") != std::string_view::npos;
}

std::optional<std::int64_t> integer(json::Value value) {
    if (value.kind() != json::Kind::number) return std::nullopt;
    const auto text = value.raw();
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

template <std::int64_t least>
bool is_integer(json::Value value) {
    const auto number = integer(value);
    return number && *number >= least && *number <= std::numeric_limits<std::int32_t>::max();
}

template <bool (*form)(std::string_view)>
bool is_text(json::Value value) {
    return value.is_string() && form(value.text());
}

struct PrimitiveForm {
    std::string_view type;
    bool (*has_form)(json::Value);
};

constexpr std::array<PrimitiveForm, 20> forms{{
    {"base64Binary", is_text<is_base64>},
    {"boolean", [](json::Value value) { return value.kind() == json::Kind::boolean; }},
    {"canonical", is_text<is_uri>},
    {"code", is_text<is_code>},
    {"date", is_text<is_date>},
    {"dateTime", is_text<is_date_time>},
    {"decimal", [](json::Value value) { return value.kind() == json::Kind::number; }},
    {"id", is_text<is_id>},
    {"instant", is_text<is_instant>},
    {"integer", is_integer<std::numeric_limits<std::int32_t>::min()>},
    {"markdown", is_text<is_string>},
    {"oid", is_text<is_oid>},
    {"positiveInt", is_integer<1>},
    {"string", is_text<is_string>},
    {"time", is_text<is_time>},
    {"unsignedInt", is_integer<0>},
    {"uri", is_text<is_uri>},
    {"url", is_text<is_uri>},
    {"uuid", is_text<is_uuid>},
    {"xhtml", is_text<is_narrative>},
}};

const PrimitiveForm* find(std::string_view type) {
    const auto* found = std::ranges::find(forms, type, &PrimitiveForm::type);
    return found == forms.end() ? nullptr : found;
}

}   // namespace

bool is_primitive(std::string_view type) { return find(type) != nullptr; }

bool has_form(std::string_view type, json::Value value) {
    const auto* form = find(type);
    return form != nullptr && form->has_form(value);
}

}   // namespace ward::fhir
