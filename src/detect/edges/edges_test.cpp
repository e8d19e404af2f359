// SPDX-License-Identifier: Apache-2.0
#include "detect/edges/edges.hpp"

#include "detect/watching_test.hpp"
#include "learn/dice.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

/// Twenty workstations that each turn to three servers an hour, and now and then to another one.
class NewRelations : public ::testing::Test {
protected:
    void live(int hours) {
        for (const auto until = hour_ + hours; hour_ < until; ++hour_)
            for (int host = 0; host < 20; ++host) {
                for (int server = 0; server < 3; ++server) flow(host, server);
                if (dice_.uniform() < 0.1) flow(host, 10 + static_cast<int>(dice_.below(60)));
            }
    }
    void flow(int host, int server) {
        watching_.see(1h * hour_, "flow", fmt::format("10.0.1.{}", host + 1),
                      fmt::format("10.0.2.{}", server + 1), R"({"bytes_toserver":900})");
    }
    /// Into the next hour, by somebody else.
    void pass_hour() {
        ++hour_;
        watching_.see(1h * hour_, "flow", "10.0.1.19", "10.0.2.1", "{}");
    }

    Watching<NewEdges> watching_{NewEdgesLimits{.hosts_max = 100, .accounts_max = 20}};
    learn::Dice dice_{1};
    int hour_ = 0;
};

TEST_F(NewRelations, AreToldOfWhoSuddenlyTurnsToMany) {
    live(72);
    EXPECT_TRUE(watching_.findings().empty());
    for (int server = 100; server < 141; ++server) flow(7, server);
    ASSERT_EQ(watching_.findings().size(), 1U) << "before the hour is over";
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "new-edges");
    EXPECT_EQ(finding.systems.front(), "10.0.1.8");
    EXPECT_EQ(finding.systems[1], "10.0.2.101");
    EXPECT_FALSE(finding.events.empty());
    EXPECT_EQ(finding.facts.front().what, "hosts it never spoke to, in an hour");
    EXPECT_NE(finding.facts.front().usual.find("at most"), std::string::npos);
    EXPECT_GE(finding.techniques.size(), 2U);
}

TEST_F(NewRelations, AreNoneInTheFirstHours) {
    live(10);
    for (int server = 100; server < 141; ++server) flow(7, server);
    pass_hour();
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(NewRelations, AreNoneOfWhoIsNewItself) {
    live(72);
    for (int server = 100; server < 141; ++server) flow(77, server);
    pass_hour();
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(NewRelations, AreNoneWhenTheyAreKnownAlready) {
    live(5);
    for (int server = 100; server < 141; ++server) flow(7, server);
    live(67);
    for (int server = 100; server < 141; ++server) flow(7, server);
    pass_hour();
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(NewRelations, AreNotLearnedFromAnHourThatWasOdd) {
    live(72);
    for (int day = 0; day < 10; ++day) {
        for (int server = 100; server < 141; ++server) flow(7, server);
        live(24);
    }
    ASSERT_EQ(watching_.findings().size(), 2U) << "a week later again, though it was so every day";
    EXPECT_EQ(watching_.findings()[1].facts.front().now, watching_.findings()[0].facts.front().now);
}

TEST_F(NewRelations, AreKnownAfterARestart) {
    live(72);
    for (int server = 100; server < 110; ++server) flow(7, server);
    state::Writer out;
    state::Kept writes{out};
    watching_.detector().state(writes);
    NewEdges again{IpAddressHash{99}};   // another secret
    state::Reader in{out.state()};
    state::Kept reads{in};
    again.state(reads);
    ASSERT_TRUE(in.finished().has_value());
    watching_.detector() = std::move(again);
    const auto before = watching_.findings().size();
    for (int server = 100; server < 110; ++server) flow(7, server);   // the same, in the same hour
    for (int server = 0; server < 3; ++server) flow(8, server);
    EXPECT_EQ(watching_.findings().size(), before);
    for (int server = 110; server < 151; ++server) flow(12, server);
    ASSERT_EQ(watching_.findings().size(), before + 1);
}

TEST_F(NewRelations, HaveABudgetADay) {
    live(72);
    for (int host = 0; host < 10; ++host)
        for (int server = 100; server < 141; ++server) flow(host, server);
    pass_hour();
    EXPECT_EQ(watching_.findings().size(), 2U);
}

TEST_F(NewRelations, OfAnAccountAreToldAtItsHost) {
    const auto sign_in = [&](int account, int host, std::string_view service) {
        watching_.see(1h * hour_, "krb5", fmt::format("10.0.1.{}", host + 1), "10.0.2.1",
                      fmt::format(R"({{"user":"{:032x}","sname":"{}"}})", account + 1, service));
    };
    for (; hour_ < 72; ++hour_)
        for (int account = 0; account < 15; ++account) {
            sign_in(account, account, "krbtgt/HOSPITAL");
            sign_in(account, account, "cifs/files");
            if (dice_.uniform() < 0.1) sign_in(account, account, fmt::format("http/{}", dice_.below(40)));
        }
    for (int service = 0; service < 30; ++service) sign_in(3, 3, fmt::format("mssql/{}", service));
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.systems,
              (std::vector<std::string>{"10.0.1.4", "account 00000000000000000000000000000004"}));
    EXPECT_EQ(finding.facts.front().what, "places and services where it never signed in, in an hour");
}

TEST_F(NewRelations, ToPatientsCountForWhoSignedIn) {
    const auto open_chart = [&](int host, int patient) {
        watching_.see(1h * hour_, "fhir", fmt::format("10.0.1.{}", host + 1), "10.0.2.1",
                      fmt::format(R"({{"patient":"{:032x}"}})", patient + 1));
    };
    for (; hour_ < 72; ++hour_)
        for (int person = 0; person < 15; ++person) {
            watching_.see(1h * hour_, "ldap", fmt::format("10.0.1.{}", person + 1), "10.0.2.2",
                          fmt::format(R"({{"user":"{:032x}"}})", person + 1));
            for (int i = 0; i < 3; ++i) open_chart(person, 100 * person + static_cast<int>(dice_.below(40)));
        }
    for (int patient = 0; patient < 60; ++patient) open_chart(5, 5000 + patient);
    ASSERT_EQ(watching_.findings().size(), 1U);
    EXPECT_EQ(watching_.findings().front().facts.front().what,
              "patients it never had to do with, in an hour");
    EXPECT_EQ(watching_.findings().front().systems[1], "account 00000000000000000000000000000006");
}

TEST_F(NewRelations, OfTooManyHostsSomeAreForgotten) {
    for (int host = 0; host < 250; ++host) flow(host, 1);
    EXPECT_EQ(watching_.forgotten(), 150U);
}

}   // namespace
}   // namespace ward::detect
