// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "json/document.hpp"
#include "json/writer.hpp"

namespace ward::json {
namespace {

Document parsed(std::string text) {
    auto document = Document::parse(std::move(text));
    EXPECT_TRUE(document) << document.error().what;
    return *std::move(document);
}

Errc refusal(std::string text, Limits limits = {}) {
    const auto document = Document::parse(std::move(text), limits);
    return document ? Errc::not_found : document.error().code;
}

std::string compact(const Document& document) {
    std::string out;
    append_value(out, document.root());
    return out;
}

TEST(Document, ReadsEveryKindOfValue) {
    const auto document = parsed(R"( {"a": [1, -2.50, "x"], "b": true, "c": null, "d": {}} )");
    const auto root = document.root();
    ASSERT_EQ(root.size(), 4u);
    EXPECT_EQ(root["a"].size(), 3u);
    EXPECT_EQ((*++root["a"].items().begin()).number(), -2.5);
    EXPECT_EQ(root["b"].boolean(), true);
    EXPECT_TRUE(root["c"].exists());
    EXPECT_EQ(root["c"].kind(), Kind::null);
    EXPECT_TRUE(root["d"].is_object());
    EXPECT_FALSE(root["e"].exists());
    EXPECT_FALSE(root["e"]["f"].exists());
}

TEST(Document, KeepsTheSpellingOfNumbersAndStrings) {
    const auto document = parsed("{ \"n\" : 1.00 , \"big\": 1E+2, \"s\" : \"Z\\u00fc\\/\" }");
    EXPECT_EQ(compact(document), R"({"n":1.00,"big":1E+2,"s":"Z\u00fc\/"})");
    EXPECT_EQ(document["s"].text(), "Zü/");
}

TEST(Document, MovesWithoutMovingItsValues) {
    auto document = parsed(R"(["short"])");
    const auto value = *document.root().items().begin();
    const auto moved = std::move(document);
    EXPECT_EQ(value.text(), "short");
}

TEST(Document, UnescapesNamesAndValues) {
    const auto document = parsed(R"({"a\nb":"\"\\\/\b\f\n\r\t\u0041\uD83D\uDE00"})");
    EXPECT_EQ(document["a\nb"].text(), "\"\\/\b\f\n\r\tA\xF0\x9F\x98\x80");
}

TEST(Document, TakesAnyValueAtTheTop) {
    EXPECT_EQ(parsed("3").root().number(), 3.0);
    EXPECT_EQ(parsed(" \"x\" ").root().text(), "x");
    EXPECT_EQ(parsed("null").root().kind(), Kind::null);
}

TEST(Document, RefusesWhatRfc8259Refuses) {
    for (const auto* text : {"",
                             " ",
                             "{",
                             "[",
                             "}",
                             "]",
                             "{]",
                             "[}",
                             "[1,]",
                             "[,1]",
                             "[1 2]",
                             "[1,,2]",
                             "{,}",
                             "{\"a\"}",
                             "{\"a\":}",
                             "{\"a\":1,}",
                             "{1:2}",
                             "{a:1}",
                             "{\"a\" 1}",
                             "[1]x",
                             "[1] [2]",
                             "1 2",
                             "\"a\"b",
                             "\"a\" \"b\"",
                             "[\"a\"b]",
                             "tru",
                             "True",
                             "nullx",
                             "NaN",
                             "Infinity",
                             "-",
                             "+1",
                             "01",
                             "-01",
                             "1.",
                             ".5",
                             "1e",
                             "1e+",
                             "0x10",
                             "1.5.2",
                             "'a'",
                             "\"\\x\"",
                             "\"\\u12\"",
                             "\"\\u00G0\"",
                             "\"",
                             "\"a",
                             "[\"a\\\"]",
                             "/*c*/1",
                             "{\"a\":1 \"b\":2}",
                             "[1}",
                             "{\"a\":[}",
                             "\xEF\xBB\xBF{}",
                             ":",
                             ",",
                             "[:]",
                             "\\"})
        EXPECT_EQ(refusal(text), Errc::malformed) << text;
}

TEST(Document, RefusesControlCharactersInStrings) {
    EXPECT_EQ(refusal("\"a\nb\""), Errc::malformed);
    EXPECT_EQ(refusal(std::string{"\"a\0b\"", 5}), Errc::malformed);
    EXPECT_EQ(refusal(std::string{"[1]\0", 4}), Errc::malformed);
}

TEST(Document, RefusesInvalidUtf8AndSaysWhere) {
    EXPECT_EQ(refusal("\"\xFF\""), Errc::malformed);
    EXPECT_EQ(refusal("\"\xC0\x80\""), Errc::malformed);           // overlong
    EXPECT_EQ(refusal("\"\xED\xA0\x80\""), Errc::malformed);       // a surrogate
    EXPECT_EQ(refusal("\"\xF4\x90\x80\x80\""), Errc::malformed);   // past U+10FFFF
    const auto document = Document::parse("[\"aéb\", \"c\xE9!\"]");
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().what, "JSON: invalid UTF-8 at byte 11");
}

TEST(Document, RefusesHalfSurrogatePairs) {
    for (const auto* text :
         {R"("\ud83d")", R"("\ud83dx")", R"("\ud83d\n")", R"("\ud83d\ud83d")", R"("\ude00")"})
        EXPECT_EQ(refusal(text), Errc::malformed) << text;
}

TEST(Document, RefusesTheSameNameTwice) {
    EXPECT_EQ(refusal(R"({"a":1,"b":2,"a":3})"), Errc::malformed);
    EXPECT_EQ(refusal(R"({"a":1,"\u0061":2})"), Errc::malformed);
    EXPECT_EQ(refusal(R"([{"x":{"":1,"":2}}])"), Errc::malformed);
    parsed(R"([{"a":1},{"a":1}])");
}

TEST(Document, RefusesTheSameNameTwiceInALargeObject) {
    std::string members;
    for (int i = 0; i < 1000; ++i) members += "\"k" + std::to_string(i) + "\":0,";
    parsed("{" + members + "\"last\":1}");
    EXPECT_EQ(refusal("{" + members + "\"k500\":1}"), Errc::malformed);
}

TEST(Document, RefusesNumbersPastTheRangeOfADouble) {
    EXPECT_EQ(refusal("1e999"), Errc::malformed);
    EXPECT_EQ(refusal("[-1e309]"), Errc::malformed);
    EXPECT_EQ(refusal("1" + std::string(400, '0')), Errc::malformed);
    EXPECT_EQ(parsed("1e308").root().number(), 1e308);
    EXPECT_EQ(parsed("0." + std::string(400, '1')).root().raw().size(), 402u);
}

TEST(Document, RefusesTenThousandLevelsWithoutRecursing) {
    EXPECT_EQ(refusal(std::string(10'000, '[') + std::string(10'000, ']')), Errc::limit_exceeded);
    EXPECT_EQ(refusal(std::string(64, '[') + std::string(64, ']')), Errc::not_found);
    EXPECT_EQ(refusal(std::string(65, '[') + std::string(65, ']')), Errc::limit_exceeded);
}

TEST(Document, RefusesWhatExceedsItsLimits) {
    EXPECT_EQ(refusal("[1,2,3]", {.bytes_max = 6}), Errc::limit_exceeded);
    EXPECT_EQ(refusal("[1,2,3]", {.nodes_max = 3}), Errc::limit_exceeded);
    EXPECT_EQ(refusal("[1,2,3]", {.bytes_max = 7, .nodes_max = 4}), Errc::not_found);
}

// What a patient is called must not reach a log through an error.
TEST(Document, ErrorsSayWhereAndNeverWhat) {
    for (const auto* text :
         {R"({"name":Secret})", R"({"Secret":1,"Secret":2})", R"(["Secret"Secret])", R"("Secret\q")"}) {
        const auto document = Document::parse(text);
        ASSERT_FALSE(document);
        EXPECT_EQ(document.error().what.find("Secret"), std::string::npos) << document.error().what;
        EXPECT_NE(document.error().what.find("at byte"), std::string::npos) << document.error().what;
    }
}

TEST(Document, EveryPrefixIsRefused) {
    const std::string text = R"({"a":[1.5,"x\u00e9",{"b":true}],"c":null})";
    parsed(text);
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_EQ(refusal(text.substr(0, size)), Errc::malformed) << size;
}

TEST(Document, KnowsWhichPartsAreCompact) {
    const auto document = parsed(R"({"a":{"b":[1,2]}, "c":[ ]})");
    EXPECT_FALSE(document.root().is_compact());
    EXPECT_TRUE(document["a"].is_compact());
    EXPECT_FALSE(document["c"].is_compact());
    EXPECT_EQ(compact(document), R"({"a":{"b":[1,2]},"c":[]})");
}

TEST(Equal, IgnoresTheOrderOfMembersAndNothingElse) {
    const auto a = parsed(R"({"a":1.0,"b":["\u0041",{}]})");
    EXPECT_TRUE(equal(a.root(), parsed(R"({ "b": ["A", {}], "a": 1.0 })").root()));
    EXPECT_FALSE(equal(a.root(), parsed(R"({"b":["A",{}],"a":1.00})").root()));
    EXPECT_FALSE(equal(a.root(), parsed(R"({"b":[{},"A"],"a":1.0})").root()));
    EXPECT_FALSE(equal(a.root(), parsed(R"({"b":["A",{}],"c":1.0})").root()));
}

TEST(Writer, KnowsTextThatStandsInAStringAsItIs) {
    EXPECT_TRUE(is_plain(""));
    EXPECT_TRUE(is_plain("ORU^R01 ~ 0123456789"));
    // At each place of a word and behind it.
    for (std::size_t at = 0; at < 12; ++at)
        for (const char c : {'"', '\\', '\x1f', '\n', '\0', '\x80', '\xff'}) {
            std::string text(12, 'a');
            text[at] = c;
            EXPECT_FALSE(is_plain(text)) << at;
        }
}

TEST(Writer, PutsCommasAndEscapes) {
    const auto inner = parsed(R"({ "x" : 1.10 })");
    std::string out;
    Writer writer{out};
    writer.begin_object()
        .member("a\"b", "line\nbreak\x01 é \\")
        .key("n")
        .number(-5)
        .key("list")
        .begin_array();
    writer.boolean(true).null().value(inner.root()).begin_object().end_object().end_array();
    writer.member_unless_empty("none", "").key("raw").raw("[0]").end_object();
    EXPECT_EQ(out,
              "{\"a\\\"b\":\"line\\nbreak\\u0001 é \\\\\",\"n\":-5,"
              "\"list\":[true,null,{\"x\":1.10},{}],\"raw\":[0]}");
    parsed(out);
}

}   // namespace
}   // namespace ward::json
