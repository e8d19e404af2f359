// SPDX-License-Identifier: Apache-2.0
#include "protocol/hl7/hl7.hpp"

#include "event/hl7.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::hl7 {
namespace {

using event::Hl7Message;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string header = "MSH|^~\\&|MON0|WARD10|HIS|HOSP|20260821||ORU^R01^ORU_R01|M1|P|2.5.1\r";
const std::string patient = "PID|1||4711^^^HOSP^MR||HADDAD^NADIA||19590307|F|||1 ROSE ST\r";
const std::string observation =
    "OBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1.0.0.1|107|bpm|||||R|||20260821||||"
    "EUI64^MON0SN0\r";
const std::string message = "\x0b" + header + patient + observation + "\x1c\r";
const std::string acknowledgement =
    "\x0bMSH|^~\\&|HIS|HOSP|MON0|WARD10|2026||ACK^R01|A1|P|2.5.1\rMSA|AA|M1\r\x1c\r";

Bed bed() { return Bed{open_session()}; }

TEST(Hl7, JoinsAMessageAndItsAcknowledgement) {
    auto talk = bed();
    talk.client(message).after(std::chrono::milliseconds{3}).server(acknowledgement);
    const auto& told = talk.one<Hl7Message>();
    EXPECT_EQ(told.type, "ORU^R01^ORU_R01");
    EXPECT_EQ(told.control_id, "M1");
    EXPECT_EQ(told.sending_application, "MON0");
    EXPECT_EQ(told.sending_facility, "WARD10");
    EXPECT_EQ(told.receiving_application, "HIS");
    EXPECT_EQ(told.version, "2.5.1");
    EXPECT_EQ(told.segments, 3u);
    ASSERT_TRUE(told.acknowledgement);
    EXPECT_EQ(told.acknowledgement->code, "AA");
    EXPECT_EQ(told.acknowledgement->latency_us, 3000);
    EXPECT_THAT(told.framing, IsEmpty());
}

TEST(Hl7, NamesTheFieldsThatIdentifyAPatientAndNotTheirValues) {
    auto talk = bed();
    const Pseudonymise by_key = [](std::string_view id) {
        return event::Pseudonym{"key:" + std::to_string(id.size())};
    };
    talk.out.pseudonymise = &by_key;
    talk.client(message).end();
    EXPECT_THAT(talk.one<Hl7Message>().patient_fields, ElementsAre("PID-3", "PID-5", "PID-7", "PID-11"));
    EXPECT_EQ(talk.one<Hl7Message>().patient.text, "key:4");
    EXPECT_EQ(talk.out.patient_items, 4u);
    for (const char* value : {"4711", "HADDAD", "NADIA", "19590307", "ROSE"})
        EXPECT_THAT(talk.json(), Not(HasSubstr(value)));
}

TEST(Hl7, KeepsADevicesNameAsItWasFoundAndOnce) {
    auto talk = bed();
    talk.client("\x0b" + header + observation + observation + "\x1c\r").end();
    EXPECT_THAT(talk.one<Hl7Message>().devices, ElementsAre(event::Hl7Device{"OBX-18", "EUI64^MON0SN0"}));
}

TEST(Hl7, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session, {{Side::client, message + message}, {Side::server, acknowledgement + acknowledgement}});
}

TEST(Hl7, ToleratesADoubledVtAMissingFsAndLfForCr) {
    auto talk = bed();
    auto unix_lines = message;
    std::ranges::replace(unix_lines, '\r', '\n');
    talk.client("\x0b" + message + "\x0b" + header + patient + unix_lines).end();
    const auto told = talk.all<Hl7Message>();
    ASSERT_EQ(told.size(), 3u);
    EXPECT_THAT(told[0]->framing, ElementsAre("doubled VT"));
    EXPECT_THAT(told[1]->framing, ElementsAre("missing FS"));
    EXPECT_THAT(told[2]->framing, ElementsAre("LF for CR"));
}

TEST(Hl7, FindsTheNextMessageAfterALoss) {
    auto talk = bed();
    talk.client(message.substr(0, 60)).lose(Side::client, 500).client("1|2|3\rOBX|4\r\x1c\r" + message).end();
    EXPECT_EQ(talk.all<Hl7Message>().size(), 1u);
    EXPECT_EQ(talk.out.violation, "bytes between frames");
}

TEST(Hl7, TellsAMessageThatNobodyAcknowledged) {
    auto talk = bed();
    talk.client(message);
    EXPECT_THAT(talk.all<Hl7Message>(), IsEmpty());
    talk.end();
    EXPECT_FALSE(talk.one<Hl7Message>().acknowledgement);
}

TEST(Hl7, AMessageThatNeverEndsTakesNoMemory) {
    auto talk = bed();
    talk.client("\x0b" + header);
    const std::string endless(100'000, 'x');
    for (int i = 0; i < 100; ++i) talk.client("OBX|" + endless);
    for (int i = 0; i < 1000; ++i) talk.client(observation);
    EXPECT_LT(talk.memory(), 64u << 10);
    EXPECT_GT(talk.out.uninspected[static_cast<std::size_t>(Uninspected::cap)], 9'000'000u);
}

TEST(Hl7, ASenderThatIsNeverAnsweredTakesBoundedMemory) {
    auto talk = bed();
    for (int i = 0; i < 10'000; ++i) talk.client(message);
    EXPECT_LT(talk.memory(), 200u << 10);
    EXPECT_EQ(talk.end().all<Hl7Message>().size(), 10'000u);
}

TEST(Hl7, IsRecognisedByItsContent) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(message), Verdict::yes);
    EXPECT_EQ(asked("\x0b"), Verdict::unsure);
    EXPECT_EQ(asked("\x0bMSH|^~"), Verdict::unsure);
    EXPECT_EQ(asked("MSH$%~\\&$A$B$"), Verdict::yes);
    EXPECT_EQ(asked("1|2|3\rOBX|4\r\x1c\r" + message), Verdict::yes);
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::hl7
