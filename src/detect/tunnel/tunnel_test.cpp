// SPDX-License-Identifier: Apache-2.0
#include "detect/tunnel/tunnel.hpp"

#include <random>

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

class Tunnels : public ::testing::Test {
protected:
    void ask(std::chrono::seconds at, std::string_view name, std::string_view client = "10.0.1.7",
             std::string_view type = "TXT", std::string_view rcode = "NOERROR",
             std::string_view data = "ok") {
        watching_.see(at, "dns", client, "10.0.0.1",
                      fmt::format(R"({{"rrname":"{0}","rrtype":"{1}","rcode":"{2}","answers":[{{"rrname":)"
                                  R"("{0}","rrtype":"{1}","rdata":"{3}"}}]}})",
                                  name, type, rcode, data));
    }
    std::string made_up(std::size_t size) {
        std::string label;
        while (label.size() < size) label += "0123456789abcdef"[dice_() % 16];
        return label;
    }
    void tunnel(std::string_view domain, int names, std::string_view client = "10.0.1.7",
                std::chrono::seconds at = 0s) {
        for (int i = 0; i < names; ++i)
            ask(at + 1s * i, fmt::format("{}.{}.{}", made_up(40), made_up(20), domain), client);
    }
    std::mt19937 dice_{7};
    Watching<Tunnel> watching_{TunnelLimits{.pairs_max = 100, .domains_max = 200, .resolvers_max = 30}};
};

TEST_F(Tunnels, AreManyLongNamesBelowOneDomain) {
    tunnel("t.evil.example", 200);
    ASSERT_EQ(watching_.findings().size(), 1U) << "and it is told once";
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "dns-tunnel");
    EXPECT_EQ(finding.systems, (std::vector<std::string>{"10.0.1.7", "evil.example"}));
    EXPECT_LT(finding.at, Watching<Tunnel>::begin + 80s);
    EXPECT_EQ(finding.confidence, 60);
    EXPECT_EQ(finding.facts[4].now, "1");
    EXPECT_TRUE(finding.against.empty());
}

TEST_F(Tunnels, MayTakeDays) {
    for (int day = 0; day < 20; ++day) tunnel("evil.example", 50, "10.0.1.7", 24h * day);
    EXPECT_GE(watching_.findings().size(), 1U);
}

TEST_F(Tunnels, CarryMoreInAnswersWhereSomethingIsFetched) {
    const std::string text(200, 'x');
    for (int i = 0; i < 100; ++i)
        ask(1s * i, fmt::format("q{}.evil.example", i), "10.0.1.7", "TXT", "NOERROR", text);
    EXPECT_EQ(watching_.findings().size(), 1U);
}

TEST_F(Tunnels, AskForWhatNoProgramAsksFor) {
    for (int i = 0; i < 100; ++i)
        ask(1s * i, fmt::format("{}.{}.evil.example", made_up(50), made_up(20)), "10.0.1.7", "NULL");
    EXPECT_EQ(watching_.findings().front().confidence, 75);
}

TEST_F(Tunnels, NeedNoDomainWhereTheServerTakesAnyName) {
    for (int i = 0; i < 100; ++i) ask(1s * i, fmt::format("dnscat.{}.{}", made_up(50), made_up(50)));
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().systems[1], "10.0.0.1");
    EXPECT_EQ(watching_.findings().front().facts[4].now, "1");
}

TEST_F(Tunnels, AreFoundBelowANameThatManyRent) {
    for (int host = 10; host < 30; ++host)
        ask(0s, fmt::format("home{}.dynamic.example", host), fmt::format("10.0.2.{}", host));
    tunnel("evil.dynamic.example", 200, "10.0.1.7", 60s);
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().systems[1], "evil.dynamic.example");
}

TEST_F(Tunnels, AreNotWhatProgramsThatManyHaveAsk) {
    for (int i = 0; i < 200; ++i)
        for (int host = 10; host < 30; ++host)
            tunnel("lookups.maker.example", 1, fmt::format("10.0.2.{}", host), 60s * i + 1s * host);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Tunnels, AreFoundAmongThoseWhoAskALittle) {
    for (int host = 10; host < 30; ++host)
        for (int i = 0; i < 3; ++i)
            ask(1s * i, fmt::format("{}.x.content.example", made_up(20)), fmt::format("10.0.2.{}", host));
    tunnel("x.content.example", 2'000, "10.0.1.7", 60s);
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().confidence, 45);
    EXPECT_FALSE(watching_.findings().front().against.empty());
}

TEST_F(Tunnels, AreFoundAmongThemAlsoAfterAMonth) {
    for (int day = 0; day < 30; ++day)
        for (int host = 10; host < 30; ++host)
            for (int i = 0; i < 10; ++i)
                ask(24h * day + 60s * host + 1s * i, fmt::format("{}.x.content.example", made_up(24)),
                    fmt::format("10.0.2.{}", host));
    EXPECT_TRUE(watching_.findings().empty());
    tunnel("x.content.example", 2'000, "10.0.1.7", 24h * 30);
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().systems[0], "10.0.1.7");
}

TEST_F(Tunnels, AreLessSureWhereAListAnswersYesOrNo) {
    for (int i = 0; i < 200; ++i)
        ask(1s * i, made_up(64) + ".list.example", "10.0.1.7", "A", i % 9 == 0 ? "NOERROR" : "NXDOMAIN",
            "127.0.0.2");
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().confidence, 35);
    EXPECT_EQ(watching_.findings().front().against.front().what, "answers that say no more than yes or no");
}

TEST_F(Tunnels, AreNotTheSameNamesAgainInWhateverCase) {
    for (int i = 0; i < 2'000; ++i) {
        auto name = fmt::format("content-delivery-network-host-number-{}.maker.example", i % 40);
        for (auto& c : name)
            if (dice_() % 2 == 0 && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        ask(1s * i, name);
    }
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Tunnels, AreNotNamesOfAddressesServicesAndComputers) {
    for (int i = 0; i < 1'000; ++i) {
        ask(1s * i, fmt::format("{}.{}.0.10.in-addr.arpa", i % 250, i / 250), "10.0.1.7", "PTR");
        ask(1s * i, "_ldap._tcp.site._sites.dc._msdcs.hospital.example", "10.0.1.7", "SRV");
        ask(1s * i, fmt::format("pc{}.hospital.example", i), "10.0.1.7", "A", "NOERROR", "10.0.1.9");
    }
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Tunnels, AreNotOfTheResolverThatAsksForOthers) {
    for (int i = 0; i < 200; ++i) {
        const auto name = made_up(60) + ".evil.example";
        ask(1s * i, name);
        watching_.see(1s * i, "dns", "10.0.0.1", "192.0.2.53",
                      fmt::format(R"({{"rrname":"{}","rrtype":"TXT","rcode":"NOERROR"}})", name));
    }
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().systems.front(), "10.0.1.7");
}

TEST_F(Tunnels, AreLookedForWithinBounds) {
    for (int i = 0; i < 1'000; ++i)
        ask(1s * i, fmt::format("www.site-of-many{:c}{:c}.example", 'a' + i / 26 % 26, 'a' + i % 26));
    EXPECT_EQ(watching_.forgotten(), (676U - 100U) + (676U - 200U) + (1000U - 676U) * 2);
    EXPECT_TRUE(watching_.findings().empty());
}

}   // namespace
}   // namespace ward::detect
