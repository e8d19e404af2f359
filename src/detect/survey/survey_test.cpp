// SPDX-License-Identifier: Apache-2.0
#include "detect/survey/survey.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

class Surveys : public ::testing::Test {
protected:
    void search(std::chrono::seconds at, std::string_view client, int entries,
                std::string_view by = R"("objectCategory")", std::string_view scope = "whole_subtree") {
        watching_.see(at, "ldap", client, "10.0.0.1",
                      fmt::format(R"({{"operation":"search_request","scope":"{}","filter_attributes":[{}],)"
                                  R"("entries":{}}})",
                                  scope, by, entries));
    }
    void list(std::chrono::seconds at, std::string_view client) {
        for (const int entries : {900, 310, 44, 12, 80}) search(at += 6s, client, entries);
    }
    Watching<Survey> watching_{SurveyLimits{.hosts_max = 30}};
};

TEST_F(Surveys, AreListsOfOneKindAfterTheOther) {
    list(0s, "10.0.1.7");
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "directory-survey");
    EXPECT_EQ(finding.systems.front(), "10.0.1.7");
    EXPECT_EQ(finding.at, Watching<Survey>::begin + 24s) << "four lists are enough";
}

TEST_F(Surveys, AreToldOnceAMonth) {
    for (int day = 0; day < 31; ++day) list(24h * day, "10.0.1.7");
    EXPECT_EQ(watching_.findings().size(), 2U);
}

TEST_F(Surveys, AreNotTheSameListOverAndOver) {
    for (int i = 0; i < 60; ++i) search(10s * i, "10.0.1.7", i % 2 == 0 ? 900 : 310);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Surveys, AreNotLookUpsOfSomebody) {
    for (int i = 0; i < 20; ++i) {
        search(5s * i, "10.0.1.7", 10 + i, R"("objectCategory","sAMAccountName")");
        search(5s * i, "10.0.1.7", 1 + i % 4);
        search(5s * i, "10.0.1.7", 50 + i, R"("objectClass")", "base_object");
    }
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(Surveys, AreOfOneHostAndWithinBounds) {
    for (int i = 0; i < 100; ++i) search(1s * i, fmt::format("10.0.1.{}", i), 10 + i);
    EXPECT_TRUE(watching_.findings().empty());
    EXPECT_EQ(watching_.forgotten(), 70U);
}

}   // namespace
}   // namespace ward::detect
