// SPDX-License-Identifier: Apache-2.0
#include "state/state.hpp"

#include <algorithm>
#include <bit>

namespace ward::state {

void Writer::tag(Tag tag) {
    for (const char letter : tag.letters) state_.push_back(static_cast<std::byte>(letter));
    state_.push_back(std::byte{tag.version});
}

void Writer::number(double value) { count(std::bit_cast<std::uint64_t>(value)); }

void Writer::numbers(std::span<const double> values) {
    count(values.size());
    for (const double value : values) number(value);
}

void Writer::time(Time value) { count(static_cast<std::uint64_t>(value.time_since_epoch().count())); }

void Writer::bytes(Bytes value) {
    count(value.size());
    append(state_, value);
}

void Reader::tag(Tag expected) {
    for (const char letter : expected.letters)
        if (in_.u8() != static_cast<std::uint8_t>(letter)) fail();
    if (in_.u8() != expected.version) fail();
}

std::uint64_t Reader::count(std::uint64_t low, std::uint64_t high) {
    const auto value = in_.u64();
    if (!failed() && value >= low && value <= high) return value;
    fail();
    return low;
}

double Reader::number(double low, double high) {
    const auto value = std::bit_cast<double>(in_.u64());
    if (!failed() && value >= low && value <= high) return value;
    fail();
    return low;
}

std::vector<double> Reader::numbers(std::size_t expected, double low, double high) {
    const auto given = count(expected, expected);
    if (failed() || given > in_.remaining() / sizeof(double)) {   // before memory is taken for them
        fail();
        return {};
    }
    std::vector<double> values(given);
    for (auto& value : values) value = number(low, high);
    return values;
}

Time Reader::time() {
    const auto since = static_cast<std::int64_t>(count(0, ~std::uint64_t{0}));
    constexpr std::int64_t year_10000 = 253'402'300'800'000;   // sums of times stay far from overflowing
    if (since < -year_10000 || since > year_10000) fail();
    return Time{std::chrono::milliseconds{failed() ? 0 : since}};
}

Buffer Reader::bytes() {
    const auto taken = in_.take(count(0, std::numeric_limits<std::uint32_t>::max()));
    return {taken.begin(), taken.end()};
}

Result<> Reader::has(std::size_t bytes) {
    if (in_.remaining() < bytes) fail();
    return checked();
}

Result<> Reader::checked() const {
    if (failed()) return ward::fail(Errc::corrupt, "a model's state is damaged or of another version");
    return {};
}

Result<> Reader::finished() const {
    TRY(checked());
    if (in_.remaining() != 0) return ward::fail(Errc::corrupt, "bytes follow a model's state");
    return {};
}

}   // namespace ward::state
