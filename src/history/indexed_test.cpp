// SPDX-License-Identifier: Apache-2.0
#include "history/indexed.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <iterator>

namespace ward::history {
namespace {

using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

std::vector<Key> keys_of_event(std::string_view text) {
    std::vector<Key> keys;
    append_keys(json::Document::parse(std::string{text})->root(), keys);
    return keys;
}

TEST(Indexed, AKeyIsTheHashThatTheDocumentDescribes) {
    // FNV-1a of 64 bits over "proto", a zero byte and "tcp", halves XORed, by another program.
    EXPECT_THAT(*keys_of("proto", "TCP"), ::testing::Contains(0xbeec3a48U));
}

TEST(Indexed, WhatIsLookedUpIsWhatAnEventHas) {
    const auto keys = keys_of_event(R"({"src_ip":"2001:DB8::7","dest_port":443,)"
                                    R"("dns":{"rrname":"A.b.Example","answers":[{"rdata":"10.1.2.3"}]}})");
    EXPECT_THAT(keys, IsSupersetOf(*keys_of("src_ip", "2001:db8:0::7")));
    EXPECT_THAT(keys, ::testing::Contains((*keys_of("dest_port", "443.0"))[1]));
    EXPECT_THAT(keys, IsSupersetOf(*keys_of("dns.rrname", "a.B.example")));
    EXPECT_THAT(keys, IsSupersetOf(*keys_below("dns.rrname", "example")));
    EXPECT_THAT(keys, IsSupersetOf(*keys_below("dns.rrname", "b.EXAMPLE")));
    EXPECT_THAT(keys, IsSupersetOf(*keys_of("dns.answers.rdata", *parse_prefix("10.1.0.0/20"))));
    EXPECT_FALSE(keys_of("dns.answers.rdata", *parse_prefix("10.0.0.0/8"))) << "too many to be a key";
    EXPECT_FALSE(keys_of("dns.rcode", "NOERROR"));
}

TEST(Indexed, TheDocumentListsEachField) {
    std::ifstream file{WARD_SOURCE_DIR "/docs/formats/event-query.md"};
    const std::string document{std::istreambuf_iterator{file}, {}};
    for (const auto& field : indexed_fields())
        EXPECT_THAT(document, HasSubstr("`" + std::string{field.path} + "`"));
    for (const auto& several : several_fields()) {
        EXPECT_THAT(document, HasSubstr("| `" + std::string{several.name} + "` |"));
        for (const auto path : several.paths) EXPECT_TRUE(keys_of(path, "x")) << path;
    }
}

TEST(Scalar, NumbersThatAreTheSameAreSpelledTheSame) {
    EXPECT_EQ(canonical_number("443"), "443");
    EXPECT_EQ(canonical_number("4.43e2"), "443");
    EXPECT_EQ(canonical_number("-0"), "0");
    EXPECT_EQ(canonical_number("0.50"), "0.5");
    EXPECT_EQ(canonical_number("9007199254740993"), "9007199254740993");
    EXPECT_FALSE(canonical_number("10.0.0.1"));
    EXPECT_FALSE(canonical_number(""));
}

}   // namespace
}   // namespace ward::history
