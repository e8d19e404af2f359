// SPDX-License-Identifier: Apache-2.0
#include "history/roster.hpp"

#include <gmock/gmock.h>

#include "history/known.hpp"
#include "history/storing_test.hpp"

namespace ward::history {
namespace {

using namespace std::chrono_literals;

class Knowing : public Storing {
protected:
    static std::string device_at(std::chrono::milliseconds since, int number) {
        return event_at(since, fmt::format(R"("event_type":"device","device":{{"id":"10.0.0.{0}",)"
                                           R"("name":"n{0}","addresses":["10.0.0.{0}"]}})",
                                           number));
    }
    std::vector<std::string> ids(Kind kind, std::string_view query, std::size_t limit = 50) {
        const auto page = find_known(folder_.path(), kind, *parse_filter(query), limit);
        EXPECT_TRUE(page) << page.error().what;
        std::vector<std::string> all;
        if (page)
            for (const auto& one : page->all) all.push_back(one.id);
        return all;
    }
};

TEST_F(Knowing, WhoWasSeenLastIsFirst) {
    auto history = open();
    ASSERT_TRUE(
        append(*history, 1, {device_at(1s, 1), device_at(2s, 2), flow_at(1h, "10.0.0.1", "10.9.9.9")}));
    EXPECT_THAT(ids(Kind::device, ""), ::testing::ElementsAre("10.0.0.1", "10.0.0.2"));
    EXPECT_THAT(ids(Kind::device, "", 1), ::testing::ElementsAre("10.0.0.1"));
    EXPECT_THAT(ids(Kind::device, "addresses = 10.0.0.2"), ::testing::ElementsAre("10.0.0.2"));
}

TEST_F(Knowing, WhatComesAgainChangesNothing) {
    auto history = open();
    ASSERT_TRUE(append(*history, 1, {device_at(1s, 1), flow_at(1h, "10.0.0.1", "10.9.9.9")}));
    const auto before = find_known(folder_.path(), Kind::device, {}, 9)->all.front().json;
    ASSERT_TRUE(append(*history, 1, {device_at(1s, 1), flow_at(1h, "10.0.0.1", "10.9.9.9")}));
    EXPECT_EQ(find_known(folder_.path(), Kind::device, {}, 9)->all.front().json, before);
}

TEST_F(Knowing, MoreThanItHasRoomForAreLeftAlone) {
    auto database = *store::Database::open({}, store::Mode::in_memory);
    ASSERT_TRUE(store::migrate(database, state_module, state_steps));
    Roster roster{{.devices_max = 2}};
    for (const int number : {1, 2, 3}) {
        const auto event = json::Document::parse(device_at(1s, number));
        roster.note(event->root(), number);
    }
    ASSERT_TRUE(roster.save(database));
    auto count = *database.prepare("SELECT count(*) FROM device");
    ASSERT_TRUE(*count.step());
    EXPECT_EQ(count.integer(0), 2);
}

}   // namespace
}   // namespace ward::history
