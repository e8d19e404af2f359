// SPDX-License-Identifier: Apache-2.0
#include "protocol/mqtt/mqtt.hpp"

#include "event/mqtt.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::mqtt {
namespace {

using event::Mqtt;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Recorded: mosquitto 2.0.11, mosquitto_sub and mosquitto_pub.
const std::string connect =
    hex("103900044d51545404c6003c000970756d702d34373131000b776172642f7374617475730004676f6e6500056d6172696100"
        "08696e76656e746564");
const std::string connect_of_31 =
    hex("102500064d514973647003c2003c000670756d702d3400056d617269610008696e76656e746564");
const std::string accepted = hex("20020000");
const std::string subscribe =
    hex("822400010009776172642f74656d7001000a776172642f616c61726d010006776172642f2301");
const std::string publish = hex("3016000a776172642f70756c736548656c6c6f2077617264");

Bed bed() { return Bed{open_session()}; }

TEST(Mqtt, TellsAClientWhenTheBrokerAnswers) {
    auto talk = bed();
    talk.client(connect).after(std::chrono::milliseconds{1}).server(accepted);
    const auto& told = talk.one<Mqtt>();
    EXPECT_EQ(told.protocol_version, "3.1.1");
    EXPECT_EQ(told.client_id, "pump-*");
    EXPECT_EQ(told.credentials, "password");
    EXPECT_EQ(told.will_topic, "ward/status");
    EXPECT_EQ(told.return_code, 0);
    EXPECT_EQ(told.latency_us, 1000);
    EXPECT_THAT(talk.json(), Not(HasSubstr("maria")));
    EXPECT_THAT(talk.json(), Not(HasSubstr("invented")));
}

TEST(Mqtt, AWillOfVersion5HasPropertiesOfItsOwn) {   // MQTT 5.0, section 3.1.3.2
    auto talk = bed();
    talk.client(hex("101d 0004 4d515454 05 04 003c 00 0001 61 05 1800000001 0004 77617264 0001 78")).end();
    EXPECT_EQ(talk.one<Mqtt>().will_topic, "ward");
}

TEST(Mqtt, TellsTheTopicsAtTheEnd) {
    auto talk = bed();
    talk.client(connect).server(accepted).client(subscribe + publish).server(publish).end();
    const auto told = talk.all<Mqtt>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[1]->client_id, "pump-*");
    EXPECT_EQ(told[1]->subscribed, 3u);
    EXPECT_EQ(told[1]->published, 2u);
    EXPECT_THAT(told[1]->topics, ElementsAre("ward/temp", "ward/alarm", "ward/#", "ward/pulse"));
    EXPECT_EQ(told[1]->topic_levels, 2u);
    EXPECT_THAT(talk.json(), Not(HasSubstr("Hello")));
}

TEST(Mqtt, LevelsThatLookLikeIdentifiersAreLeftOut) {
    auto talk = bed();
    talk.client(hex("3012 0010") + "bed/12/mrn/47110" + "").end();
    EXPECT_THAT(talk.one<Mqtt>().topics, ElementsAre("bed/12/mrn/*"));
}

// Names and numbers of patients have any form, so that only known words may pass.
TEST(Mqtt, LevelsThatAreNoKnownWordsAreLeftOut) {
    auto talk = bed();
    talk.client(hex("3018 0016") + "ward3/haddad_nadia/hr/");
    talk.client(hex("300d 000b") + "mrn/AB123/+").client(hex("300e 000c") + "$SYS/haddad1").end();
    EXPECT_THAT(talk.one<Mqtt>().topics, ElementsAre("ward3/*/hr/", "mrn/*/+", "$SYS/*"));
}

TEST(Mqtt, AClientThatIsNamedForSomebodyIsToldByPseudonym) {
    auto talk = bed();
    const Pseudonymise key = [](std::string_view name) {
        return event::Pseudonym{std::to_string(name.size())};
    };
    talk.out.pseudonymise = &key;
    talk.client(hex("101a 00044d5154540402003c 000e") + "monitor-haddad").server(accepted);
    EXPECT_EQ(talk.one<Mqtt>().client_id, "monitor-*");
    EXPECT_EQ(talk.one<Mqtt>().client.text, "14");
}

TEST(Mqtt, ReadsThePropertiesOfVersion5) {
    auto talk = bed();
    talk.client(hex("101500044d5154540502003c032100140005") + "pump1").server(hex("2003008600"));
    EXPECT_EQ(talk.one<Mqtt>().protocol_version, "5");
    EXPECT_EQ(talk.one<Mqtt>().client_id, "pump1");
    EXPECT_EQ(talk.one<Mqtt>().return_code, 0x86);
}

TEST(Mqtt, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session,
        {{Side::client, connect}, {Side::server, accepted}, {Side::client, subscribe + publish + publish}});
}

TEST(Mqtt, PayloadsArePassedBy) {
    auto talk = bed();
    talk.client(hex("30808004000474657374")).client(std::string(65536 - 6, 'v') + publish);
    EXPECT_LT(talk.memory(), 8192u);
    talk.end();
    EXPECT_EQ(talk.one<Mqtt>().published, 2u);
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::content)], 65536u - 6 + 10);
}

TEST(Mqtt, TopicsWithoutEndTakeBoundedMemory) {
    auto talk = bed();
    for (int i = 0; i < 1000; ++i)
        talk.client(hex("300e000c") + "ward/" + std::string(4, '+') + "/" + std::to_string(10 + i % 90));
    EXPECT_LT(talk.memory(), 8192u);
    EXPECT_EQ(talk.end().one<Mqtt>().topics.size(), 8u);
}

TEST(Mqtt, GarbageAndLossAreHarmless) {
    auto talk = bed();
    talk.client(hex("10ffffffffff")).lose(Side::client, 10).client(connect).end();
    EXPECT_EQ(talk.out.violation, "MQTT length without end");
    EXPECT_EQ(talk.one<Mqtt>().client_id, "pump-*");
}

TEST(Mqtt, IsRecognisedByItsConnect) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(connect), Verdict::yes);
    EXPECT_EQ(asked(connect_of_31), Verdict::yes);
    EXPECT_EQ(asked(connect.substr(0, 4)), Verdict::unsure);
    EXPECT_EQ(asked(hex("103a00044e4f5045")), Verdict::no);
    EXPECT_EQ(probe(as_bytes(accepted), Side::server), Verdict::no);
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::mqtt
