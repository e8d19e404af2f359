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

// One transmission as it crossed the wire, with its checksums; the patient is invented.
const std::string header =
    "\x02"
    "1H|\\^&|||ANALYZER-X^2.1^SN77||||||||LIS2-A2|20260821\r\x03"
    "4B\r\n";
const std::string patient =
    "\x02"
    "2P|1||PID0||TEST^P0\r\x03"
    "5A\r\n";
const std::string result =
    "\x02"
    "3R|1|^^^GLU|66|mg/dL||N||F\r\x03"
    "5B\r\n";
const std::string terminator =
    "\x02"
    "4L|1|N\r\x03"
    "07\r\n";
const std::string enquiry = "\x05";
const std::string acknowledge = "\x06";
const std::string refuse = "\x15";
const std::string finish = "\x04";

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
    EXPECT_EQ(told.sender, "ANALYZER-X^2.1^SN77");
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
    EXPECT_THAT(talk.json(), Not(HasSubstr("PID0")));
    EXPECT_THAT(talk.json(), Not(HasSubstr("TEST")));
}

TEST(Astm, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session, {{Side::client, enquiry + header + patient + result + terminator + finish},
                       {Side::server, "\x06\x06\x06"},
                       {Side::client, "H|\\^&\rP|1\rL|1\r"}});
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
    talk.client("\xff\xfe").client(enquiry + header + finish);
    EXPECT_EQ(talk.out.violation, "byte that is neither control character, frame nor record");
    EXPECT_EQ(talk.all<AstmTransmission>().size(), 2u);
}

TEST(Astm, AFrameOrARecordThatNeverEndsTakesBoundedMemory) {
    auto talk = bed();
    talk.client(enquiry + "\x02" + "1H");
    for (int i = 0; i < 1000; ++i) talk.client(std::string(1000, 'x'));
    EXPECT_LT(talk.memory(), 160u << 10);
    auto record = bed();
    record.client(enquiry + "\x02" + "1H" + std::string(60000, 'x') + "\x17" + "00\r\n");
    for (const char number : {'1', '2', '3'}) {
        std::string frame = number + std::string(60000, 'x') + "\x17";
        unsigned sum = 0;
        for (const char c : frame) sum += static_cast<unsigned char>(c);
        const std::byte low{static_cast<unsigned char>(sum)};
        record.client("\x02" + frame + to_hex(Bytes{&low, 1}) + "\r\n");
    }
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
