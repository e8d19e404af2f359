// SPDX-License-Identifier: Apache-2.0
#include "vault/cursor.hpp"

#include <gtest/gtest.h>

namespace ward::vault {
namespace {

const Cursor page_two{"Observation",
                      {{"patient", "p1"}, {"code", "http://loinc.org|718-7"}},
                      {42, {"key", std::nullopt, ""}},
                      "who asked"};

TEST(Cursor, ComesBackUnderItsOwnKeyOnly) {
    const auto key = crypto::SecretBytes::random(32).value();
    const auto other = crypto::SecretBytes::random(32).value();
    const auto text = seal_cursor(key, page_two).value();
    EXPECT_EQ(open_cursor(key, text).value(), page_two);
    EXPECT_EQ(open_cursor(other, text).error().code, Errc::malformed);
}

TEST(Cursor, AlteredOrInventedOnesAreRefused) {
    const auto key = crypto::SecretBytes::random(32).value();
    auto text = seal_cursor(key, page_two).value();
    text.back() = text.back() == 'A' ? 'Q' : 'A';
    EXPECT_FALSE(open_cursor(key, text));
    EXPECT_FALSE(open_cursor(key, ""));
    EXPECT_FALSE(open_cursor(key, "MTI"));
    EXPECT_FALSE(open_cursor(key, "not base64!"));
}

}   // namespace
}   // namespace ward::vault
