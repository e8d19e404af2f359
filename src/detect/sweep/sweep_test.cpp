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
            watching_.see_beside(at + 1s * i, "flow", client, fmt::format("10.0.2.{}", i + 1), "{}",
                                 R"("tcp":{"state":"syn_sent"})");
    }
    void abuse(std::string_view client, std::string_view server, std::chrono::seconds at,
               std::string_view status = "STATUS_SUCCESS") {
        watching_.see(
            at, "smb", client, server,
            fmt::format(R"({{"command":"SMB1_COMMAND_NT_TRANS","share_type":"PIPE","status":"{}"}})",
                        status));
    }
    Watching<Sweep> watching_{SweepLimits{.kept_max = 40}};
};

TEST_F(Worms, AreHostsThatSweepAndAbuseWhomTheyFind) {
    try_hosts("10.0.1.7", 30, 0s);
    EXPECT_TRUE(watching_.findings().empty()) << "a scanner does that";
    abuse("10.0.1.7", "10.0.2.99", 40s);
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().kind, "worm");
    EXPECT_EQ(watching_.findings().front().systems, (std::vector<std::string>{"10.0.1.7", "10.0.2.99"}));
}

TEST_F(Worms, AreToldOnceForEachHostThatSpreadsThem) {
    abuse("10.0.1.7", "10.0.1.8", 0s);
    try_hosts("10.0.1.7", 60, 1s);
    EXPECT_EQ(watching_.findings().size(), 1U);
    try_hosts("10.0.1.8", 60, 65s);
    ASSERT_EQ(watching_.findings().size(), 2U) << "it abused nobody yet, but was abused";
    const auto& finding = watching_.findings().back();
    EXPECT_EQ(finding.systems, (std::vector<std::string>{"10.0.1.8", "10.0.1.7"}));
    EXPECT_LT(finding.confidence, watching_.findings().front().confidence);
}

TEST_F(Worms, NeedNoSilentHostsWhereTheyAbuseMany) {
    for (int i = 0; i < 4; ++i) abuse("10.0.1.7", fmt::format("10.0.1.{}", 20 + i), 1s * i);
    EXPECT_EQ(watching_.findings().size(), 1U);
}

TEST_F(Worms, HaveNotComeToHostsThatRefusedThem) {
    abuse("10.0.1.7", "10.0.1.8", 0s, "STATUS_ACCESS_DENIED");
    try_hosts("10.0.1.8", 30, 1s);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Worms, AreNoOldMachinesThatWriteToOldShares) {
    for (int i = 0; i < 40; ++i) {
        watching_.see(1s * i, "smb", "10.0.1.7", fmt::format("10.0.3.{}", i),
                      R"({"command":"SMB1_COMMAND_NT_TRANS","share_type":"FILE","status":"STATUS_SUCCESS"})");
        try_hosts("10.0.1.7", 1, 1s * i);
    }
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Worms, AreNotMadeOfWhatIsLongAgo) {
    abuse("10.0.1.7", "10.0.2.99", 0s);
    abuse("10.0.1.6", "10.0.1.7", 0s);
    try_hosts("10.0.1.7", 30, 2h);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Worms, AreNotMadeOfWhatIsToldWhenItIsLongOver) {
    abuse("10.0.1.7", "10.0.2.99", 2h);
    try_hosts("10.0.1.7", 30, 0s);
    EXPECT_TRUE(watching_.findings().empty());
}

}   // namespace
}   // namespace ward::detect
