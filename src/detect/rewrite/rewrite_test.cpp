// SPDX-License-Identifier: Apache-2.0
#include "detect/rewrite/rewrite.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

class Ransomware : public ::testing::Test {
protected:
    void file(std::string_view own) { watching_.see(now_ += 500ms, "smb", "10.0.1.7", "10.0.0.5", own); }
    void write(std::string_view extension, int bytes) {
        file(fmt::format(
            R"({{"file":{{"extension":"{}","depth":2}},"transfer":{{"writes":1,"written_bytes":{}}}}})",
            extension, bytes));
    }
    void rename(std::string_view from, std::string_view to) {
        file(fmt::format(
            R"({{"action":"renamed","file":{{"extension":"{}"}},"renamed_to":{{"extension":"{}"}}}})", from,
            to));
    }
    void create(std::string_view extension, int bytes) {
        file(fmt::format(R"({{"disposition":"FILE_CREATE","file":{{"extension":"{}","depth":2}}}})",
                         extension));
        write(extension, bytes);
    }
    void encrypt(int bytes) {
        write("docx", bytes);
        rename("docx", "other");
    }

    std::chrono::milliseconds now_{};
    Watching<Rewrite> watching_{RewriteLimits{.done_max = 60}};
};

TEST_F(Ransomware, WritesAndRenamesAndLeavesNotes) {
    for (int i = 0; i < 30; ++i) {
        encrypt(5'000 + i);
        if (i % 5 == 0) create("txt", 1'203);
    }
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "ransomware");
    EXPECT_LT(finding.at - Watching<Rewrite>::begin, 1min);
    EXPECT_EQ(finding.events.size(), 13U);
}

TEST_F(Ransomware, IsFoundAlsoAfterTheHostDidALotOfElse) {
    for (int i = 0; i < 500; ++i) {
        create("log", 100 + i);
        write("xlsx", 7'000 + i);
    }
    for (int i = 0; i < 30; ++i) {
        encrypt(5'000 + i);
        create("txt", 1'203);
    }
    EXPECT_EQ(watching_.findings().size(), 1U);
}

TEST_F(Ransomware, IsNoProgramThatProtectsDocumentsAndPadsThem) {
    for (int i = 0; i < 300; ++i) encrypt(4'096 * (1 + i % 3));
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Ransomware, IsNotManyPeopleOnATerminalServerWhoOpenAndSave) {
    for (int i = 0; i < 300; ++i) {
        create("docx", 162);   // who has it open
        create("tmp", 9'000 + i);
        rename("docx", "tmp");
        rename("tmp", "docx");
        rename("tmp", "other");
    }
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Ransomware, IsNobodyWhoSavesTheSameFormOverAndOver) {
    for (int i = 0; i < 300; ++i) create("txt", 1'203);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Ransomware, IsNotAFileNowAndThen) {
    for (int i = 0; i < 100; ++i) {
        encrypt(5'000 + i);
        create("txt", 1'203);
        now_ += 1min;
    }
    EXPECT_TRUE(watching_.findings().empty());
}

}   // namespace
}   // namespace ward::detect
