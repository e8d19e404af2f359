// SPDX-License-Identifier: Apache-2.0
#include "fhir/decimal.hpp"

#include <charconv>

namespace ward::fhir {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Collects the digits of a number, those before and those after the point.
class Digits {
public:
    // False at the end of the digits; true for one that was taken.
    bool take(std::string_view& text) {
        if (text.empty() || !is_digit(text.front())) return false;
        const int digit = text.front() - '0';
        text.remove_prefix(1);
        any_ = true;
        if (significant_ < Decimal::digits_max) {
            mantissa_ = mantissa_ * 10 + digit;
            if (mantissa_ != 0) ++significant_;
            if (after_point_) --exponent_;
        } else if (!after_point_) {
            ++exponent_;
        }
        return true;
    }
    void pass_point() { after_point_ = true; }
    bool any() const { return any_; }
    Decimal value() const { return {mantissa_, exponent_}; }

private:
    std::int64_t mantissa_ = 0;
    int exponent_ = 0;
    int significant_ = 0;
    bool after_point_ = false;
    bool any_ = false;
};

// The digits without zeros at the end, and how many of them stand before the point.
struct Normal {
    std::string digits;
    int magnitude = 0;
};

Normal normal(const Decimal& number) {
    auto digits = std::to_string(number.mantissa < 0 ? -number.mantissa : number.mantissa);
    const int magnitude = static_cast<int>(digits.size()) + number.exponent;
    digits.erase(digits.find_last_not_of('0') + 1);
    return {std::move(digits), magnitude};
}

int sign_of(const Decimal& number) { return number.mantissa < 0 ? -1 : number.mantissa > 0 ? 1 : 0; }

bool is_below(const Decimal& a, const Decimal& b) { return compare(a, b) < 0; }

/// Half a unit of the last digit to either side; the upper end does not belong to it. 100 is [99.5, 100.5),
/// and 1e2 is [95, 105), as the examples of R4, search.html#number have it.
DecimalInterval precision_of(const Decimal& number) {
    constexpr std::int64_t long_mantissa = 1'000'000'000'000'000;   // its hundredfold still fits
    if (number.exponent > 0 && number.mantissa < long_mantissa && number.mantissa > -long_mantissa) {
        const auto hundred = number.mantissa * 100;
        return {Decimal{hundred - 5, number.exponent - 2}, Decimal{hundred + 5, number.exponent - 2}, false,
                true};
    }
    const auto ten = number.mantissa * 10;
    return {Decimal{ten - 5, number.exponent - 1}, Decimal{ten + 5, number.exponent - 1}, false, true};
}

bool contains(const DecimalInterval& outer, const DecimalInterval& inner) {
    if (!inner.lower || !inner.upper) return false;
    const auto upper = compare(*inner.upper, *outer.upper);
    return !is_below(*inner.lower, *outer.lower) && (upper < 0 || (upper == 0 && inner.upper_open));
}

// R4, search.html#prefix, ap: "10% of the stated value"; never less than what eq would find.
bool is_near(const DecimalInterval& value, const Decimal& searched) {
    const auto size = searched.mantissa < 0 ? -searched.mantissa : searched.mantissa;
    const Decimal lower{searched.mantissa * 10 - size, searched.exponent - 1};
    const Decimal upper{searched.mantissa * 10 + size, searched.exponent - 1};
    const bool apart =
        (value.upper && is_below(*value.upper, lower)) || (value.lower && is_below(upper, *value.lower));
    return !apart || contains(precision_of(searched), value);
}

bool reaches_above(const DecimalInterval& value, const Decimal& searched) {
    return !value.upper || is_below(searched, *value.upper);
}
bool reaches_below(const DecimalInterval& value, const Decimal& searched) {
    return !value.lower || is_below(*value.lower, searched);
}
bool ends_at(const std::optional<Decimal>& end, const Decimal& searched) {
    return end && compare(*end, searched) == 0;
}

}   // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    Digits digits;
    while (digits.take(text)) {
    }
    if (!digits.any()) return std::nullopt;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        digits.pass_point();
        if (!digits.take(text)) return std::nullopt;
        while (digits.take(text)) {
        }
    }
    auto number = digits.value();
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('+')) text.remove_prefix(1);
        int exponent = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
        if (error != std::errc{} || exponent > Decimal::exponent_max || exponent < -Decimal::exponent_max)
            return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        number.exponent += exponent;
    }
    constexpr int magnitude_max = 2 * Decimal::exponent_max;
    if (!text.empty() || number.exponent > magnitude_max || number.exponent < -magnitude_max)
        return std::nullopt;
    if (negative) number.mantissa = -number.mantissa;
    return number;
}

std::strong_ordering compare(const Decimal& a, const Decimal& b) {
    const int sign = sign_of(a);
    if (sign != sign_of(b)) return sign <=> sign_of(b);
    if (sign == 0) return std::strong_ordering::equal;
    const auto left = normal(a);
    const auto right = normal(b);
    auto order = left.magnitude <=> right.magnitude;
    if (order == 0) order = left.digits.compare(right.digits) <=> 0;
    return sign < 0 ? 0 <=> order : order;
}

std::string sortable(const Decimal& number) {
    if (sign_of(number) == 0) return "1";
    auto [digits, magnitude] = normal(number);
    constexpr int bias = 5'000;   // more than any magnitude, so that all have four digits and no sign
    auto text = std::to_string(bias + magnitude) + digits;
    if (number.mantissa > 0) return "2" + text;
    for (char& c : text) c = static_cast<char>('0' + '9' - c);
    return "0" + text + "~";   // after all digits: of two negative numbers, the longer one comes first
}

bool compare(Prefix prefix, const DecimalInterval& value, const Decimal& searched) {
    switch (prefix) {
        case Prefix::eq: return contains(precision_of(searched), value);
        case Prefix::ne: return !contains(precision_of(searched), value);
        case Prefix::gt: return reaches_above(value, searched);
        case Prefix::lt: return reaches_below(value, searched);
        case Prefix::ge:
            return reaches_above(value, searched) || (ends_at(value.upper, searched) && !value.upper_open);
        case Prefix::le:
            return reaches_below(value, searched) || (ends_at(value.lower, searched) && !value.lower_open);
        case Prefix::sa:
            return value.lower &&
                   (is_below(searched, *value.lower) || (ends_at(value.lower, searched) && value.lower_open));
        case Prefix::eb:
            return value.upper &&
                   (is_below(*value.upper, searched) || (ends_at(value.upper, searched) && value.upper_open));
        case Prefix::ap: return is_near(value, searched);
    }
    return false;
}

}   // namespace ward::fhir
