// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/equipment/meters.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace ward::lab {
namespace {

using namespace std::chrono;

constexpr std::string_view up_time = "1.3.6.1.2.1.1.3.0", sheets = "1.3.6.1.2.1.43.10.2.1.4.1.1",
                           supply = "1.3.6.1.2.1.43.11.1.1.9.1.1", charge = "1.3.6.1.2.1.33.1.2.4.0",
                           octets_in = "1.3.6.1.2.1.2.2.1.10.1", octets_out = "1.3.6.1.2.1.2.2.1.16.1";

class MetersOfAHospital : public testing::Test {
protected:
    const Device& device(DeviceKind kind, std::size_t which = 0) {
        return story_.network().at(story_.network().of(kind, 0)[which]);
    }
    template <class Value>
    Value read(Meters& meters, const Device& of, std::string_view object, Moment at) {
        const auto all = meters.read(of, at);
        const auto found = std::ranges::find(all, object, &snmp::Reading::object);
        return std::get<Value>(found->value);
    }
    std::uint32_t ticks(Meters& meters, const Device& of, Moment at) {
        return read<snmp::Ticks>(meters, of, up_time, at).hundredths;
    }
    std::uint32_t count(const Device& of, std::string_view object, Moment at) {
        return read<snmp::Counter>(meters_, of, object, at).count;
    }

    Story story_{Size::small, 7, 2026y / 3 / 2};
    Moment noon_ = story_.begin() + 12h;
    Meters meters_{story_};
};

TEST_F(MetersOfAHospital, TellNeighboursApart) {
    const auto& one = device(DeviceKind::network_switch, 0);
    const auto& other = device(DeviceKind::network_switch, 1);
    const auto apart = std::int64_t{ticks(meters_, one, noon_)} - ticks(meters_, other, noon_);
    EXPECT_GT(std::abs(apart), 100'000);
    EXPECT_NE(count(one, octets_in, noon_), count(other, octets_in, noon_));
}

TEST_F(MetersOfAHospital, SayWhatTheyAreAsTheirMakersDo) {
    for (const auto id : story_.network().of(DeviceKind::printer, 0)) {
        const auto& one = story_.network().at(id);
        const auto text = read<std::string>(meters_, one, "1.3.6.1.2.1.1.1.0", noon_);
        EXPECT_EQ(text.find("JETDIRECT") != std::string::npos, one.vendor == "HP") << text;
    }
}

TEST_F(MetersOfAHospital, AreOthersWithAnotherSeed) {
    const Story other{Size::small, 8, 2026y / 3 / 2};
    Meters meters{other};
    const auto& one = device(DeviceKind::network_switch);
    EXPECT_NE(ticks(meters_, one, noon_), ticks(meters, one, noon_));
}

TEST_F(MetersOfAHospital, CountTheTimeInHundredths) {
    const auto& one = device(DeviceKind::power_supply);
    const auto before = ticks(meters_, one, noon_);
    EXPECT_EQ(ticks(meters_, one, noon_ + 15min), before + 90'000);
    EXPECT_EQ(read<int>(meters_, one, charge, noon_ + 20min), 100);
}

TEST_F(MetersOfAHospital, CountSheetsThatArePrinted) {
    const auto& one = device(DeviceKind::printer);
    const auto before = count(one, sheets, noon_);
    EXPECT_EQ(count(one, sheets, noon_ + 6h), before);
    meters_.print(one, 3);
    EXPECT_EQ(count(one, sheets, noon_ + 7h), before + 3);
}

TEST_F(MetersOfAHospital, UseUpASupplyAndHaveItReplaced) {
    const auto& one = device(DeviceKind::printer);
    int last = read<int>(meters_, one, supply, noon_), replaced = 0;
    for (int i = 0; i < 300; ++i) {
        meters_.print(one, 50);
        const auto now = read<int>(meters_, one, supply, noon_);
        EXPECT_GT(now, 0);
        if (now > last) ++replaced;
        last = now;
    }
    EXPECT_GT(replaced, 0);
    EXPECT_LT(replaced, 10);
}

/// RFC 2578, 7.1.6: a counter begins anew at 2^32, and nowhere else.
TEST_F(MetersOfAHospital, CountTrafficUpToThirtyTwoBits) {
    const auto& one = device(DeviceKind::wireless_controller);
    constexpr auto whole = std::uint64_t{1} << 32;
    for (const auto object : {octets_in, octets_out}) {
        std::uint64_t passed = 0;
        auto last = count(one, object, noon_);
        std::uint32_t highest = last;
        for (auto at = noon_; at < noon_ + days{20}; at += 10min) {
            const auto now = count(one, object, at);
            passed += std::uint32_t{now - last};
            EXPECT_LT(std::uint32_t{now - last}, whole / 4);
            highest = std::max(highest, now);
            last = now;
        }
        EXPECT_GT(passed, whole);
        EXPECT_GT(highest, whole / 10 * 9);
    }
}

TEST_F(MetersOfAHospital, HaveLessTrafficAtNight) {
    const auto& one = device(DeviceKind::network_switch);
    const auto midnight = story_.begin() + days{1};
    const auto passed = [&](Moment from) {
        std::uint64_t sum = 0;
        auto last = count(one, octets_in, from);
        for (auto at = from; at < from + 4h; at += 10min) {
            const auto now = count(one, octets_in, at);
            sum += std::uint32_t{now - last};
            last = now;
        }
        return sum;
    };
    const auto by_day = passed(noon_);
    EXPECT_GT(by_day, 2 * passed(midnight));
}

}   // namespace
}   // namespace ward::lab
