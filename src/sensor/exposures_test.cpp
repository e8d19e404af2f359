// SPDX-License-Identifier: Apache-2.0
#include "sensor/exposures.hpp"

#include <gmock/gmock.h>

#include "sensor/packets_test.hpp"

namespace ward::sensor {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class ExposuresTest : public testing::Test {
protected:
    void message(const Host& client, std::uint32_t items) {
        event::Conversation between;
        between.flow_id = 7;
        between.client = {address_of(client.address), client.port, {}};
        between.server = {address_of("10.0.0.2"), 2575, {}};
        between.ip_protocol = wire::tcp;
        sums.add(between, 1, items, now, tell);
    }

    Exposures sums;
    event::Time now{std::chrono::seconds{1'700'000'000}};
    std::vector<std::string> told;
    Exposures::Tell tell = [this](const event::Event& event) {
        const auto& sum = *event.what.as<event::Exposure>();
        EXPECT_EQ(event.between.flow_id, 0u);
        EXPECT_EQ(event.between.client.port, 0);
        told.push_back(to_text(event.between.client.address) + ": " + std::to_string(sum.items) + " in " +
                       std::to_string(sum.messages));
    };
};

TEST_F(ExposuresTest, AreOfPairsOfHostsWhateverTheirConnections) {
    message({"10.0.0.1", 40000}, 3);
    message({"10.0.0.1", 40001}, 4);
    message({"10.0.0.3", 40000}, 5);
    EXPECT_THAT(told, IsEmpty());
    sums.finish(tell);
    EXPECT_THAT(told, ElementsAre("10.0.0.1: 7 in 2", "10.0.0.3: 5 in 1"));
}

TEST_F(ExposuresTest, AreToldWhenTheirHourIsOverAlsoIfNoOtherComes) {
    message({"10.0.0.1", 40000}, 3);
    sums.advance(now + 59min, tell);
    EXPECT_THAT(told, IsEmpty());
    sums.advance(now + 60min, tell);
    EXPECT_THAT(told, ElementsAre("10.0.0.1: 3 in 1"));
}

TEST_F(ExposuresTest, AreToldWhenTheNextHourBegins) {
    message({"10.0.0.1", 40000}, 3);
    now += 59min;
    message({"10.0.0.1", 40000}, 3);
    now += 1min;
    message({"10.0.0.1", 40000}, 1);
    EXPECT_THAT(told, ElementsAre("10.0.0.1: 6 in 2"));
}

TEST_F(ExposuresTest, AreToldEarlyWhenThereAreTooMany) {
    for (int i = 0; i < 10'000; ++i)
        message({"10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250), 1}, 1);
    EXPECT_EQ(told.size(), 8192u);
    sums.finish(tell);
    EXPECT_EQ(told.size(), 10'000u);
}

}   // namespace
}   // namespace ward::sensor
