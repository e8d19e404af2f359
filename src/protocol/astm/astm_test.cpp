// SPDX-License-Identifier: Apache-2.0
#include "protocol/astm/astm.hpp"

#include "event/astm.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::astm {
namespace {

using event::AstmRecords;
using event::AstmTransmission;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Written from LIS01-A2, 6.3, with checksums; the device and the patient are invented.
const std::string header =
    "\x02"
    "1H|\\^&|||WARD-LAB^1.4^AN31||||||||LIS2-A2|20260911\r\x03"
    "70\r\n";
const std::string patient =
    "\x02"
    "2P|1||PID7||TEST^OLA\r\x03"
    "BD\r\n";
const std::string result =
    "\x02"
    "3R|1|^^^GLU|5.4|mmol/L||N||F\r\x03"
    "03\r\n";
const std::string terminator =
    "\x02"
    "4L|1|N\r\x03"
    "07\r\n";
const std::string enquiry = "\x05";
const std::string acknowledge = "\x06";
const std::string refuse = "\x15";
const std::string finish = "\x04";

/// A frame with its checksum.
std::string frame(const std::string& text, const std::string& end = "\x03") {
    unsigned sum = 0;
    for (const char c : text + end) sum += static_cast<unsigned char>(c);
    const std::byte low{static_cast<unsigned char>(sum)};
    return "\x02" + text + end + to_hex(Bytes{&low, 1}) + "\r\n";
}
// The end of a patient's record. What is lost before it may be anything.
const std::string tail = "HADDAD^NADIA||19590307|F|||1 ROSE ST\r";
void expect_no_patient(const Bed& talk) {
    for (const char* value : {"HADDAD", "NADIA", "19590307", "ROSE"})
        EXPECT_THAT(talk.json(), Not(HasSubstr(value)));
}
std::uint64_t lost(const Bed& talk) {
    return talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)];
}

Bed bed() { return Bed{open_session()}; }
Bed& send(Bed& talk, const std::string& bytes, const std::string& answer = acknowledge) {
    return talk.client(bytes).server(answer);
}

TEST(Astm, TellsATransmissionFromEnqToEot) {
    auto talk = bed();
    const Pseudonymise by_length = [](std::string_view id) {
        return event::Pseudonym{"key:" + std::to_string(id.size())};
    };
    talk.out.pseudonymise = &by_length;
    for (const auto& bytes : {enquiry, header, patient, result, terminator}) send(talk, bytes);
    talk.after(std::chrono::milliseconds{2}).client(finish);
    const auto& told = talk.one<AstmTransmission>();
    EXPECT_EQ(told.framing, "LIS1");
    EXPECT_EQ(told.outcome, "complete");
    EXPECT_EQ(told.sender, "WARD-LAB^1.4^AN31");
    EXPECT_EQ(told.version, "LIS2-A2");
    EXPECT_EQ(told.termination, "N");
    EXPECT_EQ(told.frames, 4u);
    EXPECT_EQ(told.bad_checksums, 0u);
    EXPECT_EQ(told.retransmissions, 0u);
    EXPECT_EQ(told.duration_us, 2000);
    EXPECT_THAT(told.records, ElementsAre(AstmRecords{"H", 1}, AstmRecords{"P", 1}, AstmRecords{"R", 1},
                                          AstmRecords{"L", 1}));
    EXPECT_THAT(told.patient_fields, ElementsAre("P-4", "P-6"));
    EXPECT_EQ(told.patient.text, "key:4");
    EXPECT_EQ(talk.out.patient_items, 2u);
    EXPECT_EQ(talk.out.patient_messages, 1u);
    EXPECT_THAT(talk.json(), Not(HasSubstr("PID7")));
    EXPECT_THAT(talk.json(), Not(HasSubstr("TEST")));
}

TEST(Astm, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session, {{Side::client, enquiry + header + patient + result + terminator + finish},
                       {Side::server, "\x06\x06\x06"},
                       {Side::client, "H|\\^&\rP|1\rL|1\r"}});
    // Garbage before, between and after; a frame without its line feed.
    expect_any_split_gives_the_same_events(
        open_session, {{Side::client, "Z|1\xff" + enquiry + header + "noise\xfe" +
                                          patient.substr(0, patient.size() - 1) + terminator + finish},
                       {Side::client, "H6\rnoise\r\nH|\\^&\rP|1\rL|1\r" + frame("1P|1|\r")}});
}

TEST(Astm, CountsWhatWasRefusedAndSentAgain) {
    auto talk = bed();
    auto bad = patient;
    bad[8] ^= 1;
    send(talk, enquiry);
    send(talk, header);
    send(talk, bad, refuse);
    send(talk, patient);
    send(talk, patient);   // the acknowledgement was lost
    talk.client(terminator + finish);
    const auto& told = talk.one<AstmTransmission>();
    EXPECT_EQ(told.frames, 5u);
    EXPECT_EQ(told.refused_frames, 1u);
    EXPECT_EQ(told.bad_checksums, 1u);
    EXPECT_EQ(told.retransmissions, 2u);
    EXPECT_THAT(told.records, ElementsAre(AstmRecords{"H", 1}, AstmRecords{"P", 1}, AstmRecords{"L", 1}));
}

TEST(Astm, AFrameWithTheNumberOfTheOneBeforeMayBeANewOne) {
    auto talk = bed();
    send(talk, enquiry);
    for (const std::string text : {"1H|\\^&|||A\r", "1P|1|\r", "1R|1|\r", "1R|2|\r", "1R|2|\r", "1L|1|N\r"})
        send(talk, frame(text));
    talk.client(finish);
    EXPECT_THAT(talk.one<AstmTransmission>().records, ElementsAre(AstmRecords{"H", 1}, AstmRecords{"P", 1},
                                                                  AstmRecords{"R", 2}, AstmRecords{"L", 1}));
    EXPECT_EQ(talk.one<AstmTransmission>().retransmissions, 1u);
}

TEST(Astm, AFrameWithTheNumberOfARefusedOneIsNewOnceThatWasTaken) {
    auto talk = bed();
    auto bad = patient;
    bad[8] ^= 1;
    send(talk, enquiry);
    send(talk, header);
    send(talk, bad, refuse);
    send(talk, patient);
    for (const char* number : {"3", "4", "5", "6", "7", "0", "1", "2"})
        send(talk, frame(number + std::string{"R|1|\r"}));
    talk.client(finish);
    EXPECT_EQ(talk.one<AstmTransmission>().retransmissions, 1u);
}

// LIS1-A, 6.2.7.1.
TEST(Astm, WhoGivesInAfterARefusalWasRefused) {
    auto talk = bed();
    talk.client(enquiry).server(refuse).server(enquiry).client(acknowledge).server(header);
    EXPECT_EQ(talk.one<AstmTransmission>().outcome, "refused");
    EXPECT_EQ(talk.one<AstmTransmission>().from, Side::client);
}

TEST(Astm, AskingForAllNamesNoPatient) {
    const auto asked_for = [](const std::string& whom) {
        auto talk = bed();
        const Pseudonymise by_length = [](std::string_view id) {
            return event::Pseudonym{"key:" + std::to_string(id.size())};
        };
        talk.out.pseudonymise = &by_length;
        talk.client("H|\\^&\rQ|1|" + whom + "\rL|1|N\r");
        return talk.one<AstmTransmission>().patient.text;
    };
    EXPECT_EQ(asked_for("ALL"), "");
    EXPECT_EQ(asked_for("4711"), "key:4");
}

TEST(Astm, JoinsARecordThatGoesOnInTheNextFrame) {
    auto talk = bed();
    talk.client(enquiry + "\x02" + "1H|\\^&||PASS|Ana\x17" + "A7\r\n" + "\x02" + "2lyser\r\x03" + "71\r\n" +
                finish);
    const auto& told = talk.one<AstmTransmission>();
    EXPECT_EQ(told.sender, "Analyser");
    EXPECT_TRUE(told.access_password);
    EXPECT_THAT(talk.json(), Not(HasSubstr("PASS")));
}

TEST(Astm, ReadsRecordsWithoutFramesWithOtherDelimiters) {
    auto talk = bed();
    talk.client("H!~*#!7!!Lab*1!!!!!HOST\rR!1!!!!!!!!!!!!INST-3\rL!1!N\r");
    const auto& told = talk.one<AstmTransmission>();
    EXPECT_EQ(told.framing, "none");
    EXPECT_EQ(told.control_id, "7");
    EXPECT_EQ(told.sender, "Lab*1");
    EXPECT_EQ(told.receiver, "HOST");
    EXPECT_THAT(told.instruments, ElementsAre("INST-3"));
}

TEST(Astm, TellsWhatDidNotEnd) {
    auto talk = bed();
    send(talk, enquiry, refuse);
    talk.end();
    EXPECT_EQ(talk.one<AstmTransmission>().outcome, "refused");
    auto cut = bed();
    cut.client(enquiry + header).end();
    EXPECT_EQ(cut.one<AstmTransmission>().outcome, "cut");
}

TEST(Astm, GoesOnAfterALossAndAfterGarbage) {
    auto talk = bed();
    talk.client(enquiry + header.substr(0, 20)).lose(Side::client, 100).client(result + terminator + finish);
    EXPECT_EQ(talk.one<AstmTransmission>().frames, 2u);
    EXPECT_TRUE(talk.one<AstmTransmission>().torn);
    EXPECT_EQ(talk.one<AstmTransmission>().outcome, "complete");
    // The header so far, and the first record after the loss.
    EXPECT_EQ(lost(talk), 20 + result.find('\r') - 2);
    auto answers = bed();
    answers.client(enquiry).lose(Side::server, 1);
    send(answers, header, refuse);
    EXPECT_EQ(answers.end().one<AstmTransmission>().refused_frames, 1u);
    talk.client("\xff\xfe").client(enquiry + header + finish);
    EXPECT_EQ(talk.out.violation, "byte that is neither control character, frame nor record");
    EXPECT_EQ(talk.all<AstmTransmission>().size(), 2u);
}

TEST(Astm, TheRestOfARecordIsNoRecord) {
    const std::vector<std::string> rests{tail, "H" + tail, "H|||" + tail, "L|" + tail,
                                         "R|1|2|3|4|5|6|7|8|9|10|11|12|" + tail};
    for (const auto& rest : rests) {
        auto framed = bed();
        framed.client(enquiry)
            .lose(Side::client, 90)
            .client(rest + "\x03" + "00\r\n" + terminator + finish)
            .end();
        EXPECT_EQ(framed.one<AstmTransmission>().frames, 1u) << rest;
        EXPECT_THAT(framed.one<AstmTransmission>().instruments, IsEmpty());
        EXPECT_EQ(framed.out.violation, "");
        expect_no_patient(framed);
        auto bare = bed();
        bare.client("H|\\^&|||Lab\r")
            .lose(Side::client, 90)
            .client(rest + "P|1\rH|\\^&|||Lab2\rL|1|N\r")
            .end();
        const auto told = bare.all<AstmTransmission>();
        ASSERT_EQ(told.size(), 2u) << rest;
        EXPECT_EQ(told[0]->outcome, "cut");
        EXPECT_TRUE(told[0]->torn);
        EXPECT_EQ(told[1]->sender, "Lab2");
        EXPECT_EQ(told[1]->outcome, "complete");
        expect_no_patient(bare);
        auto garbage = bed();
        garbage.client(enquiry + "\xff" + rest + header + terminator + finish).end();
        EXPECT_EQ(garbage.one<AstmTransmission>().sender, "WARD-LAB^1.4^AN31");
        expect_no_patient(garbage);
    }
}

TEST(Astm, AFrameThatGoesOnWithALostRecordIsNotReadAsOne) {
    auto talk = bed();
    talk.client(enquiry + header + frame("2P|1||PID7||", "\x17").substr(0, 9)).lose(Side::client, 30);
    talk.client(frame("3R|1|2|3|4|5|6|7|8|9|10|11|12|HADDAD", "\x17") +
                frame("4^NADIA|ROSE\rR|1||||||||||||INST-3\r") + finish);
    EXPECT_THAT(talk.one<AstmTransmission>().instruments, ElementsAre("INST-3"));
    expect_no_patient(talk);
}

TEST(Astm, AHeaderDeclaresItsDelimitersOrIsNone) {
    auto talk = bed();
    talk.client(enquiry + header + frame("2H" + tail) + terminator + finish);
    EXPECT_EQ(talk.one<AstmTransmission>().messages, 1u);
    EXPECT_EQ(talk.one<AstmTransmission>().termination, "N");
    expect_no_patient(talk);
}

// LIS1-A, 6.2.7: both ask at once, and the host gives in.
TEST(Astm, AnEnquiryThatGivesInIsNoTransmission) {
    auto talk = bed();
    talk.client(enquiry).server(enquiry).after(std::chrono::seconds{1}).client(enquiry).server(acknowledge);
    send(talk, header);
    send(talk, terminator);
    talk.after(std::chrono::milliseconds{2}).client(finish).end();
    EXPECT_EQ(talk.one<AstmTransmission>().from, Side::client);
    EXPECT_EQ(talk.one<AstmTransmission>().duration_us, 2000);
}

TEST(Astm, AnEotAloneCompletesNothing) {
    auto gave_up = bed();
    send(gave_up, enquiry);
    send(gave_up, header);
    for (int i = 0; i < 6; ++i) send(gave_up, patient, refuse);
    gave_up.client(finish);
    EXPECT_EQ(gave_up.one<AstmTransmission>().outcome, "cut");
    auto middle = bed();
    middle.client(enquiry + frame("1H|\\^&||", "\x17") + finish);
    EXPECT_EQ(middle.one<AstmTransmission>().outcome, "cut");
    auto torn = bed();
    torn.client(enquiry + header).lose(Side::client, 30).client(finish);
    EXPECT_EQ(torn.one<AstmTransmission>().outcome, "cut");
    EXPECT_TRUE(torn.one<AstmTransmission>().torn);
}

TEST(Astm, AFrameMayLackItsLineEnd) {
    auto talk = bed();
    const auto bare = [](const std::string& whole) { return whole.substr(0, whole.size() - 2); };
    talk.client(enquiry + bare(header) + bare(patient) + bare(terminator) + finish);
    EXPECT_EQ(talk.one<AstmTransmission>().frames, 3u);
    EXPECT_EQ(talk.one<AstmTransmission>().outcome, "complete");
}

TEST(Astm, EachMessageOfATransmissionExposesItsPatients) {
    auto talk = bed();
    talk.client(enquiry + header + patient + frame("3P|2||PID1\r") + frame("4H|\\^&\r") +
                frame("5P|1||PID2\r") + frame("6H|\\^&\r") + frame("7L|1|N\r") + finish);
    EXPECT_EQ(talk.one<AstmTransmission>().messages, 3u);
    EXPECT_EQ(talk.out.patient_messages, 2u);
    EXPECT_EQ(talk.out.patient_items, 4u);
}

TEST(Astm, ATransmissionKeepsOnlySoManyInstruments) {
    auto talk = bed();
    std::string records = "1H|\\^&\r";
    for (int i = 0; i < 40; ++i) records += "R|1||||||||||||INST" + std::to_string(i) + '\r';
    talk.client(enquiry + frame(records) + finish);
    EXPECT_EQ(talk.one<AstmTransmission>().instruments.size(), limits.instruments_max);
}

TEST(Astm, WhatWasBegunCountsAsLost) {
    auto talk = bed();
    talk.client(enquiry + frame("1H|\\^&||", "\x17") + header.substr(0, 20)).end();
    EXPECT_EQ(lost(talk), std::string_view{"H|\\^&||"}.size() + 20);
}

TEST(Astm, AFrameOrARecordThatNeverEndsTakesBoundedMemory) {
    auto talk = bed();
    talk.client(enquiry + "\x02" + "1H");
    for (int i = 0; i < 1000; ++i) talk.client(std::string(1000, 'x'));
    EXPECT_LT(talk.memory(), 160u << 10);
    auto record = bed();
    record.client(enquiry + "\x02" + "1H" + std::string(60000, 'x') + "\x17" + "00\r\n");
    for (const char number : {'1', '2', '3'}) record.client(frame(number + std::string(60000, 'x'), "\x17"));
    EXPECT_LT(record.memory(), 32u << 10);
    EXPECT_GT(record.out.uninspected[static_cast<std::size_t>(Uninspected::cap)], 170'000u);
}

TEST(Astm, IsRecognisedByItsContent) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(enquiry), Verdict::unsure);
    EXPECT_EQ(asked(enquiry + header), Verdict::yes);
    EXPECT_EQ(asked(header), Verdict::yes);
    EXPECT_EQ(asked("H|\\^&|||"), Verdict::yes);
    EXPECT_EQ(asked("H|\\^"), Verdict::unsure);
    EXPECT_EQ(asked("HTTP/1.1 200"), Verdict::no);
    EXPECT_EQ(asked("HELO x"), Verdict::no);
    // SOCKS 5 with one and with two methods.
    EXPECT_EQ(asked(hex("050100")), Verdict::no);
    EXPECT_EQ(asked(hex("05020002")), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::astm
