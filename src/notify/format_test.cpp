// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <gmock/gmock.h>
#include <random>

#include "core/utf8.hpp"
#include "json/document.hpp"
#include "notify/escape.hpp"
#include "notify/format.hpp"

namespace ward::notify {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr Time at{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + std::chrono::minutes{620}};

Notice notice() {
    return {.id = "00112233445566778899aabbccddeeff",
            .thread = "t",
            .what = What::opened,
            .in_case = 12,
            .level = 2,
            .risk = 71,
            .sentence = "A machine calls a site, over and over.",
            .kinds = {"beacon", "exfiltration"},
            .machines = {"10.1.2.3", "203.0.113.9"},
            .at = at,
            .harmless_if = "If somebody installed it."};
}
Message message(std::vector<Notice> notices, std::vector<std::string> parents = {}) {
    return {notices.front().id, std::move(parents), at, notices};
}
const Envelope envelope{"ward@hospital.example", {"soc@hospital.example"}};

/// Letters that are special somewhere, and others, in any order.
std::string any_text(std::mt19937& random) {
    constexpr const char* pieces[]{"a",  " ",  "\"", "\\", "]",  "|",      "=",          "\n",
                                   "\r", "\t", "\0", "é",  "😀", "\u2028", "=?UTF-8?B?", "."};
    std::uniform_int_distribution<std::size_t> piece{0, std::size(pieces) - 1}, size{0, 200};
    std::string text;
    for (auto left = size(random); left > 0; --left) text += pieces[piece(random)];
    return text;
}

std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) out += text[i] == '\\' ? text[++i] : text[i];
    return out;
}

/// Whether `c` stands in `text` with no backslash that is its own.
bool is_bare(std::string_view text, char c) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == c) return true;
        if (text[i] == '\\') ++i;
    }
    return false;
}

TEST(Escaping, EndsNothingEarlyAndCanBeReadBack) {
    std::mt19937 random{1};
    for (int i = 0; i < 2'000; ++i) {
        const auto text = any_text(random);
        const auto line = one_line(text);
        EXPECT_TRUE(is_printable(line)) << line;
        EXPECT_EQ(unescaped(as_parameter(text)), line);
        EXPECT_FALSE(is_bare(as_parameter(text), '"') || is_bare(as_parameter(text), ']'));
        EXPECT_EQ(unescaped(as_cef_field(text)), line);
        EXPECT_FALSE(is_bare(as_cef_field(text), '|'));
        EXPECT_EQ(unescaped(as_cef_value(text)), line);
        EXPECT_FALSE(is_bare(as_cef_value(text), '='));
    }
}

/// RFC 2047: words of at most 75 characters, each whole UTF-8.
std::string decoded(std::string_view header) {
    constexpr std::string_view begin = "=?UTF-8?B?", end = "?=";
    if (!header.starts_with(begin)) return std::string{header};
    std::string out;
    while (!header.empty()) {
        EXPECT_TRUE(header.starts_with(begin));
        const auto size = header.find(end, begin.size()) + end.size();
        EXPECT_LE(size, 75U);
        const auto bytes = from_base64(header.substr(begin.size(), size - begin.size() - end.size())).value();
        EXPECT_TRUE(is_utf8(as_text(bytes)));
        out += as_text(bytes);
        header.remove_prefix(std::min(header.size(), size + 3));   // CR, LF, space
    }
    return out;
}

TEST(Escaping, AHeaderOfAMailIsReadAsItWasMeantAndBreaksNoLine) {
    std::mt19937 random{2};
    for (int i = 0; i < 2'000; ++i) {
        const auto text = any_text(random);
        const auto header = as_header(text, 7);
        EXPECT_EQ(decoded(header), one_line(text));
        for (std::size_t end = header.find('\n'); end != std::string::npos; end = header.find('\n', end + 1))
            EXPECT_EQ(header.substr(end - 1, 3), "\r\n ");
    }
}

std::string quoted_printable_read(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto c = text.front();
        text.remove_prefix(1);
        if (c == '\r') continue;
        if (c != '=') {
            out += c;
        } else {
            if (!text.starts_with("\r\n")) out += as_text(from_hex(text.substr(0, 2)).value());
            text.remove_prefix(2);
        }
    }
    return out;
}

// from_hex reads capitals too.
TEST(Escaping, QuotedPrintableHasShortLinesOfAsciiAndLosesNothing) {
    std::mt19937 random{3};
    for (int i = 0; i < 2'000; ++i) {
        auto text = any_text(random);
        std::erase(text, '\r');
        auto quoted = as_quoted_printable(text);
        EXPECT_EQ(quoted_printable_read(quoted), text);
        std::size_t column = 0;
        for (const char c : quoted) {
            column = c == '\n' ? 0 : column + 1;
            EXPECT_LE(column, 77U);   // with CR
            EXPECT_TRUE(c == '\r' || c == '\n' || (c >= ' ' && c <= '~'));
        }
    }
}

TEST(Escaping, ABeginningCutsNoCharacter) {
    EXPECT_EQ(beginning("aé", 2), "a");
    EXPECT_EQ(beginning("aé", 3), "aé");
}

TEST(Webhook, TellsAllOfANoticeInJson) {
    auto page = notice();
    page.what = What::paging;
    page.indicator = "c2.example";
    page.sites = {"north", "süd"};
    const auto document = json::Document::parse(to_webhook(message({notice(), page})));
    ASSERT_TRUE(document);
    EXPECT_EQ((*document)["message"].text(), notice().id);
    EXPECT_EQ((*document)["notices"].size(), 2U);
    const auto first = *(*document)["notices"].items().begin();
    EXPECT_EQ(first["what"].text(), "new");
    EXPECT_EQ(first["case"].raw(), "12");
    EXPECT_EQ(first["risk"].raw(), "71");
    EXPECT_EQ(first["pages"].boolean(), false);
    EXPECT_EQ(first["at"].text(), "2026-03-02T10:20:00.000Z");
    EXPECT_EQ(first["machines"].raw(), R"(["10.1.2.3","203.0.113.9"])");
    EXPECT_FALSE(first["sites"].exists());
    auto next = (*document)["notices"].items().begin();
    const auto second = *++next;
    EXPECT_EQ(second["indicator"].text(), "c2.example");
    EXPECT_EQ(second["pages"].boolean(), true);
}

TEST(Mail, HasASubjectThatSaysWhichCaseAndNothingOfWhatHappened) {
    const auto mail = to_mail(message({notice()}), envelope);
    EXPECT_THAT(mail,
                StartsWith("Date: Mon, 2 Mar 2026 10:20:00 +0000\r\nFrom: Ward <ward@hospital.example>\r\n"
                           "To: soc@hospital.example\r\n"
                           "Subject: [Ward] Case 12 is new: beacon, exfiltration, risk 71 %\r\n"
                           "Message-ID: <00112233445566778899aabbccddeeff@hospital.example>\r\n"));
    const auto head = mail.substr(0, mail.find("\r\n\r\n"));
    EXPECT_THAT(head, Not(HasSubstr("10.1.2.3")));
    EXPECT_THAT(head, Not(HasSubstr("over and over")));
    EXPECT_THAT(head, Not(HasSubstr("In-Reply-To")));
    EXPECT_THAT(mail,
                HasSubstr("\r\n\r\nCase 12 is new\r\nRisk 71 %, level 2, 2026-03-02T10:20:00.000Z\r\n"));
}

TEST(Mail, AnswersTheFirstOneOfItsCase) {
    const auto mail = to_mail(message({notice()}, {"aa", "bb"}), envelope);
    EXPECT_THAT(mail, HasSubstr("In-Reply-To: <aa@hospital.example>\r\n <bb@hospital.example>\r\n"
                                "References: <aa@hospital.example>\r\n <bb@hospital.example>\r\n"));
}

TEST(Mail, OfSeveralNoticesNamesTheirCases) {
    auto other = notice();
    other.in_case = 14;
    other.risk = 90;
    EXPECT_THAT(to_mail(message({notice(), other, notice()}), envelope),
                HasSubstr("Subject: [Ward] 3 notices, risk up to 90 %: case 12, 14\r\n"));
}

TEST(Mail, OfAPageIsMarked) {
    auto page = notice();
    page.level = 3;
    page.what = What::escalated;
    const auto mail = to_mail(message({page}), envelope);
    EXPECT_THAT(mail, HasSubstr("Subject: [Ward] Page: Nobody answered case 12"));
    EXPECT_THAT(mail, HasSubstr("Importance: high\r\n"));
}

TEST(Mail, NoKindOrSentenceAddsAHeader) {
    auto forged = notice();
    forged.kinds = {"x\r\nBcc: all@elsewhere.example"};
    forged.sentence = "a\r\n.\r\nQUIT";
    const auto mail = to_mail(message({forged}), envelope);
    EXPECT_THAT(mail, Not(HasSubstr("\nBcc:")));
    EXPECT_THAT(mail, Not(HasSubstr("\r\n.\r\n")));
}

TEST(Syslog, IsAsRfc5424HasIt) {
    auto told = notice();
    told.sentence = R"(He said "no" [1].)";
    told.harmless_if = R"(If "[x]" \ is.)";
    EXPECT_EQ(to_syslog(told, "ward.example"),
              "<83>1 2026-03-02T10:20:00.000Z ward.example ward-notify - new [ward@32473 "
              "id=\"00112233445566778899aabbccddeeff\" case=\"12\" level=\"2\" risk=\"71\" "
              "kinds=\"beacon exfiltration\" machines=\"10.1.2.3 203.0.113.9\" "
              "harmless_if=\"If \\\"[x\\]\\\" \\\\ is.\"] \xef\xbb\xbf"
              "Case 12 is new: He said \"no\" [1].");
}

TEST(Cef, HasSevenFieldsAndAnExtension) {
    auto told = notice();
    told.sentence = "a=b|c\nd\\e";
    EXPECT_EQ(to_cef(told, "ward.example"),
              "<83>Mar  2 10:20:00 ward.example CEF:0|Ward|Ward|1|new|Case 12 is new|7|"
              "cs1Label=kinds cs1=beacon exfiltration cs2Label=machines cs2=10.1.2.3 203.0.113.9 "
              "cs5Label=harmlessIf cs5=If somebody installed it. "
              "externalId=00112233445566778899aabbccddeeff rt=1772446800000 src=10.1.2.3 "
              "cn1Label=case cn1=12 cn2Label=risk cn2=71 cn3Label=level cn3=2 msg=a\\=b|c d\\\\e");
}

TEST(Syslog, AMessageFitsWhatEveryReceiverTakes) {
    auto told = notice();
    for (auto* text : {&told.sentence, &told.harmless_if, &told.indicator}) *text = std::string(5'000, '"');
    told.machines.assign(32, std::string(100, ']'));
    told.sites.assign(32, std::string(100, '='));
    told.kinds.assign(32, std::string(100, '\\'));
    EXPECT_LE(to_syslog(told, "h").size(), 4'096U);
    EXPECT_LE(to_cef(told, "h").size(), 4'096U);
    for (auto* text : {&told.sentence, &told.harmless_if, &told.indicator}) *text = std::string(5'000, 'a');
    told.machines = {"10.1.2.3"};
    told.sites = {};
    told.kinds = {"beacon"};
    EXPECT_LE(to_syslog(told, "h").size(), 2'048U);
    EXPECT_LE(to_cef(told, "h").size(), 2'048U);
}

TEST(Notice, IdsDependOnEachPart) {
    EXPECT_EQ(make_id({"a", "b"}), make_id({"a", "b"}));
    EXPECT_NE(make_id({"a", "b"}), make_id({"ab", ""}));
    EXPECT_EQ(make_id({"a"}).size(), 32U);
}

}   // namespace
}   // namespace ward::notify
