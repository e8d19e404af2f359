// SPDX-License-Identifier: Apache-2.0
#include "detect/hoard/hoard.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

class Theft : public ::testing::Test {
protected:
    void transfer(std::chrono::seconds at, std::string_view what, std::string_view share_type = "FILE") {
        watching_.see(at, "smb", "10.0.1.7", "10.0.0.5",
                      fmt::format(R"({{"share_type":"{}","transfer":{{"{}":5000}}}})", share_type, what));
    }
    void read(int files, std::chrono::seconds at, std::chrono::seconds apart = 6s) {
        for (int i = 0; i < files; ++i) transfer(at + apart * i, "read_bytes");
    }
    Watching<Hoard> watching_{HoardLimits{.done_max = 400}};
};

TEST_F(Theft, IsToReadFarMoreThanEver) {
    read(20, 0h, 6min);
    read(300, 5h);
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "share-theft");
    EXPECT_EQ(finding.at, Watching<Hoard>::begin + 5h + 6min) << "the 61st";
    EXPECT_EQ(finding.systems, (std::vector<std::string>{"10.0.1.7", "10.0.0.5"}));
}

TEST_F(Theft, IsLessSureOfWhoAlwaysReadMuch) {
    read(20, 0h, 6min);
    read(300, 5h);
    const auto& against = watching_.findings().front().against;
    ASSERT_EQ(against.size(), 1U);
    EXPECT_EQ(against.front().what, "files that it read at once before");
    EXPECT_EQ(against.front().now, "up to 11");
}

TEST_F(Theft, TeachesNothingByBeingDoneEachNight) {
    for (int day = 0; day < 5; ++day) read(250, 24h * day);
    EXPECT_EQ(watching_.findings().size(), 5U);
}

TEST_F(Theft, IsNotAHostThatReadsMoreAndMore) {
    for (int day = 0; day < 5; ++day) read(50 + 30 * day, 24h * day);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Theft, IsNoMigrationWhichWritesWhatItReads) {
    for (int i = 0; i < 300; ++i) {
        transfer(6s * i, "read_bytes");
        transfer(6s * i, "written_bytes");
    }
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Theft, IsNoTalkOverPipes) {
    for (int i = 0; i < 300; ++i) transfer(6s * i, "read_bytes", "PIPE");
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Theft, IsNotWhatTakesAllDay) {
    read(500, 0h, 2min);
    EXPECT_TRUE(watching_.findings().empty());
}

}   // namespace
}   // namespace ward::detect
