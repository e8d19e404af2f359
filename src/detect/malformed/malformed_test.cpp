// SPDX-License-Identifier: Apache-2.0
#include "detect/malformed/malformed.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;

class BrokenFeeds : public ::testing::Test {
protected:
    void message(minutes at, std::string_view id, std::string_view code, std::string_view from = client) {
        watching_.see(
            at, "hl7", from, engine,
            fmt::format(R"({{"from":"client","control_id":"{}","acknowledgement":{{"code":"{}"}}}})", id,
                        code));
    }
    void flow(minutes at, std::string_view server, std::string_view state, std::string_view unread,
              std::string_view protocol = {}) {
        watching_.see_beside(
            at, "flow", client, server, fmt::format(R"({{"not_inspected":{{{}}}}})", unread),
            protocol.empty() ? fmt::format(R"("tcp":{{"state":"{}"}})", state)
                             : fmt::format(R"("app_proto":"{}","tcp":{{"state":"{}"}})", protocol, state));
    }
    void end(minutes at, std::string_view how, std::string_view reason = {}) {
        watching_.see(at, "dicom", client, archive, R"({"kind":"association","outcome":"accepted"})");
        watching_.see(
            at, "dicom", client, archive,
            fmt::format(R"({{"kind":"end","how":"{}","by":"server","abort_reason":"{}"}})", how, reason));
    }
    void anomaly(minutes at) {
        watching_.see_beside(at, "anomaly", client, archive,
                             R"({"type":"applayer","event":"PDU of an unknown type"})",
                             R"("app_proto":"dicom")");
    }
    static constexpr std::string_view client = "10.0.1.7";
    static constexpr std::string_view engine = "10.0.0.15";
    static constexpr std::string_view archive = "10.0.0.16";
    Watching<Malformed> watching_;
};

TEST_F(BrokenFeeds, AreToldWhenMessagesAreBrokenInSeveralWays) {
    for (int i = 0; i < 10; ++i) message(1min, fmt::format("OTHER{}", i), "AA", "10.0.0.13");
    message(2min, "A1", "AR");
    flow(4min, engine, "closed", R"("unknown":700)");
    message(6min, "A2", "AR");
    EXPECT_TRUE(watching_.findings().empty());
    flow(8min, engine, "reset", R"("gap":120)", "hl7");
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "feed-malformed");
    EXPECT_EQ(finding.systems, (std::vector<std::string>{"10.0.1.7", "10.0.0.15"}));
    EXPECT_EQ(finding.events.size(), 4U);
    message(9min, "A3", "AR");
    EXPECT_EQ(watching_.findings().size(), 1U) << "once";
}

TEST_F(BrokenFeeds, AreNotMadeOfOneMessageThatIsSentAgainAndAgain) {
    for (int i = 0; i < 40; ++i) message(1min * i, "A1", "AR");
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(BrokenFeeds, AreNotMadeOfAFewMistakesAmongManyMessages) {
    for (int i = 0; i < 50; ++i) message(1min * i, fmt::format("A{}", i), i % 6 == 0 ? "AR" : "AA");
    flow(51min, engine, "reset", R"("gap":120)", "hl7");
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(BrokenFeeds, AreNotMadeOfErrorsThatAreAboutPatients) {
    for (int i = 0; i < 50; ++i) message(1min * i, fmt::format("A{}", i), "AE");
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(BrokenFeeds, OfOneWayOnlyAreToldLaterAndLessSurely) {
    for (int i = 0; i < 9; ++i) message(2min * i, fmt::format("A{}", i), "AR");
    EXPECT_TRUE(watching_.findings().empty());
    message(20min, "A9", "AR");
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_LT(watching_.findings().front().confidence, 60);
}

TEST_F(BrokenFeeds, AreToldWhenAssociationsAreBroken) {
    end(1min, "aborted", "unexpected-PDU");
    anomaly(3min);
    end(5min, "released");
    end(7min, "aborted", "invalid-PDU-parameter value");
    anomaly(9min);
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().systems, (std::vector<std::string>{"10.0.1.7", "10.0.0.16"}));
}

TEST_F(BrokenFeeds, AreNotMadeOfSlowSendersThatAreAbortedAfterATime) {
    for (int i = 0; i < 30; ++i) end(2min * i, "aborted", "reason-not-specified");
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(BrokenFeeds, AreNotMadeOfWhatIsUnknownAtOtherServers) {
    for (int i = 0; i < 30; ++i) flow(1min * i, "10.0.0.99", "closed", R"("unknown":700)");
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(BrokenFeeds, AreNotMadeOfWhatHappensOverADay) {
    for (int i = 0; i < 12; ++i) end(90min * i, "aborted", "unexpected-PDU");
    EXPECT_TRUE(watching_.findings().empty());
}

class TheAuditTrail : public ::testing::Test {
protected:
    void write(std::chrono::hours at, std::string_view from, std::uint16_t port = 6514) {
        watching_.to_port(port);
        watching_.see_beside(at, "tls", from, trail, "{}", R"("app_proto":"tls")");
    }
    static constexpr std::string_view trail = "10.0.0.15";
    Watching<Malformed> watching_;
};

TEST_F(TheAuditTrail, IsWrittenToByOneThatNeverDid) {
    write(0h, "10.0.0.13");
    write(10h, "10.0.1.7");
    write(30h, "10.0.1.8");
    ASSERT_EQ(watching_.findings().size(), 2U);
    EXPECT_EQ(watching_.findings().front().systems, (std::vector<std::string>{"10.0.1.7", "10.0.0.15"}));
    EXPECT_LT(watching_.findings().front().confidence, watching_.findings().back().confidence)
        << "of a day nobody knows who writes once a day";
}

TEST_F(TheAuditTrail, HasWritersThatAreKnownAfterSomeHours) {
    for (const auto at : {0h, 1h, 10h, 40h})
        for (const auto* from : {"10.0.0.13", "10.0.0.14"}) write(at, from);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(TheAuditTrail, IsAtItsPort) {
    write(0h, "10.0.0.13", 443);
    write(40h, "10.0.1.7", 443);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(TheAuditTrail, HasWritersWhoseFlowsAreToldWhenTheyAreOver) {
    write(0h, "10.0.0.13");
    watching_.see_beside(40h, "flow", "10.0.0.14", trail, R"({"start":"2026-03-02T00:01:00Z"})",
                         R"("app_proto":"tls")");
    EXPECT_TRUE(watching_.findings().empty());
}

}   // namespace
}   // namespace ward::detect
