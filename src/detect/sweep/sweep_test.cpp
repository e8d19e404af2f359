// SPDX-License-Identifier: Apache-2.0
#include "detect/sweep/sweep.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

class Worms : public ::testing::Test {
protected:
    void try_hosts(std::string_view client, int hosts, std::chrono::seconds at) {
        for (int i = 0; i < hosts; ++i)
            watching_.see_whole(at + 1s * i, "flow", client, fmt::format("10.0.2.{}", i + 1), "{}",
                                R"("tcp":{"state":"syn_sent"})");
    }
    void abuse(std::string_view client, std::string_view server, std::chrono::seconds at) {
        watching_.see(at, "smb", client, server,
                      R"({"command":"SMB1_COMMAND_NT_TRANS","share_type":"PIPE"})");
    }
    Watching<Sweep> watching_;
};

TEST_F(Worms, AreHostsThatSweepAndAbuseWhomTheyFind) {
    try_hosts("10.0.1.7", 30, 0s);
    EXPECT_TRUE(watching_.findings().empty()) << "a scanner does that";
    abuse("10.0.1.7", "10.0.2.99", 40s);
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().kind, "worm");
    EXPECT_EQ(watching_.findings().front().systems.back(), "10.0.2.99");
}

TEST_F(Worms, AreToldOnceForEachHostThatSpreadsThem) {
    abuse("10.0.1.7", "10.0.1.8", 0s);
    try_hosts("10.0.1.7", 60, 1s);
    EXPECT_EQ(watching_.findings().size(), 1U);
    try_hosts("10.0.1.8", 60, 65s);
    ASSERT_EQ(watching_.findings().size(), 2U) << "it abused nobody yet, but was abused";
    EXPECT_EQ(watching_.findings().back().systems.front(), "10.0.1.8");
}

TEST_F(Worms, AreNoOldMachinesThatWriteToOldShares) {
    for (int i = 0; i < 40; ++i) {
        watching_.see(1s * i, "smb", "10.0.1.7", "10.0.1.9",
                      R"({"command":"SMB1_COMMAND_NT_TRANS","share_type":"FILE"})");
        try_hosts("10.0.1.7", 1, 1s * i);
    }
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Worms, AreNotMadeOfWhatIsLongAgo) {
    abuse("10.0.1.7", "10.0.2.99", 0s);
    try_hosts("10.0.1.7", 30, 2h);
    EXPECT_TRUE(watching_.findings().empty());
}

}   // namespace
}   // namespace ward::detect
