// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/bytes.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"

namespace ward {
namespace {

// RFC 4648, section 10.
TEST(Base64, MatchesTheVectorsOfTheRfc) {
    EXPECT_EQ(to_base64(as_bytes("")), "");
    EXPECT_EQ(to_base64(as_bytes("f")), "Zg==");
    EXPECT_EQ(to_base64(as_bytes("fo")), "Zm8=");
    EXPECT_EQ(to_base64(as_bytes("foo")), "Zm9v");
    EXPECT_EQ(to_base64(as_bytes("foob")), "Zm9vYg==");
    EXPECT_EQ(to_base64(as_bytes("foobar")), "Zm9vYmFy");
    EXPECT_EQ(as_text(from_base64("Zm9vYg==").value()), "foob");
}

TEST(Base64, RefusesASecondSpellingOfTheSameBytes) {
    EXPECT_FALSE(from_base64("Zh=="));   // the unused bits are not zero
    EXPECT_FALSE(from_base64("Zg"));
    EXPECT_FALSE(from_base64("Zg==\n"));
    EXPECT_FALSE(from_base64("Z==="));
    EXPECT_FALSE(from_base64url("Zg=="));
}

TEST(Hex, ReadsBackWhatItWrote) {
    EXPECT_EQ(to_hex(as_bytes("\x01\xfe")), "01fe");
    EXPECT_EQ(as_text(from_hex("01fe").value()), "\x01\xfe");
    EXPECT_FALSE(from_hex("0"));
    EXPECT_FALSE(from_hex("0g"));
}

TEST(Instant, IsUtcWithMilliseconds) {
    using namespace std::chrono_literals;
    const Time leap_day = std::chrono::sys_days{2024y / 2 / 29} + 23h + 59min + 58s + 7ms;
    EXPECT_EQ(to_instant(leap_day), "2024-02-29T23:59:58.007Z");
}

Result<int> half(int number) {
    if (number % 2 != 0) return fail(Errc::malformed, "odd");
    return number / 2;
}

Result<int> quarter(int number) {
    const int halved = TRY(half(number));
    return half(halved);
}

TEST(Result, TryPassesTheFirstErrorOn) {
    EXPECT_EQ(quarter(8).value(), 2);
    EXPECT_EQ(quarter(6).error().code, Errc::malformed);
}

}   // namespace
}   // namespace ward
