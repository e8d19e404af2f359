// SPDX-License-Identifier: Apache-2.0
#include "hl7/mllp.hpp"

#include <gmock/gmock.h>

namespace ward::hl7 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string one = "MSH|^~\\&|A|||||1\rPID|1\r";
const std::string two = "MSH|^~\\&|A|||||2\rPID|1\r";

constexpr std::size_t bytes_max = 1'000;

std::vector<std::string> texts(const std::vector<Frame>& frames) {
    std::vector<std::string> all;
    for (const auto& frame : frames) all.push_back(frame.text);
    return all;
}

std::vector<std::string> fed(const std::string& bytes) {
    Frames frames{bytes_max};
    std::vector<Frame> complete;
    frames.feed(bytes, complete);
    return texts(complete);
}

struct Stream {
    std::string name;
    std::string bytes;
    friend void PrintTo(const Stream& stream, std::ostream* out) { *out << stream.name; }
};

/// Streams of two messages, as senders write them.
class TwoMessages : public testing::TestWithParam<Stream> {};

TEST_P(TwoMessages, AreFoundHoweverTheBytesArrive) {
    const auto& bytes = GetParam().bytes;
    EXPECT_THAT(fed(bytes), ElementsAre(one, two));
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        Frames frames{bytes_max};
        std::vector<Frame> complete;
        frames.feed(bytes.substr(0, cut), complete);
        frames.feed(bytes.substr(cut), complete);
        ASSERT_THAT(texts(complete), ElementsAre(one, two)) << "cut at " << cut;
    }
    Frames frames{bytes_max};
    std::vector<Frame> complete;
    for (const char c : bytes) frames.feed(std::string_view{&c, 1}, complete);
    EXPECT_THAT(texts(complete), ElementsAre(one, two));
}

INSTANTIATE_TEST_SUITE_P(
    Frames, TwoMessages,
    testing::Values(Stream{"AsTheStandardSays", "\x0b" + one + "\x1c\r\x0b" + two + "\x1c\r"},
                    Stream{"WithoutTheLastReturn", "\x0b" + one + "\x1c\x0b" + two + "\x1c"},
                    Stream{"WithLineFeedBehindFS", "\x0b" + one + "\x1c\n\x0b" + two + "\x1c\r\n"},
                    Stream{"WithDoubledDelimiters",
                           "\x0b\x0b" + one + "\x1c\x1c\r\r\x0b\x0b" + two + "\x1c\x1c\r"},
                    Stream{"WithoutVT", one + "\x1c\r" + two + "\x1c\r"},
                    Stream{"WithoutTheFirstFS", "\x0b" + one + "\x0b" + two + "\x1c\r"},
                    Stream{"WithGarbageBetween", "\x0b" + one + "\x1c\rkeep-alive\r\n\x0b" + two + "\x1c\r"}),
    [](const auto& test) { return test.param.name; });

TEST(Frames, AByteOrderMarkBelongsToTheMessage) {
    EXPECT_THAT(fed("\xef\xbb\xbf" + one + "\x1c\r"), ElementsAre("\xef\xbb\xbf" + one));
    EXPECT_THAT(fed("\x0b\xef\xbb\xbf" + one + "\x1c\r"), ElementsAre("\xef\xbb\xbf" + one));
}

TEST(Frames, WhatIsNoMessageIsCountedAndLeftOut) {
    Frames frames{bytes_max};
    std::vector<Frame> complete;
    frames.feed("GET / HTTP/1.1\r\nHost: x\r\n\r\n", complete);
    EXPECT_THAT(complete, IsEmpty());
    EXPECT_FALSE(frames.is_inside());
    EXPECT_EQ(frames.garbage_bytes(), 21U);
}

TEST(Frames, ALongMessageIsCutAtTheLimit) {
    Frames frames{20};
    std::vector<Frame> complete;
    frames.feed("\x0b" + one + "\x1c\r\x0bMSH|^~\\&\r\x1c\r", complete);
    ASSERT_EQ(complete.size(), 2U);
    EXPECT_TRUE(complete[0].is_cut);
    EXPECT_EQ(complete[0].text, one.substr(0, 20));
    EXPECT_FALSE(complete[1].is_cut);
}

TEST(Frames, WithoutFSAMessageThatEndsWithASegmentMayBeWhole) {
    Frames frames{bytes_max};
    std::vector<Frame> complete;
    frames.feed("\x0b" + one, complete);
    EXPECT_THAT(complete, IsEmpty());
    EXPECT_TRUE(frames.is_inside());
    const auto whole = frames.take_unended();
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->text, one);
    EXPECT_FALSE(frames.is_inside());
    frames.feed("\x0bMSH|^~\\&|A|B", complete);
    EXPECT_FALSE(frames.take_unended());
}

TEST(Frames, WhatFollowsAMessageTakenUnendedMakesItWhole) {
    Frames frames{bytes_max};
    std::vector<Frame> complete;
    frames.feed("\x0bMSH|^~\\&|A|||||1\rOBX|1\r", complete);
    ASSERT_TRUE(frames.take_unended());
    frames.feed("O", complete);
    frames.feed("BX|2\r", complete);
    EXPECT_TRUE(frames.is_inside());
    ASSERT_TRUE(frames.take_unended());
    frames.feed("OBX|3\r\x1c\r", complete);
    EXPECT_THAT(texts(complete), ElementsAre("MSH|^~\\&|A|||||1\rOBX|1\rOBX|2\rOBX|3\r"));
    EXPECT_EQ(frames.garbage_bytes(), 0U);
}

/// What shows that a message taken without its end was whole.
class AfterAWholeMessage : public testing::TestWithParam<Stream> {};

TEST_P(AfterAWholeMessage, TheNextOneIsItsOwn) {
    Frames frames{bytes_max};
    std::vector<Frame> complete;
    frames.feed("\x0b" + one, complete);
    ASSERT_TRUE(frames.take_unended());
    frames.feed(GetParam().bytes, complete);
    EXPECT_THAT(texts(complete), ElementsAre(two));
}

INSTANTIATE_TEST_SUITE_P(Frames, AfterAWholeMessage,
                         testing::Values(Stream{"ALateFS", "\x1c\rx\r" + two + "\x1c\r"},
                                         Stream{"AVT", "\r\n\x0b" + two + "\x1c\r"},
                                         Stream{"AHeader", two + "\x1c\r"}),
                         [](const auto& test) { return test.param.name; });

TEST(MessagesIn, AFileHoldsAsManyAsItHasHeaders) {
    const std::string file = "FHS|^~\\&|A\rBHS|^~\\&|A\r" + one + two + "BTS|2\rFTS|1\r";
    EXPECT_THAT(messages_in(file), ElementsAre(one, two));
    const std::string batches = "BHS|^~\\&\r" + one + "BTS|1\rBHS|^~\\&\r" + two + "BTS|1\r";
    EXPECT_THAT(messages_in(batches), ElementsAre(one, two));
}

TEST(MessagesIn, TheFirstOneMayFollowAMarkAndBlanks) {
    EXPECT_THAT(messages_in("\xef\xbb\xbf" + one + two), ElementsAre("\xef\xbb\xbf" + one, two));
    EXPECT_THAT(messages_in(" \n" + one + two), ElementsAre(" \n" + one, two));
    EXPECT_THAT(messages_in("\xef\xbb\xbf" + ("FHS|^~\\&\r" + one)), ElementsAre(one));
}

TEST(MessagesIn, WhatNobodyCanReadBeforeAHeaderIsOneOfItsOwn) {
    EXPECT_THAT(messages_in("MSH\rPID|1\r" + one), ElementsAre("MSH\rPID|1\r", one));
    EXPECT_THAT(messages_in("PID|1\r" + one), ElementsAre("PID|1\r", one));
}

TEST(MessagesIn, PastTheLimitTheyAreOne) {
    std::string many;
    for (std::size_t i = 0; i < messages_max + 2; ++i) many += one;
    const auto messages = messages_in(many);
    ASSERT_EQ(messages.size(), messages_max + 1);
    EXPECT_EQ(messages.back(), one + one);
}

TEST(MessagesIn, AMessageAloneIsItself) {
    EXPECT_THAT(messages_in(one), ElementsAre(one));
    EXPECT_THAT(messages_in("nothing of HL7"), ElementsAre("nothing of HL7"));
    const std::string mentions = "MSH|^~\\&|A\rNTE|1||of MSH|\rMSHx is no header\rOBX|1\r";
    EXPECT_THAT(messages_in(mentions), ElementsAre(mentions));
}

}   // namespace
}   // namespace ward::hl7
