// SPDX-License-Identifier: Apache-2.0
#include "state/kept.hpp"

#include <gtest/gtest.h>

namespace ward::state {
namespace {

using namespace std::chrono_literals;

enum class Shift : std::uint8_t { day, night };

struct Bed {
    std::string name{};
    std::optional<double> temperature{};

    void state(Kept& kept) { kept(name, temperature); }
    bool operator==(const Bed&) const = default;
};

struct Ward {
    std::int64_t floor = 0;
    Shift shift = Shift::day;
    std::chrono::sys_time<std::chrono::nanoseconds> opened{};
    IpAddress monitor{};
    std::vector<Bed> beds{};
    std::map<std::pair<std::string, std::uint16_t>, bool, std::less<>> doors{};
    std::unique_ptr<Bed> spare{};

    void state(Kept& kept) { kept(floor, shift, opened, monitor, beds, doors, spare); }
};

Ward a_ward() {
    Ward ward;
    ward.floor = -2;
    ward.shift = Shift::night;
    ward.opened = std::chrono::sys_days{std::chrono::year{1912} / 3 / 4} + 7ns;
    ward.monitor = *parse_ip_address("2001:db8::17");
    ward.beds = {{"a", 37.5}, {"b", std::nullopt}};
    ward.doors = {{{"north", 1}, true}, {{"south", 65'535}, false}};
    ward.spare = std::make_unique<Bed>(Bed{"spare", 0.0});
    return ward;
}

Buffer written(Listed auto& state) {
    Writer out;
    Kept kept{out};
    state.state(kept);
    return out.state();
}

template <class State>
Result<> read_into(State& state, Bytes bytes) {
    Reader in{bytes};
    Kept kept{in};
    state.state(kept);
    return in.finished();
}

TEST(Kept, WhatIsReadIsWhatWasWritten) {
    auto ward = a_ward();
    Ward again;
    again.beds = {{"b", 40.0}};
    ASSERT_TRUE(read_into(again, written(ward)).has_value());
    EXPECT_EQ(again.floor, -2);
    EXPECT_EQ(again.shift, Shift::night);
    EXPECT_EQ(again.opened, ward.opened);
    EXPECT_EQ(again.monitor, ward.monitor);
    EXPECT_EQ(again.beds, ward.beds);
    EXPECT_EQ(again.doors, ward.doors);
    ASSERT_NE(again.spare, nullptr);
    EXPECT_EQ(*again.spare, *ward.spare);
    EXPECT_EQ(written(again), written(ward));
}

TEST(Kept, WhatIsMissingIsMissingAfterwards) {
    Bed without{"a", std::nullopt};
    Bed again{"b", 40.0};
    ASSERT_TRUE(read_into(again, written(without)).has_value());
    EXPECT_EQ(again, without);
}

TEST(Kept, EveryCutIsAnError) {
    auto ward = a_ward();
    const auto whole = written(ward);
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        Ward again;
        ASSERT_FALSE(read_into(again, Bytes{whole}.first(cut)).has_value()) << "cut at " << cut;
    }
}

TEST(Kept, ANumberThatDoesNotFitIsAnError) {
    struct Wide {
        std::uint32_t value = 256;
        void state(Kept& kept) { kept(value); }
    } wide;
    struct Narrow {
        std::uint8_t value = 0;
        void state(Kept& kept) { kept(value); }
    } narrow;
    EXPECT_FALSE(read_into(narrow, written(wide)).has_value());
}

TEST(Kept, AClaimedSizeTakesNoMemoryBeforeItsBytesAreThere) {
    Writer out;
    out.varint(std::uint64_t{1} << 31U);
    struct Names {
        std::vector<std::string> all{};
        void state(Kept& kept) { kept(all); }
    } names;
    EXPECT_FALSE(read_into(names, out.state()).has_value());
    EXPECT_EQ(names.all.capacity(), 0U);
}

TEST(Kept, AShapeIsOfTheMembersAndNotOfWhatTheyHold) {
    auto full = a_ward();
    Ward empty;
    EXPECT_EQ(shape_of(full), shape_of(empty));
    EXPECT_EQ(full.spare->name, "spare");
    EXPECT_EQ(empty.spare, nullptr);
    struct Another : Ward {
        std::vector<std::uint64_t> one_more{};
        void state(Kept& kept) {
            Ward::state(kept);
            kept(one_more);
        }
    } another;
    EXPECT_NE(shape_of(another), shape_of(empty));
}

struct Rooms {
    LruMap<std::string, Bed> beds{3};
    void state(Kept& kept) { kept(beds); }
};

TEST(Kept, AMapStillForgetsWhatWasUsedLongestAgo) {
    Rooms rooms;
    for (const auto* name : {"a", "b", "c"}) rooms.beds.at(name).name = name;
    rooms.beds.find("a");
    Rooms again;
    ASSERT_TRUE(read_into(again, written(rooms)).has_value());
    again.beds.at("d");
    EXPECT_EQ(again.beds.find("b"), nullptr);
    ASSERT_NE(again.beds.find("a"), nullptr);
    EXPECT_EQ(again.beds.find("a")->name, "a");
}

TEST(Kept, AMapTakesNoMoreThanItHasRoomFor) {
    struct Many {
        LruMap<std::string, Bed> beds{4};
        void state(Kept& kept) { kept(beds); }
    } many;
    for (const auto* name : {"a", "b", "c", "d"}) many.beds.at(name);
    Rooms few;
    EXPECT_FALSE(read_into(few, written(many)).has_value());
}

}   // namespace
}   // namespace ward::state
