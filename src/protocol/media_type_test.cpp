// SPDX-License-Identifier: Apache-2.0
#include "protocol/media_type.hpp"

#include <gtest/gtest.h>

namespace ward::protocol {
namespace {

TEST(MediaType, IsATypeOfIanasWithoutParameters) {
    EXPECT_EQ(media_type(" Text/HTML ; charset=utf-8"), "text/html");
    EXPECT_EQ(media_type("application/fhir+json"), "application/fhir+json");
    EXPECT_EQ(media_type("Zorbanek/Quilithe"), "");
    EXPECT_EQ(media_type("text"), "");
    EXPECT_EQ(media_type("text/"), "");
    EXPECT_EQ(media_type("text/plain Zorbanek"), "");
    EXPECT_EQ(media_type("text/" + std::string(97, 'x')), "");
}

}   // namespace
}   // namespace ward::protocol
