// SPDX-License-Identifier: Apache-2.0
#include "hl7/message.hpp"

#include <gmock/gmock.h>

#include <ostream>

namespace ward::hl7 {
namespace {

using testing::ElementsAre;

const std::string header = "MSH|^~\\&|LAB|UNIT07|WARD|CLIN|20260911||ORU^R01^ORU_R01|M1|P|2.5.1\r";

/// A message and the text that it borrows.
struct Sample {
    explicit Sample(std::string source) : text(std::move(source)), message(Message::parse(text)) {}
    std::string text;
    Read<Message> message;

    Segment first(std::string_view name) const { return message->first(name); }
};

std::vector<std::string> names(const Message& message) {
    std::vector<std::string> all;
    for (const auto segment : message) all.emplace_back(segment.name());
    return all;
}

TEST(Message, FieldsHaveTheNumbersOfTheStandard) {
    const Sample sample{header + "PID|1||4711^^^CLIN^MR||HADDAD^NADIA\r"};
    const auto msh = sample.message->header();
    EXPECT_EQ(msh[1].raw(), "|");
    EXPECT_EQ(msh[2].text(), "^~\\&");
    EXPECT_EQ(msh[3].text(), "LAB");
    EXPECT_EQ(msh[9][2].text(), "R01");
    EXPECT_EQ(msh[12].text(), "2.5.1");
    EXPECT_EQ(msh.field_count(), 12U);
    const auto pid = sample.first("PID");
    EXPECT_EQ(pid[0].text(), "PID");
    EXPECT_EQ(pid[3][1].text(), "4711");
    EXPECT_EQ(pid[3][4].text(), "CLIN");
    EXPECT_EQ(pid[5][2].text(), "NADIA");
    EXPECT_EQ(pid.field_count(), 5U);
}

TEST(Message, WhatIsNotThereIsEmpty) {
    const Sample sample{header + "PID|1\r"};
    EXPECT_TRUE(sample.first("PID")[7].empty());
    EXPECT_TRUE(sample.first("PID")[7][3][2].empty());
    EXPECT_TRUE(sample.first("PV1")[2].empty());
    EXPECT_FALSE(sample.first("PV1").exists());
    EXPECT_TRUE(sample.message->header()[99].empty());
}

TEST(Message, RepetitionsAndSubcomponentsAreKeptApart) {
    const Sample sample{header + "PID|1||1^^^A&1.2.3&ISO~2^^^B||\r"};
    std::vector<std::string> ids;
    for (const auto identifier : sample.first("PID")[3].repetitions())
        ids.push_back(identifier[1].text() + "@" + identifier[4][1].text());
    EXPECT_THAT(ids, ElementsAre("1@A", "2@B"));
    EXPECT_EQ(sample.first("PID")[3][4][2].text(), "1.2.3");
    EXPECT_EQ(sample.first("PID")[1][1][1][1].text(), "1");
    EXPECT_TRUE(sample.first("PID")[1][1][1][2].empty());
}

TEST(Message, TellsTwoQuotesFromNothing) {
    const Sample sample{header + "PID|1||\"\"|||\r"};
    EXPECT_TRUE(sample.first("PID")[3].is_null());
    EXPECT_EQ(sample.first("PID")[3].text(), "");
    EXPECT_FALSE(sample.first("PID")[4].is_null());
}

TEST(Message, WhoseFieldSeparatorStandsInTimesIsRefused) {
    for (const std::string_view text : {"MSH+^~\\&+A", "MSH-^~\\&-A", "MSH.^~\\&.A"})
        EXPECT_FALSE(Message::parse(text)) << text;
}

TEST(Message, WhoseFieldSeparatorDelimitsSomethingElseIsRefused) {
    for (const std::string_view text : {"MSH~^~A", "MSH&^~&A", "MSH\\^~\\A"}) {
        const auto parsed = Message::parse(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().field, 2U);
    }
    EXPECT_TRUE(Message::parse("MSH|^|A"));
    EXPECT_TRUE(Message::parse("MSH|^~\\\\|A")) << "escaped twice";
}

TEST(Message, DeclaresItsOwnDelimiters) {
    const Sample sample{"MSH#$*!%#LAB\rPID#1##4711$$$A%B*4712\r"};
    ASSERT_TRUE(sample.message);
    EXPECT_EQ(sample.first("PID")[3][4][2].text(), "B");
    const Sample brief{"MSH|^|LAB\rPID|1||4711^^^A&B\r"};
    EXPECT_EQ(brief.first("PID")[3][4][2].text(), "B");
}

TEST(Message, EscapesStandForWhatTheyName) {
    const Sample sample{header + R"(OBX|1|TX|||a\F\b\S\c\T\d\R\e\E\f\X4A4B\\H\g\N\\.br\h|)" + "\r"};
    EXPECT_EQ(sample.first("OBX")[5].text(), "a|b^c&d~e\\fJKg\nh");
}

TEST(Message, WhatIsNoEscapeStandsForItself) {
    const Sample sample{header + R"(OBX|1|TX|||C:\temp\F\x\|C:\new\Ta|\Xzz\|\)" + "\r"};
    EXPECT_EQ(sample.first("OBX")[5].text(), "C:\\temp|x\\");
    EXPECT_EQ(sample.first("OBX")[6].text(), "C:\\new\\Ta");
    EXPECT_EQ(sample.first("OBX")[7].text(), "\\Xzz\\");
    EXPECT_EQ(sample.first("OBX")[8].text(), "\\");
}

class LineEnds : public testing::TestWithParam<std::string> {};

TEST_P(LineEnds, AllOfThemEndASegment) {
    std::string text = header + "PID|1\rOBX|1\r";
    for (auto at = text.find('\r'); at != std::string::npos; at = text.find('\r', at + GetParam().size()))
        text.replace(at, 1, GetParam());
    const Sample sample{text};
    ASSERT_TRUE(sample.message);
    EXPECT_THAT(names(*sample.message), ElementsAre("MSH", "PID", "OBX"));
    EXPECT_EQ(sample.first("OBX")[1].text(), "1");
    EXPECT_EQ(sample.first("PID").raw(), "PID|1");
}

INSTANTIATE_TEST_SUITE_P(Message, LineEnds, testing::Values("\r", "\n", "\r\n", "\n\r", "\r\r\n"));

TEST(Message, TheLastSegmentMayLackItsEnd) {
    const Sample sample{header + "PID|1|x"};
    EXPECT_EQ(sample.first("PID")[2].text(), "x");
    EXPECT_THAT(names(*Sample{"MSH|^~\\&"}.message), ElementsAre("MSH"));
}

TEST(Message, ALineThatBeginsNoSegmentBelongsToTheOneBefore) {
    const Sample sample{header + "OBX|1|TX|||first line\rsecond line|F\rNTE|1\r"};
    EXPECT_THAT(names(*sample.message), ElementsAre("MSH", "OBX", "NTE"));
    EXPECT_EQ(sample.first("OBX")[5].text(), "first line\rsecond line");
    EXPECT_EQ(sample.first("OBX")[6].text(), "F");
}

TEST(Message, BeginsAfterAByteOrderMarkAndBlanks) {
    const Sample sample{"\xef\xbb\xbf\r\n " + header};
    ASSERT_TRUE(sample.message);
    EXPECT_EQ(sample.message->header()[3].text(), "LAB");
}

TEST(Message, CountsOccurrencesOfAName) {
    const Sample sample{header + "OBX|1\rNTE|1\rOBX|2\r"};
    EXPECT_EQ(sample.message->occurrence((*sample.message)[3]), 2U);
    EXPECT_EQ(sample.message->occurrence((*sample.message)[2]), 1U);
}

struct Wrong {
    std::string text;
    std::size_t field;
    ErrorCode code;
    friend void PrintTo(const Wrong& wrong, std::ostream* out) { *out << testing::PrintToString(wrong.text); }
};

class WrongHeader : public testing::TestWithParam<Wrong> {};

TEST_P(WrongHeader, IsRefusedWithItsField) {
    const auto message = Message::parse(GetParam().text);
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().segment, "MSH");
    EXPECT_EQ(message.error().field, GetParam().field);
    EXPECT_EQ(message.error().code, GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(Message, WrongHeader,
                         testing::Values(Wrong{"", 0, ErrorCode::segment_sequence},
                                         Wrong{"PID|1\r", 0, ErrorCode::segment_sequence},
                                         Wrong{"MSH", 1, ErrorCode::required_field_missing},
                                         Wrong{"MSHx^~\\&", 1, ErrorCode::required_field_missing},
                                         Wrong{"MSH||LAB", 2, ErrorCode::required_field_missing},
                                         Wrong{"MSH|abc|LAB", 2, ErrorCode::data_type},
                                         Wrong{"MSH|^~\\&#!|LAB", 2, ErrorCode::data_type}));

TEST(Message, HasAsManySegmentsAndBytesAsTheLimitsSay) {
    const auto text = header + "PID|1\rOBX|1\r";
    EXPECT_TRUE(Message::parse(text, {.segments_max = 3}));
    EXPECT_FALSE(Message::parse(text, {.segments_max = 2}));
    EXPECT_TRUE(Message::parse(text, {.bytes_max = text.size()}));
    EXPECT_FALSE(Message::parse(text, {.bytes_max = text.size() - 1}));
}

}   // namespace
}   // namespace ward::hl7
