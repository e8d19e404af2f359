// SPDX-License-Identifier: Apache-2.0
#include "detect/upload/upload.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

class Uploads : public ::testing::Test {
protected:
    void send(std::chrono::minutes at, std::string_view client, std::string_view server, double megabytes,
              double received = 0.1) {
        watching_.see(at, "flow", client, server,
                      fmt::format(R"({{"bytes_toserver":{:.0f},"bytes_toclient":{:.0f}}})", megabytes * 1e6,
                                  received * 1e6));
    }
    Watching<Upload> watching_{UploadLimits{}};
};

TEST_F(Uploads, AreFoundOnceWhenTheyAreFarMoreThanUsual) {
    for (int i = 0; i < 20; ++i) send(1min * i, "10.0.1.7", "192.0.2.80", 0.1);
    for (int i = 0; i < 30; ++i) send(30min + 1min * i, "10.0.1.7", "192.0.2.9", 1);
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "exfiltration");
    EXPECT_EQ(finding.at, Watching<Upload>::begin + 40min) << "the first ones count a little less";
    EXPECT_EQ(finding.systems, (std::vector<std::string>{"10.0.1.7", "192.0.2.9"}));
    EXPECT_EQ(finding.events.size(), 11U);
}

TEST_F(Uploads, ThatTakeDaysAreFoundToo) {
    for (int i = 0; i < 10; ++i) send(1min * 60 * 24 * i, "10.0.1.7", "192.0.2.9", 4);
    EXPECT_EQ(watching_.findings().size(), 1U);
}

TEST_F(Uploads, AreNoCallsInWhichAsMuchComesBack) {
    for (int i = 0; i < 60; ++i) send(1min * i, "10.0.1.7", "192.0.2.9", 1, 0.9);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Uploads, AreNoneOfHostsThatSendSoMuchToOthersAnyway) {
    for (int i = 0; i < 60; ++i) send(1min * i, "10.0.1.7", "192.0.2.80", 1, 0.9);
    for (int i = 0; i < 40; ++i) send(60min + 1min * i, "10.0.1.7", "192.0.2.9", 1);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Uploads, AreNoneOfWhatStaysInTheHospital) {
    for (int i = 0; i < 40; ++i) send(1min * i, "10.0.1.7", "10.0.2.9", 5);
    EXPECT_TRUE(watching_.findings().empty());
}

}   // namespace
}   // namespace ward::detect
