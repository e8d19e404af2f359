// SPDX-License-Identifier: Apache-2.0
#include "protocol/poct1a/poct1a.hpp"

#include "event/poct1a.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::poct1a {
namespace {

using event::Poct1aMessage;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string hello =
    "<?xml version=\"1.0\"?>\r\n<HEL.R01><HDR><HDR.message_type V=\"HEL.R01\"/><HDR.control_id V=\"10001\"/>"
    "<HDR.version_id V=\"POCT1\"/><HDR.creation_dttm V=\"2026-08-21T10:00:00+00:00\"/></HDR>"
    "<DEV><DEV.device_id V='00-11-22-33-44-55'/><DEV.vendor_id V=\"ACME\"/><DEV.model_id V=\"GLU-1\"/>"
    "<DEV.serial_id V=\"S-77\"/><DEV.sw_version V=\"3.1\"/><DCP><DCP.application_timeout "
    "V=\"60\"/></DCP></DEV>"
    "</HEL.R01>";
const std::string acknowledgement =
    "<ACK.R01><HDR><HDR.control_id V=\"1\"/></HDR><ACK><ACK.type_cd V=\"AA\"/>"
    "<ACK.ack_control_id V=\"10001\"/></ACK></ACK.R01>";
const std::string observation =
    "<OBS.R01><HDR><HDR.control_id V=\"10002\"/></HDR><SVC><SVC.role_cd V=\"OBS\"/><PT><PT.patient_id "
    "V=\"4711\"/>"
    "<PT.name><GIV V=\"NADIA\"/><FAM V=\"HADDAD\"/></PT.name><PT.birth_date V=\"1959-03-07\"/>"
    "<OBS><OBS.value V=\"107\" U=\"mg/dL\"/></OBS></PT><OPR><OPR.operator_id "
    "V=\"nurse7\"/></OPR></SVC></OBS.R01>";

Bed bed() { return Bed{open_session()}; }

TEST(Poct1a, TellsWhatDeviceSaysHello) {
    auto talk = bed();
    talk.client(hello).after(std::chrono::milliseconds{3}).server(acknowledgement);
    const auto& told = talk.one<Poct1aMessage>();
    EXPECT_EQ(told.type, "HEL.R01");
    EXPECT_EQ(told.control_id, "10001");
    EXPECT_EQ(told.version_id, "POCT1");
    ASSERT_TRUE(told.device);
    EXPECT_EQ(told.device->device_id, "00-11-22-33-44-55");
    EXPECT_EQ(told.device->vendor_id, "ACME");
    EXPECT_EQ(told.device->model_id, "GLU-1");
    EXPECT_EQ(told.device->serial_id, "S-77");
    EXPECT_EQ(told.device->sw_version, "3.1");
    ASSERT_TRUE(told.acknowledgement);
    EXPECT_EQ(told.acknowledgement->code, "AA");
    EXPECT_EQ(told.acknowledgement->latency_us, 3000);
}

TEST(Poct1a, NamesTheFieldsOfAPatientAndNotTheirValues) {
    auto talk = bed();
    const Pseudonymise by_length = [](std::string_view id) {
        return event::Pseudonym{"key:" + std::to_string(id.size())};
    };
    talk.out.pseudonymise = &by_length;
    talk.client(observation).end();
    const auto& told = talk.one<Poct1aMessage>();
    EXPECT_THAT(told.patient_fields, ElementsAre("PT.patient_id", "PT.name", "PT.birth_date"));
    EXPECT_EQ(told.patient.text, "key:4");
    EXPECT_EQ(talk.out.patient_items, 3u);
    EXPECT_EQ(talk.out.patient_messages, 1u);
    EXPECT_FALSE(told.acknowledgement);
    for (const char* value : {"4711", "NADIA", "HADDAD", "1959", "107", "nurse7"})
        EXPECT_THAT(talk.json(), Not(HasSubstr(value)));
}

TEST(Poct1a, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session, {{Side::client, hello}, {Side::server, acknowledgement}, {Side::client, observation}});
}

TEST(Poct1a, AListOfOperatorsNamesNoPatient) {
    auto talk = bed();
    talk.client(
            "<OPL.R01><HDR><HDR.control_id V=\"7\"/></HDR><UPD><OPR><OPR.operator_id V=\"nurse7\"/>"
            "<OPR.name V=\"Haddad\"/></OPR></UPD></OPL.R01>")
        .end();
    EXPECT_THAT(talk.one<Poct1aMessage>().patient_fields, IsEmpty());
    EXPECT_EQ(talk.out.patient_messages, 0u);
    EXPECT_THAT(talk.json(), Not(HasSubstr("nurse7")));
    EXPECT_THAT(talk.json(), Not(HasSubstr("Haddad")));
}

TEST(Poct1a, AnAcknowledgementOfNothingIsToldAlone) {
    auto talk = bed();
    talk.server(acknowledgement);
    EXPECT_EQ(talk.one<Poct1aMessage>().type, "ACK.R01");
    EXPECT_EQ(talk.one<Poct1aMessage>().acknowledgement->code, "AA");
    EXPECT_EQ(talk.one<Poct1aMessage>().acknowledged_id, "10001");
}

TEST(Poct1a, AnErrorIsToldByItsCodeAlone) {
    const auto answered = [](const std::string& code, const std::string& detail) {
        auto talk = bed();
        talk.client(hello).server("<ACK.R01><ACK><ACK.type_cd V='" + code +
                                  "'/><ACK.ack_control_id V='10001'/>" + "<ACK.error_detail_cd V='" + detail +
                                  "'/></ACK></ACK.R01>");
        return talk.one<Poct1aMessage>().acknowledgement.value_or(event::Poct1aAcknowledgement{});
    };
    EXPECT_EQ(answered("AE", "207").code, "AE");
    EXPECT_EQ(answered("AE", "207").error_code, "207");
    EXPECT_EQ(answered("AE", "no patient Haddad").error_code, "");
    EXPECT_EQ(answered("no Haddad", "207").code, "");
}

TEST(Poct1a, AMessageThatIsSentAgainIsToldTwiceAndAnsweredOnce) {
    auto talk = bed();
    talk.client(hello + hello).server(acknowledgement);
    const auto told = talk.all<Poct1aMessage>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_FALSE(told[0]->acknowledgement);
    EXPECT_TRUE(told[1]->acknowledgement);
}

TEST(Poct1a, WhatWasBegunCountsAsLostAndItsPatientAsExposed) {
    auto talk = bed();
    talk.client(observation.substr(0, 130)).lose(Side::client, 90);
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 130u);
    EXPECT_EQ(talk.out.patient_messages, 1u);
    talk.client(observation.substr(0, 130)).end();
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 260u);
}

TEST(Poct1a, FindsTheNextMessageAfterALossAndGarbage) {
    auto talk = bed();
    talk.client(hello.substr(0, 150))
        .lose(Side::client, 90)
        .client("V=\"x\"/></DEV></HEL.R01>" + observation);
    talk.client("\x01\x02<<<" + hello).end();
    ASSERT_EQ(talk.all<Poct1aMessage>().size(), 2u);
    EXPECT_EQ(talk.all<Poct1aMessage>()[0]->type, "OBS.R01");
    EXPECT_EQ(talk.all<Poct1aMessage>()[1]->type, "HEL.R01");
}

TEST(Poct1a, WhatBelongsToNoMessageCounts) {
    const std::string rest = "V=\"x\"/></DEV></HEL.R01>";
    auto torn = bed();
    torn.client(observation.substr(0, 130)).lose(Side::client, 90).client(rest + "\r\n" + hello).end();
    EXPECT_EQ(torn.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 130 + rest.size());
    EXPECT_EQ(torn.out.violation, "");
    auto late = bed();
    late.client(rest + hello + "\n<!-- end -->\n" + hello).end();
    EXPECT_EQ(late.out.uninspected[static_cast<std::size_t>(Uninspected::malformed)], rest.size());
    EXPECT_EQ(late.out.violation, "bytes between messages");
    EXPECT_EQ(late.all<Poct1aMessage>().size(), 2u);
}

TEST(Poct1a, ANewMessageGivesUpTheOneBefore) {
    auto talk = bed();
    talk.client(observation.substr(0, 130) + hello).end();
    EXPECT_EQ(talk.one<Poct1aMessage>().type, "HEL.R01");
    EXPECT_EQ(talk.out.patient_messages, 1u);
    EXPECT_GT(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 0u);
}

TEST(Poct1a, ATagThatNeverEndsAndADeviceThatIsNeverAnsweredTakeBoundedMemory) {
    auto talk = bed();
    auto next = observation;
    for (int i = 0; i < 1000; ++i)
        talk.client(next.replace(next.find("V=\"") + 3, 5, std::to_string(10'000 + i)));
    EXPECT_EQ(talk.all<Poct1aMessage>().size(), 1000u - limits.unanswered_max);
    talk.client("<OBS.R01><OBS.note V=\"");
    for (int i = 0; i < 1000; ++i) talk.client(std::string(1000, 'x'));
    EXPECT_LT(talk.memory(), 128u << 10);
    EXPECT_GT(talk.out.uninspected[static_cast<std::size_t>(Uninspected::cap)], 4000u);
}

TEST(Poct1a, IsRecognisedByItsContent) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(hello), Verdict::yes);
    EXPECT_EQ(asked("<?xml version"), Verdict::unsure);
    EXPECT_EQ(asked("<HEL."), Verdict::unsure);
    EXPECT_EQ(asked("<?xml version=\"1.0\"?><stream:stream"), Verdict::no);
    EXPECT_EQ(asked("<HTML><BODY>"), Verdict::no);
    EXPECT_EQ(asked("<165>1 2026-"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::poct1a
