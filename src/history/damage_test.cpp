// SPDX-License-Identifier: Apache-2.0
// What is damaged is told, and all else is found.
#include <gmock/gmock.h>

#include "history/storing_test.hpp"

namespace ward::history {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Damage : public Storing {
protected:
    Damage() {
        auto history = open();
        std::vector<std::string> flows;
        for (int i = 0; i < 20'000; ++i)
            flows.push_back(
                flow_at(std::chrono::seconds{i}, "10.0.0.1", fmt::format("10.9.{}.{}", i / 250, i % 250)));
        EXPECT_TRUE(append(*history, 1, flows));
    }

    void run(const std::string& sql) const {
        auto day = store::Database::open(day_path(folder_.path(), monday), store::Mode::read_write_create);
        ASSERT_TRUE(day);
        ASSERT_TRUE(day->execute(sql));
    }
};

TEST_F(Damage, ABlockIsToldOfAndTheOthersAreRead) {
    run("UPDATE block_bytes SET bytes = zeroblob(9000) WHERE id = 3");
    const auto all = page("", 30'000);
    EXPECT_THAT(all.hits, SizeIs(20'000 - 1024));
    EXPECT_THAT(all.damage, ElementsAre(HasSubstr("events-2026-03-02.db: block 3: a block ")));
    EXPECT_THAT(page("dest_ip = 10.9.79.9").damage, IsEmpty()) << "which is elsewhere";
}

TEST_F(Damage, ABlockThatIsMissingIsToldOf) {
    run("DELETE FROM block_bytes WHERE id = 3");
    EXPECT_THAT(page("", 30'000).damage, ElementsAre(HasSubstr("a block is missing")));
}

TEST_F(Damage, WithoutAnIndexThatCanBeReadAllBlocksAre) {
    run("UPDATE page SET bytes = x'ffffffffffffffff'");
    const auto found = page("dest_ip = 10.9.3.7");
    EXPECT_THAT(found.hits, SizeIs(1));
    EXPECT_THAT(found.damage, Not(IsEmpty()));
}

TEST_F(Damage, AnOlderIndexIsNotAskedForWhatItDoesNotHave) {
    run("UPDATE segment SET generation = 0; DELETE FROM page");
    EXPECT_THAT(lines("dest_ip = 10.9.3.7"), SizeIs(1));
}

TEST_F(Damage, TheWriterGoesOn) {
    run("UPDATE page SET bytes = x'ffffffffffffffff'; UPDATE recent SET bytes = x'00'");
    auto history = open();
    ASSERT_TRUE(history) << history.error().what;
    std::vector<std::string> more;
    for (int i = 0; i < 20'000; ++i) more.push_back(flow_at(std::chrono::hours{8}, "10.0.0.1", "10.8.0.1"));
    EXPECT_EQ(append(*history, 20'001, more), 40'000U);
    EXPECT_THAT(lines("dest_ip = 10.8.0.1", 30'000), SizeIs(20'000));
}

TEST_F(Damage, AFileThatIsNoneIsToldOfAndOtherDaysAreRead) {
    auto history = open();
    EXPECT_TRUE(append(*history, 20'001, {flow_at(std::chrono::hours{25}, "10.0.0.1", "10.0.0.2")}));
    std::filesystem::resize_file(day_path(folder_.path(), monday + std::chrono::days{1}), 100);
    std::filesystem::remove(day_path(folder_.path(), monday + std::chrono::days{1}).string() + "-wal");
    const auto found = page("dest_ip = 10.9.3.7");
    EXPECT_THAT(found.hits, SizeIs(1));
    EXPECT_THAT(found.damage, ElementsAre(HasSubstr("events-2026-03-03.db: ")));
}

}   // namespace
}   // namespace ward::history
