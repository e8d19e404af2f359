// SPDX-License-Identifier: Apache-2.0
#include "sensor/flow_table.hpp"

#include <gmock/gmock.h>

#include "sensor/packets_test.hpp"

namespace ward::sensor {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// Flows named by their lower port, and how they ended.
class FlowTableTest : public testing::Test {
protected:
    static FlowKey key(std::uint16_t port, std::uint8_t ip_protocol = wire::tcp) {
        return {address_of("10.0.0.1"), address_of("10.0.0.2"), port, 80, 0, ip_protocol};
    }
    Flow& see(const FlowKey& key, Age age) {
        auto& flow = table.find_or_add(key).flow;
        flow.between.flow_id = key.low_port;
        table.touch(flow, now, age);
        table.charge(flow);
        return flow;
    }
    void pass(std::chrono::seconds time) {
        now += time;
        table.expire(now);
    }
    static constexpr std::size_t one_flow = sizeof(Flow) + 2 * (sizeof(FlowKey) + 2 * sizeof(void*)) + 16;

    event::Time now{std::chrono::seconds{1'700'000'000}};
    std::vector<std::string> ended;
    FlowTable table{{.memory_max = 4 * one_flow}, [this](Flow& flow, std::string_view reason) {
                        ended.push_back(std::to_string(flow.key.low_port) + " " + std::string{reason});
                    }};
};

TEST_F(FlowTableTest, FindsWhatItHas) {
    auto& flow = see(key(1), Age::beginning);
    EXPECT_EQ(table.find(key(1)), &flow);
    EXPECT_EQ(table.find(key(2)), nullptr);
    EXPECT_FALSE(table.find_or_add(key(1)).is_new);
    EXPECT_EQ(table.size(), 1u);
    EXPECT_EQ(table.memory(), one_flow);
}

TEST_F(FlowTableTest, SilenceEndsAFlowByItsAge) {
    see(key(1), Age::beginning);
    see(key(2), Age::talking);
    see(key(3), Age::over);
    see(key(4, wire::udp), Age::talking);
    pass(30s);
    EXPECT_THAT(ended, IsEmpty()) << "not yet";
    pass(1s);
    EXPECT_THAT(ended, ElementsAre("3 timeout"));
    pass(30s);
    EXPECT_THAT(ended, ElementsAre("3 timeout", "1 timeout"));
    pass(240s);
    pass(3301s);
    EXPECT_THAT(ended, ElementsAre("3 timeout", "1 timeout", "4 timeout", "2 timeout"));
    EXPECT_EQ(table.memory(), 0u);
}

TEST_F(FlowTableTest, AFlowThatIsSeenAgainLivesOn) {
    see(key(1), Age::beginning);
    pass(50s);
    see(key(2), Age::beginning);
    see(key(1), Age::beginning);
    pass(50s);
    EXPECT_THAT(ended, IsEmpty());
    pass(11s);
    EXPECT_THAT(ended, ElementsAre("2 timeout", "1 timeout"));
}

TEST_F(FlowTableTest, TheOldestFlowGivesWay) {
    for (std::uint16_t i = 1; i <= 4; ++i) see(key(i), Age::talking);
    see(key(1), Age::talking);
    see(key(5), Age::talking);
    EXPECT_THAT(ended, ElementsAre("2 memory"));
    EXPECT_EQ(table.evicted(), 1u);
    EXPECT_LE(table.memory(), 4 * one_flow);
}

TEST_F(FlowTableTest, AmongManyUnansweredFlowsTheseGiveWayFirst) {
    see(key(1), Age::talking);
    for (std::uint16_t i = 2; i <= 9; ++i) {
        pass(1s);
        see(key(i, i % 2 == 0 ? wire::tcp : wire::udp), Age::beginning);
    }
    EXPECT_THAT(ended, ElementsAre("2 memory", "3 memory", "4 memory", "5 memory", "6 memory"));
    EXPECT_NE(table.find(key(1)), nullptr);
}

TEST_F(FlowTableTest, TheFlowOfThePacketItselfIsNeverEnded) {
    auto& flow = see(key(1), Age::talking);
    flow.recognition = std::make_unique<Recognition>();
    flow.recognition->pieces.push_back({Side::client, Buffer(100'000)});
    table.charge(flow);
    EXPECT_THAT(ended, IsEmpty());
    see(key(2), Age::talking);
    EXPECT_THAT(ended, ElementsAre("1 memory"));
    EXPECT_GE(table.memory_peak(), 100'000u);
    EXPECT_EQ(table.memory(), one_flow);
}

TEST_F(FlowTableTest, AtTheEndFlowsAreToldByTheirBeginning) {
    see(key(3), Age::over);
    see(key(1), Age::beginning);
    see(key(2), Age::talking);
    table.end_all("shutdown");
    EXPECT_THAT(ended, ElementsAre("1 shutdown", "2 shutdown", "3 shutdown"));
    EXPECT_EQ(table.size(), 0u);
}

}   // namespace
}   // namespace ward::sensor
