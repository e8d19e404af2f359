// SPDX-License-Identifier: Apache-2.0
#include "detect/collected/collected.hpp"

#include "detect/watching_test.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view archive = "10.0.0.16";
constexpr std::string_view known = "10.0.1.7";
constexpr std::string_view stranger = "10.0.1.200";

class CollectedImages : public ::testing::Test {
protected:
    void ask(std::string_view host, std::chrono::seconds at, std::string_view command,
             std::string_view more = R"("query":{"level":"STUDY"})") {
        watching_.see(at, "dicom", host, archive,
                      fmt::format(R"({{"kind":"operation","command":"{}","from":"client","calling":"WS",)"
                                  R"("status_meaning":"success",)"
                                  R"("sop_class_name":"StudyRootQueryRetrieveInformationModelMove",{}}})",
                                  command, more));
    }
    void fetch(std::string_view host, int studies, std::chrono::seconds at,
               std::chrono::seconds apart = 5min) {
        for (int i = 0; i < studies; ++i) ask(host, at + apart * i, "C-MOVE");
    }
    Watching<Collected> watching_{CollectedLimits{.hosts_max = 30}};
};

TEST_F(CollectedImages, AreManyThatAHostFetchesWhichNobodyKnows) {
    fetch(known, 1, 0s);
    ask(stranger, 8h, "C-FIND");
    fetch(stranger, 10, 8h);
    EXPECT_TRUE(watching_.findings().empty());
    ask(stranger, 9h, "C-MOVE", R"("query":{"level":"STUDY"},"move_destination":"OTHER")");
    ASSERT_EQ(watching_.findings().size(), 1U);
    const auto& finding = watching_.findings().front();
    EXPECT_EQ(finding.kind, "images-collected");
    EXPECT_EQ(finding.systems, (std::vector<std::string>{"10.0.1.200", "10.0.0.16"}));
    EXPECT_EQ(finding.events.size(), 11U);
    EXPECT_EQ(finding.facts[2].now, "1");
}

TEST_F(CollectedImages, AreToldOnce) {
    fetch(known, 1, 0s);
    fetch(stranger, 60, 8h);
    EXPECT_EQ(watching_.findings().size(), 1U);
}

TEST_F(CollectedImages, AreNoneOfAWorkstationThatExportsMany) {
    fetch(known, 1, 0s);
    fetch(known, 50, 8h, 3min);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(CollectedImages, AreFarMoreThanAKnownHostFetchedOnItsBusiestDay) {
    for (int day = 0; day < 3; ++day) fetch(known, 12, 25h * day);
    fetch(known, 60, 80h, 3min);
    EXPECT_TRUE(watching_.findings().empty());
    fetch(known, 1, 84h);
    EXPECT_EQ(watching_.findings().size(), 1U);
}

TEST_F(CollectedImages, AreNoneOfAHostThatAlwaysFetchesMany) {
    for (int day = 0; day < 4; ++day) fetch(known, 100, 25h * day, 3min);
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(CollectedImages, CountAStudyOnceThatIsFetchedSeriesBySeries) {
    fetch(known, 1, 0s);
    for (int i = 0; i < 40; ++i) ask(stranger, 8h + 5s * i, "C-GET", R"("query":{"level":"SERIES"})");
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(CollectedImages, AreNoneThatWereRefused) {
    fetch(known, 1, 0s);
    for (int i = 0; i < 40; ++i)
        watching_.see(8h + 5s * i, "dicom", stranger, archive,
                      R"({"command":"C-MOVE","from":"client","status_meaning":"refused",)"
                      R"("sop_class_name":"StudyRootQueryRetrieveInformationModelMove"})");
    EXPECT_TRUE(watching_.findings().empty());
}

TEST_F(CollectedImages, AreRememberedWithinBounds) {
    for (int i = 0; i < 200; ++i) fetch(fmt::format("10.0.2.{}", i), 1, 1s * i);
    EXPECT_EQ(watching_.forgotten(), 170U);
}

}   // namespace
}   // namespace ward::detect
