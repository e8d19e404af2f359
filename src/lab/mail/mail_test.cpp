// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <gmock/gmock.h>
#include <map>
#include <set>

#include "core/bytes.hpp"
#include "core/text.hpp"
#include "lab/care/care.hpp"
#include "lab/mail/attachments.hpp"
#include "lab/mail/correspondence.hpp"
#include "lab/mail/message.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr Moment noon{sys_days{2026y / 3 / 2} + 12h};

Letter small_letter() {
    Letter letter;
    letter.id = "1@a.example";
    letter.from = {"Ada Blake", "ada@a.example"};
    letter.to = {{"Ben, from the ward", "ben@b.example"}};
    letter.subject = "Hello";
    letter.text = "From here\nto there\n";
    letter.relay = "ws1.a.example";
    letter.relay_address = "10.0.0.1";
    return letter;
}

TEST(Message, ALineThatLooksLikeTheNextOneIsQuoted) {
    const auto entry = mbox_entry(small_letter(), noon, "a.example");
    EXPECT_THAT(entry, StartsWith("From ada@a.example Mon Mar 02 12:00:00 2026\n"));
    EXPECT_THAT(entry, HasSubstr("\n>From here\nto there\n"));
    EXPECT_THAT(entry, EndsWith("\n\n"));
}

TEST(Message, NamesWithACommaStandInQuotes) {
    EXPECT_THAT(message_text(small_letter(), noon, "a.example"),
                HasSubstr("To: \"Ben, from the ward\" <ben@b.example>\n"));
}

TEST(Message, EncodedWordsHoldWholeCharactersAndAreShort) {
    // RFC 2047, section 2: an encoded word has 75 characters at most; section 5: it holds whole characters.
    std::string name;
    for (int i = 0; i < 30; ++i) name += "ليلى ";
    auto encoded = encoded_words(name);
    std::string decoded;
    for (std::string_view left{encoded}; !left.empty();) {
        auto word = trimmed(take_until(left, '\n'));
        EXPECT_LE(word.size(), 75U);
        EXPECT_THAT(std::string{word}, StartsWith("=?utf-8?B?"));
        const auto bytes = from_base64(word.substr(10, word.size() - 12)).value();
        EXPECT_NE(std::to_integer<unsigned>(bytes.front()) & 0xc0U, 0x80U) << "begins within a character";
        decoded += as_text(bytes);
    }
    EXPECT_EQ(decoded, name);
    EXPECT_EQ(encoded_words("Ada"), "Ada");
}

TEST(Message, QuotedPrintableIsAsInTheStandard) {
    EXPECT_EQ(quoted_printable("a=b \nc\xc3\xa9\n"), "a=3Db=20\nc=C3=A9\n");
    const auto text = quoted_printable(std::string(300, 'x'));
    for (std::string_view left{text}; !left.empty();) EXPECT_LE(take_until(left, '\n').size(), 76U);
}

TEST(Message, WhatCameFromOutsideSaysWhatWasFoundOfIt) {
    auto letter = small_letter();
    letter.checks = Checks{Verdict::softfail, Verdict::none, Verdict::fail};
    const auto text = message_text(letter, noon, "h.example");
    EXPECT_THAT(text,
                HasSubstr("Authentication-Results: mx.h.example;\n\tspf=softfail smtp.mailfrom=a.example;\n"
                          "\tdkim=none;\n\tdmarc=fail header.from=a.example\n"));
    EXPECT_EQ(message_text(small_letter(), noon, "h.example").find("Authentication"), std::string::npos);
}

TEST(Wording, PicksOneOfTheChoicesAndFillsTheSlots) {
    Random random{7};
    std::set<std::string> all;
    for (int i = 0; i < 60; ++i) all.insert(worded("{a|b|} <name>", random, {{"name", "x"}}));
    EXPECT_EQ(all, (std::set<std::string>{"a x", "b x", " x"}));
}

TEST(Firms, HaveADomainEachAndLookAlikesHaveAnother) {
    std::set<std::string> domains;
    Random random{7};
    for (const auto& firm : make_firms(Random{7}, 90)) {
        EXPECT_TRUE(domains.insert(firm.domain).second);
        const auto alike = look_alike_of(firm.domain, random);
        EXPECT_NE(alike, firm.domain);
        EXPECT_THAT(alike, EndsWith(".example"));
    }
}

TEST(Attachments, APictureIsAPng) {
    Random random{7};
    const auto image = code_image("code.png", random);
    EXPECT_THAT(image.content, StartsWith("\x89PNG\r\n\x1a\n"));
    // The last chunk of every PNG, with its check sum (PNG, 5.6).
    EXPECT_THAT(image.content, EndsWith(std::string("\0\0\0\0IEND\xae\x42\x60\x82", 12)));
}

struct Sent {
    MailSent what;
    std::optional<StaffId> by;
    Moment at;
};

class OrdinaryMail : public ::testing::Test {
protected:
    OrdinaryMail() : story_{Size::small, 7, 2026y / 3 / 2} {
        struct Letters final : Witness {
            explicit Letters(std::vector<Sent>& all) : all_(all) {}
            void see(const Act& act, const Story&) override {
                if (const auto* sent = std::get_if<MailSent>(&act.what))
                    all_.push_back({*sent, act.by, act.at});
            }
            std::vector<Sent>& all_;
        } letters{sent_};
        story_.add_witness(letters);
        const auto end = story_.begin() + days{1};
        Care care{story_, end};
        Post post{story_};
        Correspondence correspondence{story_, post, end};
        care.begin();
        correspondence.begin();
        story_.agenda().run_until(end);
    }
    Story story_;
    std::vector<Sent> sent_;
};

TEST_F(OrdinaryMail, AnswersAreToLettersThatWereSent) {
    std::set<std::string> known;
    int answers = 0;
    for (const auto& one : sent_) {
        for (const auto& id : one.what.letter.references) EXPECT_TRUE(known.contains(id));
        answers += one.what.letter.references.empty() ? 0 : 1;
        EXPECT_TRUE(known.insert(one.what.letter.id).second);
    }
    EXPECT_GT(sent_.size(), 250U);
    EXPECT_GT(answers, 30);
}

TEST_F(OrdinaryMail, TheStaffWriteWhileTheyAreAtWorkForTheMostPart) {
    const auto by_staff = std::ranges::count_if(sent_, [](const Sent& one) { return one.by.has_value(); });
    const auto off_duty = std::ranges::count_if(
        sent_, [&](const Sent& one) { return one.by && !story_.roster().is_on_duty(*one.by, one.at); });
    EXPECT_LT(off_duty, by_staff / 5);
}

TEST_F(OrdinaryMail, AllDomainsAreExamplesAndOnlyThoseOutsideAreChecked) {
    for (const auto& one : sent_) {
        EXPECT_THAT(one.what.letter.from.address, EndsWith(".example"));
        const bool is_ours = one.what.letter.from.address.ends_with("@ashmere.example");
        EXPECT_EQ(is_ours, !one.what.letter.checks.has_value());
        EXPECT_FALSE(one.what.letter.to.empty());
    }
}

}   // namespace
}   // namespace ward::lab
