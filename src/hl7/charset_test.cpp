// SPDX-License-Identifier: Apache-2.0
#include "hl7/charset.hpp"

#include <gtest/gtest.h>

namespace ward::hl7 {
namespace {

/// A message with a name in it, that says its character set.
std::string message(std::string_view charset, std::string_view name) {
    std::string text = "MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.5||||||";
    text.append(charset).append("\rPID|1||||").append(name).append("\r");
    return text;
}

std::string name_of(const Read<std::string>& text) {
    if (!text) return "refused";
    const auto begin = text->find("||||", text->find("PID")) + 4;
    return text->substr(begin, text->find('\r', begin) - begin);
}

std::string named(std::string_view charset, std::string_view name, std::string_view fallback = "8859/1") {
    return name_of(to_utf8(message(charset, name), fallback));
}

// The bytes are those of the Unicode Consortium's mapping tables (8859-1, 8859-6) and of the standards named.
TEST(Charset, EachIsReadAsTheTableNamesIt) {
    EXPECT_EQ(named("8859/1", "M\xfcller"), "M\xc3\xbcller");
    EXPECT_EQ(named("8859/6", "\xe5\xcd\xe5\xcf"), "\xd9\x85\xd8\xad\xd9\x85\xd8\xaf");   // محمد
    EXPECT_EQ(named("8859/15", "\xa4"), "\xe2\x82\xac");
    EXPECT_EQ(named("8859/5", "\xbc"), "\xd0\x9c");
    EXPECT_EQ(named("GB 18030-2000", "\xd6\xd0"), "\xe4\xb8\xad");
    EXPECT_EQ(named("UNICODE UTF-8", "M\xc3\xbcller"), "M\xc3\xbcller");
}

TEST(Charset, JapaneseIsSwitchedToWhereverItIsNamed) {
    const std::string yamada = "\xe5\xb1\xb1\xe7\x94\xb0";   // 山田
    for (const std::string_view set :
         {"ASCII~ISO IR87", "~ISO IR87", "ISO IR14~ISO IR87~ISO IR159", "ISO IR87"})
        EXPECT_EQ(named(set, "\x1b$B;3ED\x1b(B"), yamada) << set;
    EXPECT_EQ(named("", "\x1b$B;3ED\x1b(B", "ISO IR87"), yamada);
}

TEST(Charset, AnEscapeCharacterIsOneWhereNothingIsSwitched) {
    EXPECT_EQ(named("", "M\xc3\xbcller \x1b"), "M\xc3\xbcller \x1b");
    EXPECT_EQ(named("8859/1", "M\xfcller\x1b"), "M\xc3\xbcller\x1b");
}

TEST(Charset, ADeclaredSetOfSeveralBytesIsNotTakenForUtf8) {
    EXPECT_EQ(named("GB 18030-2000", "\xce\xb0"), "\xe4\xbc\x9f");   // 伟
    EXPECT_EQ(named("", "\xce\xb0", "GB 18030-2000"), "\xce\xb0");
    EXPECT_EQ(name_of(to_utf8("\xef\xbb\xbf" + message("GB 18030-2000", "\xce\xb0"), "8859/1")), "\xce\xb0");
}

TEST(Charset, BytesOfDelimitersWithinACharacterSplitNothing) {
    // In Big5 the second byte of a character may be that of '|' or '\'.
    EXPECT_EQ(named("BIG-5", "\xb3\x5c"), "\xe8\xa8\xb1");   // 許, whose second byte is a backslash
}

TEST(Charset, BytesInHexadecimalAreOfTheMessagesSet) {
    EXPECT_EQ(named("8859/1", "Ren\\XE9\\"), "Ren\\Xc3a9\\");
    EXPECT_EQ(named("", "Ren\\XE9\\ M\xfcller", "8859/1"), "Ren\\Xc3a9\\ M\xc3\xbcller");
    EXPECT_EQ(named("8859/6", "\\XE5CD\\"), "\\Xd985d8ad\\");
    EXPECT_EQ(named("UNICODE UTF-8", "Ren\\XC3A9\\ \\XE9\\"), "Ren\\XC3A9\\ \\XE9\\");
}

TEST(Charset, NamesAreWrittenInManyWays) {
    for (const std::string_view name : {"8859/6", "8859-6", "ISO 8859-6", "ISO8859/6", "ISO_8859-6:1987"})
        EXPECT_EQ(named(name, "\xe5"), "\xd9\x85") << name;
}

TEST(Charset, WhatIsUtf8AlreadyStaysSo) {
    EXPECT_EQ(named("8859/1", "M\xc3\xbcller"), "M\xc3\xbcller");
    EXPECT_EQ(named("", "M\xc3\xbcller"), "M\xc3\xbcller");
}

TEST(Charset, WhatNamesNoneIsInTheFallback) {
    EXPECT_EQ(named("", "M\xfcller", "8859/1"), "M\xc3\xbcller");
    EXPECT_EQ(named("", "\xe5", "8859/6"), "\xd9\x85");
    EXPECT_EQ(named("ASCII", "\xe5", "8859/6"), "\xd9\x85");
}

TEST(Charset, WhatIsUnknownOrOfAnotherSetIsAFaultOfItsField) {
    const auto unknown = to_utf8(message("KLINGON", "\xe5"), "8859/1");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().field, 18U);
    EXPECT_EQ(unknown.error().code, ErrorCode::table_value_not_found);
    const auto other = to_utf8(message("UNICODE UTF-8", "\xe5"), "8859/1");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().field, 18U);
    EXPECT_EQ(other.error().code, ErrorCode::data_type);
}

TEST(Charset, AHeaderThatEndsAtItsNameNamesNone) {
    for (const std::string header : {"MSH", "MSH\r", "MSH|\r", "MSH|^\r"})
        EXPECT_TRUE(to_utf8(header + "\xe5", "8859/1")) << header;
    EXPECT_FALSE(to_utf8("MSH\rPID|\xe5", {}));
}

TEST(Charset, TwoBytesACharacterAreKnownByTheirZeros) {
    std::string wide;
    for (const char c : message("UNICODE UTF-16", "NADIA")) wide.append({c, '\0'});
    EXPECT_EQ(name_of(to_utf8(wide, "8859/1")), "NADIA");
    EXPECT_EQ(name_of(to_utf8("\xff\xfe" + wide, "8859/1")), "NADIA");
}

TEST(Charset, AllOfTheTableCanBeLoaded) { EXPECT_TRUE(load_charsets()); }

}   // namespace
}   // namespace ward::hl7
