// SPDX-License-Identifier: Apache-2.0
#include "hl7/acknowledgement.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ward::hl7 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Time now{std::chrono::milliseconds{1'789'027'200'000}};   // 2026-09-10T08:00:00Z

struct HeaderFields {
    std::string type = "ADT^A01^ADT_A01";
    std::string version = "2.5.1";
    std::string accept{};
    std::string application{};
};

std::string message(const HeaderFields& wish) {
    return fmt::format("MSH|^~\\&|ADT|UNIT07|WARD|CLIN|20260910||{}|M1|P|{}|||{}|{}\rPID|1\r", wish.type,
                       wish.version, wish.accept, wish.application);
}

const Fault fault{ErrorCode::required_field_missing, "PID", 2, 3, "no identifier"};

/// The MSA and ERR segments of the answers.
std::vector<std::string> answered(const HeaderFields& wish, const Outcome& outcome = {}) {
    auto all = answers(message(wish), outcome, "W1", now);
    for (auto& answer : all) answer.erase(0, answer.find('\r') + 1);
    return all;
}

TEST(Acknowledgement, InOriginalModeGoesBackToTheSender) {
    EXPECT_THAT(answers(message({}), {}, "W1", now),
                ElementsAre("MSH|^~\\&|WARD|CLIN|ADT|UNIT07|20260910080000+0000||ACK^A01^ACK|W1|P|2.5.1\r"
                            "MSA|AA|M1\r"));
}

TEST(Acknowledgement, SaysItsCharacterSetWhereItIsMoreThanAscii) {
    const std::string header = "MSH|^~\\&|ADT|M\xc3\xbcnchen|WARD|CLIN|2026||ADT^A01|M1|P|2.5||||||8859/1\r";
    EXPECT_THAT(answers(header, {}, "W1", now),
                ElementsAre("MSH|^~\\&|WARD|CLIN|ADT|M\xc3\xbcnchen|20260910080000+0000||ACK^A01^ACK|W1|P|2.5"
                            "||||||UNICODE UTF-8\rMSA|AA|M1\r"));
}

TEST(Acknowledgement, NamesThePlaceAtFault) {
    EXPECT_THAT(
        answered({}, {.fault = &fault}),
        ElementsAre("MSA|AE|M1\rERR||PID^2^3|101^Required field missing^HL70357|E||||no identifier\r"));
    EXPECT_THAT(answered({}, {.fault = &fault, .is_refused = true}),
                ElementsAre(testing::StartsWith("MSA|AR|M1\r")));
}

TEST(Acknowledgement, IsOfTheSendersVersion) {
    EXPECT_THAT(answered({.version = "2.3"}, {.fault = &fault}),
                ElementsAre("MSA|AE|M1\rERR|PID^2^3^101&Required field missing&HL70357\r"));
    EXPECT_THAT(answers(message({.version = "2.3"}), {}, "W1", now).front(),
                testing::HasSubstr("||ACK^A01|W1"));
    EXPECT_THAT(answers(message({.version = "2.2"}), {}, "W1", now).front(), testing::HasSubstr("||ACK|W1"));
}

TEST(Acknowledgement, InEnhancedModeIsWhatTheSenderWants) {
    EXPECT_THAT(answered({.accept = "AL", .application = "NE"}), ElementsAre("MSA|CA|M1\r"));
    EXPECT_THAT(answered({.accept = "NE", .application = "AL"}), ElementsAre("MSA|AA|M1\r"));
    EXPECT_THAT(answered({.accept = "AL", .application = "AL"}), ElementsAre("MSA|CA|M1\r", "MSA|AA|M1\r"));
    EXPECT_THAT(answered({.accept = "NE", .application = "NE"}), IsEmpty());
    EXPECT_THAT(answered({.accept = "ER", .application = "SU"}), ElementsAre("MSA|AA|M1\r"));
    EXPECT_THAT(answered({.accept = "SU"}), ElementsAre("MSA|CA|M1\r"));
}

TEST(Acknowledgement, InEnhancedModeAnErrorIsToldOnce) {
    const Outcome failed{.fault = &fault};
    EXPECT_THAT(answered({.accept = "AL", .application = "AL"}, failed),
                ElementsAre(testing::StartsWith("MSA|CE|M1\rERR|")));
    EXPECT_THAT(answered({.accept = "NE", .application = "ER"}, failed),
                ElementsAre(testing::StartsWith("MSA|AE|")));
    EXPECT_THAT(answered({.accept = "SU", .application = "SU"}, failed), IsEmpty());
    EXPECT_THAT(answered({.accept = "ER"}, {.fault = &fault, .is_refused = true}),
                ElementsAre(testing::StartsWith("MSA|CR|")));
}

TEST(Acknowledgement, WhatIsNoValueOfTheTableAsksForNothingSpecial) {
    EXPECT_THAT(answered({.accept = "ACCEPT", .application = "please"}), ElementsAre("MSA|AA|M1\r"));
}

TEST(Acknowledgement, IsNeverAcknowledged) {
    EXPECT_THAT(answered({.type = "ACK^A01^ACK"}), IsEmpty());
    EXPECT_THAT(answered({.type = "ACK"}), IsEmpty());
}

TEST(Acknowledgement, SpeaksWithTheDelimitersOfTheSender) {
    EXPECT_THAT(
        answers("MSH#$*!%#LAB%1#X###2026##ORU$R01#7#P#2.5\r", {.fault = &fault}, "W1", now),
        ElementsAre("MSH#$*!%###LAB%1#X#20260910080000+0000##ACK$R01$ACK#W1#P#2.5\r"
                    "MSA#AE#7\rERR##PID$2$3#101$Required field missing$HL70357#E####no identifier\r"));
}

TEST(Acknowledgement, WhatIsNoMessageIsRefusedAllTheSame) {
    const Fault no_header{ErrorCode::segment_sequence, "MSH", 1, 0, "the message does not begin with MSH"};
    EXPECT_THAT(
        answers("HELO", {.fault = &no_header, .is_refused = true}, "W1", now),
        ElementsAre("MSH|^~\\&|||||20260910080000+0000||ACK^^ACK|W1|P|2.5\rMSA|AR|\r"
                    "ERR||MSH^1|100^Segment sequence error^HL70357|E||||the message does not begin with "
                    "MSH\r"));
}

Read<> checked(const std::string& text) { return check_header(*Message::parse(text)); }

TEST(Header, SaysWhatTheMessageIs) {
    EXPECT_TRUE(checked(message({})));
    EXPECT_TRUE(checked(message({.version = ""})));
    EXPECT_EQ(checked(message({.type = ""})).error().field, 9U);
    EXPECT_EQ(checked(message({.version = "3.0"})).error().code, ErrorCode::unsupported_version_id);
    EXPECT_EQ(checked("MSH|^~\\&|A||||||ADT^A01||P|2.5\r").error().field, 10U);
}

}   // namespace
}   // namespace ward::hl7
