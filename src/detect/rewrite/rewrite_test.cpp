// SPDX-License-Identifier: Apache-2.0
#include "detect/rewrite/rewrite.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

class Ransomware : public ::testing::Test {
protected:
    void file(std::string_view own) { watching_.see(now_ += 2s, "smb", "10.0.1.7", "10.0.0.5", own); }
    void rewrite(int bytes) {
        file(fmt::format(R"({{"transfer":{{"read_bytes":{0},"written_bytes":0}}}})", bytes));
        file(fmt::format(R"({{"transfer":{{"read_bytes":0,"written_bytes":{0}}}}})", bytes));
        file(R"({"action":"renamed","file":{"extension":"docx"},"renamed_to":{"extension":"other"}})");
    }
    void leave_note() { file(R"({"transfer":{"read_bytes":0,"written_bytes":1203}})"); }

    std::chrono::milliseconds now_{};
    Watching<Rewrite> watching_;
};

TEST_F(Ransomware, RewritesAndRenamesAndLeavesNotes) {
    for (int i = 0; i < 30; ++i) {
        rewrite(5'000 + i);
        if (i % 5 == 0) leave_note();
    }
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().kind, "ransomware");
    EXPECT_LT(watching_.findings().front().at.time_since_epoch() % 24h, 2min) << "early";
}

TEST_F(Ransomware, IsNoProgramThatProtectsDocuments) {
    for (int i = 0; i < 300; ++i) rewrite(5'000 + i);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Ransomware, IsNobodyWhoSavesTheSameFormOverAndOver) {
    for (int i = 0; i < 300; ++i) leave_note();
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Ransomware, IsNotWhatOfficeProgramsDoAllDay) {
    for (int i = 0; i < 300; ++i) {
        rewrite(5'000 + i);
        leave_note();
        now_ += 3min;
    }
    EXPECT_TRUE(watching_.findings().empty());
}

}   // namespace
}   // namespace ward::detect
