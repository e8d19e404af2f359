// SPDX-License-Identifier: Apache-2.0
#include "detect/partners/partners.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;

class APartner : public ::testing::Test {
protected:
    /// It brings as much as it takes, or takes so many times as much.
    void call(minutes at, std::string_view partner, std::string_view address, int taken = 1) {
        watching_.see(at, "tls", address, server,
                      fmt::format(R"({{"client":{{"subject":"CN={}"}}}})", partner));
        watching_.see_beside(at + 1s, "flow", address, server,
                             fmt::format(R"({{"bytes_toserver":9000,"bytes_toclient":{}}})", 9'000 * taken),
                             R"("app_proto":"tls")");
    }
    void write(minutes at, std::string_view from) {
        watching_.see(at, "smtp", "192.0.2.25", "10.0.0.12", fmt::format(R"({{"helo":"{}"}})", from));
    }
    /// Three partners that call in turn, by day; the first one until it stops.
    void day(minutes until, minutes first_until) {
        std::size_t turn = 0;
        for (auto at = 0min; at < until; at += 7min, ++turn) {
            const auto who = turn % 3;
            if (who == 0 && at >= first_until) continue;
            call(at, names[who], addresses[who]);
        }
    }
    static constexpr std::string_view server = "10.0.0.14";
    static constexpr std::array<std::string_view, 3> names{"gateway.claims.example", "edi.tests.example",
                                                           "edi.pills.example"};
    static constexpr std::array<std::string_view, 3> addresses{"198.51.100.1", "203.0.113.2", "192.0.2.3"};
    Watching<Partners> watching_{PartnersLimits{.addresses_max = 4}};
};

TEST_F(APartner, WhoseCertificateIsShownFromElsewhereIsTold) {
    day(300min, 200min);
    call(310min, names[0], "203.0.113.66", 10);
    EXPECT_TRUE(watching_.findings().empty()) << "once is chance";
    call(330min, names[0], "203.0.113.66", 10);
    call(350min, names[0], "203.0.113.66", 10);
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "partner-credentials");
    EXPECT_EQ(finding.systems,
              (std::vector<std::string>{"gateway.claims.example", "203.0.113.66", "10.0.0.14"}));
    EXPECT_EQ(finding.events.size(), 2U);
}

TEST_F(APartner, IsTakenForItMoreSurelyIfItTakesMoreThanItEverDid) {
    day(300min, 300min);
    call(310min, names[0], "203.0.113.66", 10);
    watching_.see_beside(311min, "flow", "203.0.113.66", server,
                         R"({"bytes_toserver":900,"bytes_toclient":9000})", R"("app_proto":"tls")");
    watching_.see_beside(312min, "flow", "203.0.113.66", server,
                         R"({"bytes_toserver":900,"bytes_toclient":9000})", R"("app_proto":"tls")");
    call(320min, names[0], "203.0.113.66", 10);
    for (const auto at : {310min, 320min}) call(at, names[1], "198.51.100.77");
    ASSERT_EQ(watching_.findings().size(), 2U);
    EXPECT_GT(watching_.findings().front().confidence, watching_.findings().back().confidence);
}

TEST_F(APartner, MayMoveAfterALetter) {
    day(300min, 200min);
    write(250min, "out1.claims.example");
    for (int i = 0; i < 5; ++i) call(310min + 10min * i, names[0], "203.0.113.66", 10);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(APartner, DoesNotMoveBecauseAnotherWroteALetter) {
    day(300min, 200min);
    write(250min, "out1.notclaims.example");
    write(251min, "out1.tests.example");
    for (const auto at : {310min, 320min}) call(at, names[0], "203.0.113.66");
    EXPECT_EQ(watching_.findings().size(), 1U);
}

TEST_F(APartner, MayCallFromAnotherAddressOfItsPool) {
    day(300min, 300min);
    for (const auto at : {310min, 320min}) call(at, names[0], "198.51.100.14");
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(APartner, DoesNotTakeMoreFromAnotherAddressOfItsPool) {
    day(300min, 300min);
    for (const auto at : {310min, 320min, 330min}) call(at, names[0], "198.51.100.14", 10);
    EXPECT_TRUE(watching_.findings().empty());
    call(340min, names[0], "198.51.100.14", 10);
    EXPECT_EQ(watching_.findings().size(), 1U);
}

TEST_F(APartner, KeepsItsAddressesHoweverManyOthersAreTried) {
    day(300min, 300min);
    for (int i = 0; i < 20; ++i) call(310min, names[0], fmt::format("203.0.{}.66", i));
    call(320min, names[0], addresses[0]);
    call(330min, names[0], addresses[0]);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(APartner, ThatGoesOnWithASessionShowsNoCertificate) {
    day(300min, 300min);
    call(310min, names[0], "203.0.113.66");
    watching_.see(320min, "tls", "203.0.113.66", server, R"({"session_resumed":true})");
    EXPECT_EQ(watching_.findings().size(), 1U);
}

TEST_F(APartner, IsSilentWhenOthersCallAsAlways) {
    day(600min, 300min);
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "partner-silent");
    EXPECT_EQ(finding.systems, (std::vector<std::string>{"gateway.claims.example", "198.51.100.1"}));
    EXPECT_LT(finding.at, watching_.begin + 300min + 4h);
}

TEST_F(APartner, MayBeSilentWhenAllAre) {
    day(300min, 300min);
    call(900min, names[1], addresses[1]);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(APartner, MayPauseAfterALetter) {
    write(1min, "mx.claims.example");
    day(100min, 100min);
    write(101min, "mx.claims.example");
    day(600min, 300min);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(APartner, MayRestAtWeekends) {
    constexpr auto saturday = 5 * 24h;   // it begins on a Monday
    for (int i = 0; i < 60; ++i)
        call(saturday - 5h + 5min * i, names[static_cast<std::size_t>(i % 2)],
             addresses[static_cast<std::size_t>(i % 2)]);
    for (int i = 0; i < 60; ++i) call(saturday + 5min * i, names[1], addresses[1]);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(APartner, ThatCallsAtNightIsNotMissedByDay) {
    for (int i = 0; i < 8; ++i) call(20min * i, names[0], addresses[0]);
    for (int i = 0; i < 60; ++i) call(480min + 4min * i, names[1], addresses[1]);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(APartner, IsNotMissedAfterItCalledMoreThanEver) {
    day(600min, 600min);
    for (int i = 0; i < 60; ++i) call(600min + 1min * i, names[0], addresses[0]);
    for (int i = 0; i < 8; ++i) call(670min + 5min * i, names[1], addresses[1]);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(APartner, IsNoPersonWithACertificate) {
    for (int i = 0; i < 20; ++i)
        watching_.see(10min * i, "tls", fmt::format("203.0.{}.9", i), server,
                      R"({"client":{"subject":"O=Somebody","issuerdn":"CN=x.example"}})");
    EXPECT_TRUE(watching_.findings().empty());
}

}   // namespace
}   // namespace ward::detect
