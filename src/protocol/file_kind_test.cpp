// SPDX-License-Identifier: Apache-2.0
#include "protocol/file_kind.hpp"

#include <gtest/gtest.h>

namespace ward::protocol {
namespace {

TEST(FileKind, TellsWellKnownEndings) {
    EXPECT_EQ(file_kind("scan.DCM"), "dcm");
    EXPECT_EQ(file_kind("a.dcm.lockbit"), "lockbit");
    EXPECT_EQ(file_kind("setup.exe"), "exe");
    EXPECT_EQ(file_kind("README"), "");
    EXPECT_EQ(file_kind(".profile"), "");
    EXPECT_EQ(file_kind("end."), "");
}

TEST(FileKind, TellsNoPartOfAPersonsName) {
    EXPECT_EQ(file_kind("nadia.haddad"), "other");
    EXPECT_EQ(file_kind("report.4711"), "other");
    EXPECT_EQ(file_kind("report.pdf "), "other");
}

TEST(FileKind, KnowsWhatPeopleName) {
    EXPECT_TRUE(is_document("pdf"));
    EXPECT_FALSE(is_document("js"));
    EXPECT_FALSE(is_document("other"));
}

}   // namespace
}   // namespace ward::protocol
