// SPDX-License-Identifier: Apache-2.0
// FHIR decimals, compared exactly: 5.4 is not the nearest double.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fhir/prefix.hpp"

namespace ward::fhir {

/// mantissa × 10^exponent, as it was written: 5.40 is {540, -2}.
struct Decimal {
    static constexpr int digits_max = 17;      // significant ones
    static constexpr int exponent_max = 400;   // either way; past the range of a double

    std::int64_t mantissa = 0;
    int exponent = 0;
};

/// Strict as JSON is, but for zeros that lead. Significant digits past digits_max are dropped. Nothing for
/// what is no number or out of range.
std::optional<Decimal> parse_decimal(std::string_view text);

std::strong_ordering compare(const Decimal& a, const Decimal& b);

/// Sorts as the number does, byte by byte.
std::string sortable(const Decimal& number);

/// An end that is missing is open without limit; one that is `open` is not itself part of the interval.
struct DecimalInterval {
    std::optional<Decimal> lower;
    std::optional<Decimal> upper;
    bool lower_open = false;
    bool upper_open = false;
};

/// R4, search.html#number: `eq`, `ne` and `ap` heed the precision that was written, the others do not.
bool compare(Prefix prefix, const DecimalInterval& value, const Decimal& searched);

}   // namespace ward::fhir
