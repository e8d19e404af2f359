// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/rpc.hpp"

#include <gtest/gtest.h>

namespace ward::lab {
namespace {

TEST(Rpc, BindsToTheServiceControlInNdr) {
    // C706, 12.6.4.3; MS-SCMR 1.9 names the interface; MS-RPCE 2.2.2.11 what is behind it.
    EXPECT_EQ(to_hex(rpc_bind(1, Buffer(4))),
              "05000b0310000000540004000100000"
              "0b810b810000000000100000000000100"
              "81bb7a364498f135ad3298f03800100302000000"
              "045d888aeb1cc9119fe808002b10486002000000"
              "090600000000000000000000");
}

TEST(Rpc, ASealedCallSaysItsProcedureAndIsPaddedToSixteenBytes) {
    const auto call = rpc_request(2, ControlCall::start, Buffer(20), Buffer(4));
    EXPECT_EQ(to_hex(Bytes{call}.first(24)), "050000031000000044000400020000001400000000001300");
    EXPECT_EQ(call.size(), 24U + 32 + 8 + 4);
    EXPECT_EQ(to_hex(Bytes{call}.subspan(56, 4)), "09060c00") << "twelve bytes of padding";
}

TEST(Rpc, WhatSealsIsATokenOfKerberos) {
    // RFC 4121, 4.2.6.2: 05 04, sealed by the acceptor's subkey, a filler of ff.
    EXPECT_EQ(to_hex(rpc_signature(7, Buffer(2), true)), "050407ff0010001c00000000000000070000");
}

}   // namespace
}   // namespace ward::lab
