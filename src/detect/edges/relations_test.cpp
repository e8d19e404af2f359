// SPDX-License-Identifier: Apache-2.0
#include "detect/edges/relations.hpp"

#include <gtest/gtest.h>

namespace ward::detect {
namespace {

TEST(Relations, ActorsReadAsTheyAreKnown) {
    for (const auto* text : {"10.0.1.7", "fd00::7"})
        EXPECT_EQ(to_text(actor_of(*parse_ip_address(text))), text);
    const std::string account = "00112233445566778899aabbccddeeff";
    EXPECT_EQ(to_text(*actor_of_account(account)), account);
    EXPECT_FALSE(actor_of_account("").has_value());
    EXPECT_FALSE(actor_of_account("anna").has_value());
    EXPECT_FALSE(actor_of_account("x0112233445566778899aabbccddeeff").has_value());
}

TEST(Relations, ServicesAreProtocolsAndWellKnownPorts) {
    Seen seen;
    EXPECT_FALSE(offered_in(seen, 1).has_value());
    seen.server_port = 50'000;
    EXPECT_FALSE(offered_in(seen, 1).has_value()) << "lent for this once";
    seen.server_port = 4711;
    const auto by_port = offered_in(seen, 1);
    ASSERT_TRUE(by_port.has_value());
    seen.protocol = "smb";
    EXPECT_NE(offered_in(seen, 1), by_port);
    EXPECT_NE(hash_of("smb", 1), hash_of("smb", 2)) << "the secret counts";
}

}   // namespace
}   // namespace ward::detect
