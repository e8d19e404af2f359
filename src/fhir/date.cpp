// SPDX-License-Identifier: Apache-2.0
#include "fhir/date.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace ward::fhir {

namespace {

using std::chrono::milliseconds;

enum class Form : std::uint8_t { resource, search };

/// A view of a date's text, read from left to right. What is not as expected makes it bad for good.
class DateReader {
public:
    explicit DateReader(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    bool good() const { return good_; }
    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

    bool take(char wanted) {
        if (peek() != wanted || rest_.empty()) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void expect(char wanted) { good_ = take(wanted) && good_; }

    int digits(std::size_t count, int smallest, int greatest) {
        int number = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const char c = peek();
            if (c < '0' || c > '9') return bad();
            number = number * 10 + (c - '0');
            rest_.remove_prefix(1);
        }
        return number < smallest || number > greatest ? bad() : number;
    }

    // At least one digit after the point; past the third they say less than a millisecond.
    int fraction() {
        int number = 0;
        std::size_t count = 0;
        for (; peek() >= '0' && peek() <= '9'; ++count) {
            if (count < 3) number = number * 10 + (peek() - '0');
            rest_.remove_prefix(1);
        }
        if (count == 0 || count > digits_max) return bad();
        for (; count < 3; ++count) number *= 10;
        return number;
    }

private:
    static constexpr std::size_t digits_max = 12;

    int bad() {
        good_ = false;
        return 0;
    }

    std::string_view rest_;
    bool good_ = true;
};

std::int64_t start_of(std::chrono::sys_days day) {
    return std::chrono::duration_cast<milliseconds>(day.time_since_epoch()).count();
}

// R4, datatypes.html#dateTime: Z or (+|-)((0[0-9]|1[0-3]):[0-5][0-9]|14:00).
std::int64_t zone_offset(DateReader& in) {
    if (in.take('Z')) return 0;
    const std::int64_t sign = in.peek() == '-' ? -1 : 1;
    if (!in.take('-')) in.expect('+');
    const int hours = in.digits(2, 0, 14);
    in.expect(':');
    const int minutes = in.digits(2, 0, hours == 14 ? 0 : 59);
    return sign * (hours * 60 + minutes) * 60'000;
}

std::optional<DateInterval> parse_time(DateReader& in, std::int64_t midnight, Form form) {
    std::int64_t time = in.digits(2, 0, 23) * 3'600'000LL;
    in.expect(':');
    time += in.digits(2, 0, 59) * 60'000LL;
    std::int64_t precision = 60'000;
    if (form == Form::resource || in.peek() == ':') {
        in.expect(':');
        time += in.digits(2, 0, 60) * 1000LL;   // 60: a leap second, which is taken as the second after it
        precision = 1000;
        if (in.take('.')) {
            time += in.fraction();
            precision = 1;
        }
    }
    if (form == Form::resource || !in.at_end()) time -= zone_offset(in);
    if (!in.good() || !in.at_end()) return std::nullopt;
    return DateInterval{midnight + time, midnight + time + precision - 1};
}

std::optional<DateInterval> parse(std::string_view text, Form form) {
    using namespace std::chrono;
    DateReader in{text};
    const year y{in.digits(4, 1, 9999)};
    if (!in.good()) return std::nullopt;
    if (in.at_end())
        return DateInterval{start_of(sys_days{y / 1 / 1}), start_of(sys_days{(y + years{1}) / 1 / 1}) - 1};
    in.expect('-');
    const month m{static_cast<unsigned>(in.digits(2, 1, 12))};
    if (!in.good()) return std::nullopt;
    if (in.at_end()) {
        const auto next = year_month{y, m} + months{1};
        return DateInterval{start_of(sys_days{y / m / 1}), start_of(sys_days{next / 1}) - 1};
    }
    in.expect('-');
    const auto date = y / m / day{static_cast<unsigned>(in.digits(2, 1, 31))};
    if (!in.good() || !date.ok()) return std::nullopt;
    const auto midnight = start_of(sys_days{date});
    if (in.at_end()) return DateInterval{midnight, midnight + 86'400'000 - 1};
    in.expect('T');
    return parse_time(in, midnight, form);
}

bool overlaps(DateInterval a, DateInterval b) { return a.lower <= b.upper && b.lower <= a.upper; }
bool contains(DateInterval outer, DateInterval inner) {
    return outer.lower <= inner.lower && inner.upper <= outer.upper;
}

// R4, search.html#prefix: "for a date, 10% of the gap between now and the date".
DateInterval widen(DateInterval interval, Time now) {
    const auto present = now.time_since_epoch().count();
    const auto gap = std::max(std::abs(present - interval.lower), std::abs(present - interval.upper)) / 10;
    return {interval.lower - gap, interval.upper + gap};
}

}   // namespace

std::optional<DateInterval> parse_date(std::string_view text) { return parse(text, Form::resource); }
std::optional<DateInterval> parse_search_date(std::string_view text) { return parse(text, Form::search); }

bool compare(Prefix prefix, DateInterval value, DateInterval searched, Time now) {
    switch (prefix) {
        case Prefix::eq: return contains(searched, value);
        case Prefix::ne: return !contains(searched, value);
        case Prefix::gt: return value.upper > searched.upper;
        case Prefix::lt: return value.lower < searched.lower;
        case Prefix::ge: return value.upper > searched.upper || contains(searched, value);
        case Prefix::le: return value.lower < searched.lower || contains(searched, value);
        case Prefix::sa: return value.lower > searched.upper;
        case Prefix::eb: return value.upper < searched.lower;
        case Prefix::ap: return overlaps(widen(searched, now), value);
    }
    return false;
}

}   // namespace ward::fhir
