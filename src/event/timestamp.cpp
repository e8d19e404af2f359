// SPDX-License-Identifier: Apache-2.0
#include "event/timestamp.hpp"

#include <charconv>

namespace ward::event {
namespace {

/// Takes a number of so many digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
    int value = 0;
    if (text.size() < digits) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
    if (error != std::errc{} || end != text.data() + digits || text.front() == '-') return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::chrono::nanoseconds> take_fraction(std::string_view& text) {
    if (!take(text, '.')) return std::chrono::nanoseconds{0};
    const auto is_digit = [](char one) { return one >= '0' && one <= '9'; };
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    std::int64_t nanoseconds = 0;
    for (std::int64_t unit = 100'000'000; !text.empty() && is_digit(text.front()); unit /= 10) {
        nanoseconds += (text.front() - '0') * unit;
        text.remove_prefix(1);
    }
    return std::chrono::nanoseconds{nanoseconds};
}

std::optional<std::chrono::minutes> take_offset(std::string_view text) {
    using std::chrono::hours, std::chrono::minutes;
    if (text == "Z") return minutes{0};
    const bool is_behind = text.starts_with('-');
    if (!is_behind && !text.starts_with('+')) return std::nullopt;
    text.remove_prefix(1);
    const auto hour = take_digits(text, 2);
    take(text, ':');
    const auto minute = take_digits(text, 2);
    if (!hour || !minute || !text.empty() || *hour > 14 || *minute > 59) return std::nullopt;
    const auto offset = hours{*hour} + minutes{*minute};
    return is_behind ? -offset : offset;
}

}   // namespace

std::optional<LocalTime> parse_local_timestamp(std::string_view text) {
    using namespace std::chrono;
    const auto year = take_digits(text, 4);
    if (!year || *year < 1970 || *year > 2199 || !take(text, '-')) return std::nullopt;
    const auto month = take_digits(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = take_digits(text, 2);
    if (!day || !(take(text, 'T') || take(text, ' '))) return std::nullopt;
    const auto hour = take_digits(text, 2);
    if (!hour || !take(text, ':')) return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute || !take(text, ':')) return std::nullopt;
    const auto second = take_digits(text, 2);
    const auto fraction = take_fraction(text);
    const auto offset = take_offset(text);
    const year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                              std::chrono::day{static_cast<unsigned>(*day)}};
    if (!second || !fraction || !offset || !date.ok() || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    const auto shown = Time{sys_days{date}} + hours{*hour} + minutes{*minute} + seconds{*second} + *fraction;
    return LocalTime{shown - *offset, *offset};
}

std::optional<Time> parse_timestamp(std::string_view text) {
    const auto time = parse_local_timestamp(text);
    return time ? std::optional{time->at} : std::nullopt;
}

}   // namespace ward::event
