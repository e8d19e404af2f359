// SPDX-License-Identifier: Apache-2.0
#include "protocol/intellivue/messages.hpp"

#include "protocol/bed_test.hpp"

namespace ward::protocol::intellivue {
namespace {

// A poll of numerics (object 6) from the MDS (object 33), and the error that answers it.
const std::string poll =
    hex("e1000002 0001 001c 0001 0007 0016 0021 0000 0000 00000000 0c16 0008 0001 0001 0006 0000");
const std::string error = hex("e1000002 0003 0006 0001 0002 0000");

TEST(IntellivueMessages, SaysWhatAPollAsksFor) {
    const auto result = decode(as_bytes(poll));
    const auto* decoded = std::get_if<0>(&result);
    ASSERT_NE(decoded, nullptr);
    EXPECT_EQ(decoded->message.operation, Operation::invoke);
    EXPECT_EQ(decoded->message.command, Command::confirmed_action);
    EXPECT_EQ(decoded->message.object_class, 33);
    EXPECT_EQ(polled_objects(decoded->message), "numerics");
    EXPECT_FALSE(read_monitor(decoded->message));
}

TEST(IntellivueMessages, ReadsAnErrorWithoutACommand) {
    const auto result = decode(as_bytes(error));
    ASSERT_NE(std::get_if<0>(&result), nullptr);
    EXPECT_EQ(std::get_if<0>(&result)->message.operation, Operation::error);
}

TEST(IntellivueMessages, RefusesALengthThatIsNotTheDatagrams) {
    EXPECT_TRUE(std::holds_alternative<Malformed>(decode(as_bytes(poll + "x"))));
    EXPECT_TRUE(std::holds_alternative<Malformed>(decode(as_bytes(poll.substr(0, 20)))));
    EXPECT_TRUE(std::holds_alternative<Malformed>(decode(as_bytes("\xe1"))));
}

}   // namespace
}   // namespace ward::protocol::intellivue
