// SPDX-License-Identifier: Apache-2.0
#include "detect/tickets/tickets.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

class Kerberoasting : public ::testing::Test {
protected:
    void ticket(std::string_view client, int service, std::string_view cipher, std::chrono::seconds at) {
        watching_.see(
            at, "krb5", client, "10.0.0.1",
            fmt::format(R"({{"msg_type":"KRB_TGS_REP","sname":"MSSQLSvc/db{}","weak_encryption":{},)"
                        R"("ticket_encryption":"{}"}})",
                        service, cipher == "rc4-hmac", cipher));
    }
    Watching<Tickets> watching_;
};

TEST_F(Kerberoasting, IsManyServicesUnderAWeakCipherInAShortTime) {
    for (int i = 0; i < 20; ++i) ticket("10.0.1.7", i, "rc4-hmac", 2s * i);
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "kerberoasting");
    EXPECT_EQ(finding.systems.front(), "10.0.1.7");
    EXPECT_EQ(finding.events.size(), 6U) << "what it took to tell";
    EXPECT_GE(finding.facts.size(), 3U);
}

TEST_F(Kerberoasting, IsNotTheSameUnderAes) {
    for (int i = 0; i < 20; ++i) ticket("10.0.1.7", i, "aes256-cts-hmac-sha1-96", 2s * i);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Kerberoasting, IsNotAnOldServiceThatIsUsedAllDay) {
    for (int i = 0; i < 200; ++i) ticket("10.0.1.7", i % 3, "rc4-hmac", 1min * i);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Kerberoasting, IsToldOfEachClientOnItsOwn) {
    for (int i = 0; i < 20; ++i) ticket(fmt::format("10.0.1.{}", i), i, "rc4-hmac", 2s * i);
    EXPECT_TRUE(watching_.findings().empty());
}

}   // namespace
}   // namespace ward::detect
