// SPDX-License-Identifier: Apache-2.0
#include "fhir/v2/dates.hpp"

#include <algorithm>
#include <chrono>

#include "fhir/date.hpp"

namespace ward::fhir::v2 {

namespace {

bool are_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// A v2 time in its parts, each as it is spelled.
struct Parts {
    std::string_view date;       // 4, 6 or 8 digits
    std::string_view time;       // 0, 2, 4 or 6 digits
    std::string_view fraction;   // with its point
    std::string_view zone;       // as +0130
};

std::string_view take_zone(std::string_view& text) {
    const auto sign = text.find_first_of("+-");
    if (sign == std::string_view::npos) return {};
    const auto zone = text.substr(sign);
    text = text.substr(0, sign);
    return zone;
}

std::optional<Parts> split(std::string_view text) {
    Parts parts;
    parts.zone = take_zone(text);
    if (!parts.zone.empty() && (parts.zone.size() != 5 || !are_digits(parts.zone.substr(1))))
        return std::nullopt;
    if (const auto point = text.find('.'); point != std::string_view::npos) {
        parts.fraction = text.substr(point);
        text = text.substr(0, point);
        if (parts.fraction.size() < 2 || !are_digits(parts.fraction.substr(1))) return std::nullopt;
    }
    if (!are_digits(text) || text.size() < 4 || text.size() > 14 || text.size() % 2 != 0) return std::nullopt;
    parts.date = text.substr(0, 8);
    parts.time = text.substr(parts.date.size());
    if (!parts.fraction.empty() && parts.time.size() != 6) return std::nullopt;
    return parts;
}

void append_date(std::string& out, std::string_view digits) {
    out += digits.substr(0, 4);
    if (digits.size() > 4) out.append("-").append(digits.substr(4, 2));
    if (digits.size() > 6) out.append("-").append(digits.substr(6, 2));
}

void append_time(std::string& out, std::string_view digits, std::string_view fraction) {
    out += digits.substr(0, 2);
    out.append(":").append(digits.size() > 2 ? digits.substr(2, 2) : "00");
    out.append(":").append(digits.size() > 4 ? digits.substr(4, 2) : "00");
    out += fraction;
}

std::string spelled_zone(std::string_view zone) {
    return std::string{zone.substr(0, 3)}.append(":").append(zone.substr(3));
}

std::optional<std::string> only_if_valid(std::string text) {
    if (!parse_date(text)) return std::nullopt;
    return text;
}

/// What a clock shows, where it is a time that there is.
std::optional<std::chrono::local_seconds> shown(const Parts& parts) {
    using namespace std::chrono;
    const auto number = [](std::string_view digits, std::size_t at) {
        return at + 2 > digits.size() ? 0 : (digits[at] - '0') * 10 + digits[at + 1] - '0';
    };
    const year_month_day day{year{number(parts.date, 0) * 100 + number(parts.date, 2)},
                             month{static_cast<unsigned>(number(parts.date, 4))},
                             std::chrono::day{static_cast<unsigned>(number(parts.date, 6))}};
    if (!day.ok()) return std::nullopt;
    return local_days{day} + hours{number(parts.time, 0)} + minutes{number(parts.time, 2)} +
           seconds{number(parts.time, 4)};
}

std::string spell(const Parts& parts, const TimeZone& zone) {
    std::string out;
    append_date(out, parts.date);
    if (parts.time.empty()) return out;
    out += 'T';
    append_time(out, parts.time, parts.fraction);
    const auto clock = parts.zone.empty() ? shown(parts) : std::nullopt;
    out += clock ? zone.offset_at(*clock) : parts.zone.empty() ? "Z" : spelled_zone(parts.zone);
    return out;
}

}   // namespace

std::optional<std::string> to_date(std::string_view text) {
    const auto parts = split(text);
    if (!parts) return std::nullopt;
    std::string out;
    append_date(out, parts->date);
    return only_if_valid(std::move(out));
}

std::optional<std::string> to_date_time(std::string_view text, const TimeZone& zone) {
    const auto parts = split(text);
    if (!parts) return std::nullopt;
    return only_if_valid(spell(*parts, zone));
}

std::optional<std::string> to_instant(std::string_view text, const TimeZone& zone) {
    const auto parts = split(text);
    if (!parts || parts->time.empty()) return std::nullopt;
    return only_if_valid(spell(*parts, zone));
}

std::optional<std::string> to_time(std::string_view text) {
    // A time of day has the rules of one on some day.
    const auto some_day = "20000101" + std::string{text};
    const auto parts = split(some_day);
    if (!parts || parts->time.empty() || !only_if_valid(spell(*parts, TimeZone{}))) return std::nullopt;
    std::string out;
    append_time(out, parts->time, parts->fraction);
    return out;
}

std::optional<TimeZone> zone_of(std::string_view text) {
    const auto parts = split(text);
    if (!parts || parts->zone.empty()) return std::nullopt;
    auto zone = TimeZone::parse(spelled_zone(parts->zone));
    return zone ? std::optional{*std::move(zone)} : std::nullopt;
}

}   // namespace ward::fhir::v2
