// SPDX-License-Identifier: Apache-2.0
#include "detect/tickets/tickets.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

class Kerberoasting : public ::testing::Test {
protected:
    void ticket(std::string_view client, int service, std::chrono::seconds at,
                std::string_view cipher = "rc4-hmac") {
        watching_.see(
            at, "krb5", client, "10.0.0.1",
            fmt::format(R"({{"msg_type":"KRB_TGS_REP","sname":"MSSQLSvc/db{}","weak_encryption":true,)"
                        R"("ticket_encryption":"{}"}})",
                        service, cipher));
    }
    /// Of as many services, the first of which has that number.
    void roast(int services, int first, std::chrono::seconds at, std::chrono::seconds apart = 2s) {
        for (int i = 0; i < services; ++i) ticket("10.0.1.7", first + i, at + apart * i);
    }
    Watching<Tickets> watching_{TicketLimits{.clients_max = 30}};
};

TEST_F(Kerberoasting, IsManyServicesUnderAWeakCipherInAShortTime) {
    roast(20, 0, 0s);
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "kerberoasting");
    EXPECT_EQ(finding.systems, std::vector<std::string>{"10.0.1.7"});
    EXPECT_EQ(finding.events.size(), 13U) << "what it took to tell";
    EXPECT_EQ(finding.at, Watching<Tickets>::begin + 24s);
}

TEST_F(Kerberoasting, IsToldOnceADay) {
    for (int hour = 0; hour < 40; ++hour) roast(13, 13 * hour, 1h * hour);
    EXPECT_EQ(watching_.findings().size(), 2U);
}

TEST_F(Kerberoasting, IsNotTheSameWhereOnlyTheAnswerIsUnderRc4) {
    for (int i = 0; i < 20; ++i) ticket("10.0.1.7", i, 2s * i, "aes256-cts-hmac-sha1-96");
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Kerberoasting, IsNotAnOldServiceThatIsUsedAllDay) {
    for (int i = 0; i < 200; ++i) ticket("10.0.1.7", i % 3, 1min * i);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Kerberoasting, MayBeSlow) {
    roast(30, 0, 0s, 30min);
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().events.size(), 21U);
}

TEST_F(Kerberoasting, TeachesNothingByBeingDone) {
    roast(13, 0, 0s);
    roast(13, 0, 49h);
    EXPECT_EQ(watching_.findings().size(), 2U);
}

TEST_F(Kerberoasting, IsNotWhatAHostWasSeenToDoBefore) {
    for (int day = 0; day < 4; ++day) roast(4, 4 * day, 24h * day + 1h * day);
    roast(16, 0, 24h * 6);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Kerberoasting, IsToldOfEachClientOnItsOwnAndWithinBounds) {
    for (int i = 0; i < 200; ++i) ticket(fmt::format("10.0.1.{}", i), i, 1s * i);
    EXPECT_TRUE(watching_.findings().empty());
    EXPECT_EQ(watching_.forgotten(), 170U);
}

}   // namespace
}   // namespace ward::detect
