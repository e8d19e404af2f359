// SPDX-License-Identifier: Apache-2.0
#include "protocol/hl7/hl7.hpp"

#include "protocol/hl7/message_test.hpp"

namespace ward::protocol::hl7 {
namespace {

const std::string observation =
    "OBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1.7.3.2|104|bpm|||||R|||20260911||||"
    "EUI64^BED4SN0\r";
const std::string message = "\x0b" + header + patient + observation + "\x1c\r";
const std::string acknowledgement =
    "\x0bMSH|^~\\&|HIS|CLIN|BED4|UNIT07|2026||ACK^R01|A1|P|2.5.1\rMSA|AA|M1\r\x1c\r";

const std::string without_frame = header + patient + observation;

std::string with_lines(const std::string& text, const std::string& end) {
    std::string changed;
    for (const char c : text) changed += c == '\r' ? end : std::string(1, c);
    return changed;
}
/// An answer to M1 of that type, with that MSA-1 and what follows.
std::string answer(const std::string& type, const std::string& code, const std::string& rest = {}) {
    return frame("MSH|^~\\&|HIS|CLIN|BED4|UNIT07|2026||" + type + "|A1|P|2.5.1\rMSA|" + code + "|M1\r" +
                 rest);
}
std::uint64_t lost(const Bed& talk) {
    return talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)];
}

TEST(Hl7, JoinsAMessageAndItsAcknowledgement) {
    auto talk = bed();
    talk.client(message).after(std::chrono::milliseconds{3}).server(acknowledgement);
    const auto& told = talk.one<Hl7Message>();
    EXPECT_EQ(told.type, "ORU^R01^ORU_R01");
    EXPECT_EQ(told.control_id, "M1");
    EXPECT_EQ(told.sending_application, "BED4");
    EXPECT_EQ(told.sending_facility, "UNIT07");
    EXPECT_EQ(told.receiving_application, "HIS");
    EXPECT_EQ(told.receiving_facility, "CLIN");
    EXPECT_EQ(told.version, "2.5.1");
    EXPECT_EQ(told.segments, 3u);
    ASSERT_TRUE(told.acknowledgement);
    EXPECT_EQ(told.acknowledgement->code, "AA");
    EXPECT_EQ(told.acknowledgement->latency_us, 3000);
    EXPECT_THAT(told.framing, IsEmpty());
}

TEST(Hl7, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session, {{Side::client, message + message}, {Side::server, acknowledgement + acknowledgement}});
    // Without VT, without FS, VT twice, LF and CR LF for CR; garbage with a header in it is none.
    expect_any_split_gives_the_same_events(
        open_session, {{Side::client, without_frame + "\x1c\rxMSH|^~\\&|\rM\rMS" + message},
                       {Side::client, "\x0b" + message + "\x0b" + with_lines(message, "\n")},
                       {Side::client, "\x0b" + header + with_lines(patient, "\r\n") + "OBX|1|TX|a\nb\r"},
                       {Side::server, acknowledgement + "\x0b\x06\x1c\r"}});
}

TEST(Hl7, ToleratesADoubledVtAMissingFsAndLfForCr) {
    auto talk = bed();
    talk.client("\x0b" + message + "\x0b" + header + patient + with_lines(message, "\n")).end();
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
    EXPECT_EQ(lost(talk), 59u);
}

TEST(Hl7, ALineThatOnlyBeginsLikeAHeaderIsNone) {
    auto talk = bed();
    const std::string report =
        "OBX|1|TX|1||Report\nMSH6: MSH6 expression lost in Haddad, Nadia; MLH1 intact\rERR of Haddad\r";
    talk.client(frame(header + report) + "MSH6: lost in Haddad\r" + "MSH-6-\r").end();
    EXPECT_EQ(talk.one<Hl7Message>().sending_application, "BED4");
    EXPECT_THAT(talk.json(), Not(HasSubstr("Haddad")));
    EXPECT_EQ(talk.out.violation, "bytes between frames");
}

TEST(Hl7, ALineFeedInATextIsNoEndOfALine) {
    auto talk = bed();
    talk.client(frame(header + "OBX|1|TX|a\nb\r")).end();
    EXPECT_THAT(talk.one<Hl7Message>().framing, ElementsAre("LF for CR"));
}

TEST(Hl7, AHeaderWithoutVtMayComeInPieces) {
    for (std::size_t cut = 1; cut < 10; ++cut) {
        auto talk = bed();
        talk.client(without_frame.substr(0, cut)).client(without_frame.substr(cut) + "\x1c\r").end();
        EXPECT_THAT(talk.one<Hl7Message>().framing, ElementsAre("missing VT")) << "cut at " << cut;
        EXPECT_EQ(talk.out.violation, "");
    }
}

TEST(Hl7, AMessageWithoutFsIsWholeWhenTheConnectionEnds) {
    auto talk = bed();
    talk.client("\x0b" + header + patient).end();
    EXPECT_THAT(talk.one<Hl7Message>().framing, ElementsAre("missing FS"));
    EXPECT_EQ(talk.one<Hl7Message>().segments, 2u);
    auto torn = bed();
    torn.client("\x0b" + header + patient.substr(0, 20)).end();
    EXPECT_THAT(torn.all<Hl7Message>(), IsEmpty());
    EXPECT_EQ(lost(torn), header.size() + 20);
}

TEST(Hl7, AnAnswerEndsTheMessageThatItNames) {
    auto talk = bed();
    talk.client("\x0b" + header + patient).after(std::chrono::milliseconds{3}).server(acknowledgement);
    EXPECT_THAT(talk.one<Hl7Message>().framing, ElementsAre("missing FS"));
    ASSERT_TRUE(talk.one<Hl7Message>().acknowledgement);
    EXPECT_EQ(talk.one<Hl7Message>().acknowledgement->latency_us, 3000);
}

TEST(Hl7, AnErrorIsToldByItsCodeAlone) {
    const auto code_of = [](const std::string& segment) {
        auto talk = bed();
        talk.client(message).server(answer("ACK", "AE", segment));
        return talk.one<Hl7Message>().acknowledgement.value_or(event::Hl7Acknowledgement{});
    };
    EXPECT_EQ(code_of("ERR||PID^1^3|204^Unknown key^HL70357|E||||Haddad\r").error_code, "204");
    EXPECT_EQ(code_of("ERR|PID^1^5^101&Required&HL70357\r").error_code, "101");
    EXPECT_EQ(code_of("ERR|Patient HADDAD not found\r").error_code, "");
    EXPECT_EQ(code_of("ERR|||Patient HADDAD not found\r").error_code, "");
    EXPECT_EQ(code_of("ERR|||HADDAD\r").error_code, "");
    EXPECT_EQ(code_of("ERR|||19590307\r").error_code, "");
    EXPECT_EQ(code_of("").code, "AE");
    auto talk = bed();
    talk.client(message).server(answer("ACK", "HADDAD"));
    EXPECT_EQ(talk.one<Hl7Message>().acknowledgement->code, "");
}

TEST(Hl7, AnAnswerWithContentOfItsOwnIsToldBesideTheRequest) {
    auto talk = bed();
    talk.client(message).server(answer("RSP^K22", "AR", patient));
    const auto told = talk.all<Hl7Message>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0]->acknowledgement->code, "AR");
    EXPECT_EQ(told[1]->type, "RSP^K22");
    EXPECT_EQ(told[1]->acknowledged_id, "M1");
    EXPECT_FALSE(told[1]->acknowledgement);
    EXPECT_EQ(talk.out.patient_messages, 2u);
}

TEST(Hl7, AnAnswerToNothingThatWasSeenIsToldAlone) {
    auto talk = bed();
    talk.server(acknowledgement);
    EXPECT_EQ(talk.one<Hl7Message>().acknowledged_id, "M1");
    EXPECT_EQ(talk.one<Hl7Message>().acknowledgement->code, "AA");
}

// HL7 v2.9, 2.9.3: enhanced mode.
TEST(Hl7, ACommitIsNotTheLastWordWhereTheApplicationsIsAskedFor) {
    const auto asks = frame("MSH|^~\\&|BED4|UNIT07|HIS|CLIN|2026||ORU^R01|M1|P|2.5.1|||AL|AL\r");
    auto talk = bed();
    talk.client(asks).after(std::chrono::milliseconds{1}).server(answer("ACK", "CA"));
    EXPECT_THAT(talk.all<Hl7Message>(), IsEmpty());
    talk.after(std::chrono::milliseconds{1}).server(answer("ACK", "AE"));
    EXPECT_EQ(talk.one<Hl7Message>().commit->code, "CA");
    EXPECT_EQ(talk.one<Hl7Message>().commit->latency_us, 1000);
    EXPECT_EQ(talk.one<Hl7Message>().acknowledgement->code, "AE");
    EXPECT_EQ(talk.one<Hl7Message>().acknowledgement->latency_us, 2000);
    auto refused = bed();
    refused.client(asks).server(answer("ACK", "CR"));
    EXPECT_EQ(refused.one<Hl7Message>().commit->code, "CR");
    auto plain = bed();
    plain.client(message).server(answer("ACK", "CA"));
    EXPECT_EQ(plain.one<Hl7Message>().commit->code, "CA");
}

TEST(Hl7, WithErAMessageWaitsForAnErrorToTheEnd) {
    for (const std::string condition : {"ER", "SU", "AL"}) {
        auto asks = message;
        asks.replace(asks.find("|P|2.5.1"), 8, "|P|2.5.1|||AL|" + condition);
        auto talk = bed();
        talk.client(asks).server(answer("ACK", "CA")).server(answer("ACK", "AE"));
        EXPECT_EQ(talk.one<Hl7Message>().commit->code, "CA") << condition;
        EXPECT_EQ(talk.one<Hl7Message>().acknowledgement->code, "AE") << condition;
        auto silent = bed();
        silent.client(asks).server(answer("ACK", "CA"));
        EXPECT_THAT(silent.all<Hl7Message>(), IsEmpty()) << condition;
        EXPECT_EQ(silent.end().one<Hl7Message>().commit->code, "CA") << condition;
    }
}

// HL7 v2.9, 2.9.3.
TEST(Hl7, AnAnswerIsCommittedItself) {
    const auto answered = [](const std::string& type) {
        auto talk = bed();
        talk.client(message)
            .server(
                frame("MSH|^~\\&|HIS|CLIN|BED4|UNIT07|2026||" + type + "|A1|P|2.5.1|||AL|NE\rMSA|AA|M1\r"))
            .client(frame(header.substr(0, header.find("ORU")) + "ACK|C1|P|2.5.1\rMSA|CA|A1\r"));
        return talk.end().json();
    };
    const auto event = answered("RSP^K22^RSP_K21");
    EXPECT_EQ(std::ranges::count(event, '\n'), 2) << event;
    EXPECT_THAT(event, HasSubstr(R"("commit":{"code":"CA")"));
    EXPECT_THAT(event, HasSubstr(R"("accept_acknowledgement":"AL")"));
    const auto plain = answered("ACK^R01");
    EXPECT_EQ(std::ranges::count(plain, '\n'), 1) << plain;
}

// MLLP release 2, 3.1.
TEST(Hl7, AFrameWithOneByteCommitsTheOldestMessage) {
    auto talk = bed();
    talk.client(message).server("\x0b\x06\x1c\r").server(acknowledgement).client("\x0b\x06\x1c\r");
    EXPECT_EQ(talk.one<Hl7Message>().commit->code, "ACK");
    EXPECT_EQ(talk.one<Hl7Message>().acknowledgement->code, "AA");
    EXPECT_EQ(talk.out.violation, "");
    auto refused = bed();
    refused.client(message).server("\x0b\x15\x1c\r");
    EXPECT_EQ(refused.one<Hl7Message>().commit->code, "NAK");
}

TEST(Hl7, AnAcknowledgementMayNameItsMessageInOnly20Characters) {
    const std::string id = "20260911101500.00001-abc";
    const auto asking = [](const std::string& control_id) {
        auto text = message;
        return text.replace(text.find("|M1|"), 4, '|' + control_id + '|');
    };
    const auto naming = [](const std::string& control_id) {
        auto text = acknowledgement;
        return text.replace(text.find("|M1\r"), 4, '|' + control_id + '\r');
    };
    for (const auto& named : {id, id + ' ', id.substr(0, 20)}) {
        auto talk = bed();
        talk.client(asking(id)).server(naming(named));
        EXPECT_TRUE(talk.one<Hl7Message>().acknowledgement) << named;
    }
    auto either = bed();
    either.client(asking(id)).client(asking(id + 'd')).server(naming(id.substr(0, 20))).end();
    EXPECT_EQ(either.all<Hl7Message>().size(), 3u);
}

TEST(Hl7, AMessageThatIsSentAgainIsToldTwiceAndAnsweredOnce) {
    auto talk = bed();
    talk.client(message).client(message).server(acknowledgement);
    const auto told = talk.all<Hl7Message>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_FALSE(told[0]->acknowledgement);
    EXPECT_TRUE(told[1]->acknowledgement);
}

TEST(Hl7, SeveralMessagesMayShareAFrame) {
    auto talk = bed();
    talk.client(frame("FHS|^~\\&|BED4\r" + without_frame + header + observation)).end();
    const auto told = talk.all<Hl7Message>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_THAT(told[0]->patient_fields, Not(IsEmpty()));
    EXPECT_THAT(told[1]->patient_fields, IsEmpty());
}

// HL7 v2.9, 2.10.3.
TEST(Hl7, ABatchConsistsOfItsMessages) {
    const std::string batch =
        "FHS|^~\\&|BED4\rBHS|^~\\&|BED4\r" + without_frame + header + observation + "BTS|2\rFTS|1\r";
    for (const auto& sent : {frame(batch), batch}) {
        auto talk = bed();
        talk.client(sent).end();
        const auto told = talk.all<Hl7Message>();
        ASSERT_EQ(told.size(), 2u);
        EXPECT_EQ(told[0]->segments, 3u);
        EXPECT_EQ(told[0]->size, without_frame.size());
        EXPECT_EQ(told[1]->segments, 2u);
        EXPECT_EQ(told[1]->size, header.size() + observation.size());
        EXPECT_EQ(talk.out.violation, "");
    }
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
    auto next = message;
    for (int i = 10'000; i < 20'000; ++i) {
        next.replace(next.find("R01|") + 4, next.find("|P|") - next.find("R01|") - 4, std::to_string(i));
        talk.client(next);
    }
    EXPECT_EQ(talk.all<Hl7Message>().size(), 10'000u - 64);
    EXPECT_LT(talk.memory(), 200u << 10);
    EXPECT_EQ(talk.end().all<Hl7Message>().size(), 10'000u);
}

TEST(Hl7, MemoryCountsTheDevicesOfWhatWaits) {
    auto talk = bed();
    std::string many = header;
    for (char c = 'a'; c < 'q'; ++c) many += "OBX|1|NM|1||1||||||F|||||||" + std::string(100, c) + '\r';
    talk.client(frame(many));
    EXPECT_GT(talk.memory(), 16 * (sizeof(event::Hl7Device) + 100));
    const auto one = talk.memory();
    for (int i = 0; i < 9; ++i) {
        auto other = many;
        other.replace(other.find("|M1|"), 4, "|N" + std::to_string(i) + "|");
        talk.client(frame(other));
    }
    EXPECT_GT(talk.memory(), 9 * (one - bed().memory()));
    talk.end();
    EXPECT_LT(talk.memory(), one);
}

TEST(Hl7, IsRecognisedByItsContent) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(message), Verdict::yes);
    EXPECT_EQ(asked("\x0b"), Verdict::unsure);
    EXPECT_EQ(asked("\x0bMSH|^~"), Verdict::unsure);
    EXPECT_EQ(asked("MSH$%~\\&$A$B$"), Verdict::yes);
    EXPECT_EQ(asked("\vFHS|^~\\&|BED4|"), Verdict::yes);
    EXPECT_EQ(asked("BHS|^~\\&|BED4|"), Verdict::yes);
    EXPECT_EQ(asked("BH"), Verdict::unsure);
    EXPECT_EQ(asked("BTS|2\r"), Verdict::no);
    EXPECT_EQ(asked("1|2|3\rOBX|4\r\x1c\r" + message), Verdict::yes);
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::hl7
