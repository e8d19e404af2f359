// SPDX-License-Identifier: Apache-2.0
#include "ledger/note.hpp"

#include <gtest/gtest.h>

#include "ledger/checkpoint.hpp"

namespace ward::ledger {
namespace {

// The example of C2SP signed-note.
constexpr std::string_view example_key =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr std::string_view example_note =
    "This is an example message.\n"
    "\n"
    "\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

std::string with(std::string_view text, std::string_view from, std::string_view to) {
    std::string changed{text};
    return changed.replace(changed.find(from), from.size(), to);
}

Errc parse_error(std::string_view note) {
    const auto parsed = parse_note(note);
    EXPECT_FALSE(parsed) << note;
    return parsed ? Errc::unavailable : parsed.error().code;
}

TEST(Note, TheExampleOfTheSpecificationVerifies) {
    const auto key = parse_verifier_key(example_key);
    ASSERT_TRUE(key);
    EXPECT_EQ(format_verifier_key(*key), example_key);
    const auto note = parse_note(example_note);
    ASSERT_TRUE(note);
    EXPECT_EQ(note->text, "This is an example message.\n");
    EXPECT_TRUE(verify_note(*note, *key));
    EXPECT_EQ(format_note(*note), example_note);
}

TEST(Note, AChangedTextOrSignatureIsDenied) {
    const auto key = parse_verifier_key(example_key).value();
    EXPECT_EQ(verify_note(parse_note(with(example_note, "message", "massage")).value(), key).error().code,
              Errc::denied);
    EXPECT_EQ(verify_note(parse_note(with(example_note, "Okn8", "Okn9")).value(), key).error().code,
              Errc::denied);
    EXPECT_EQ(verify_note(parse_note(with(example_note, "foo Uw2Q", "bar Uw2Q")).value(), key).error().code,
              Errc::denied);
}

TEST(Note, SignaturesOfOthersAreIgnoredWrongOnesAreNot) {
    const auto key = parse_verifier_key(example_key).value();
    auto note = parse_note(example_note).value();
    note.signatures.insert(note.signatures.begin(), {"other.example", 7, Buffer(100)});
    note.signatures.push_back({key.name, key.id + 1, Buffer(64)});      // shares the name
    note.signatures.push_back({"other.example", key.id, Buffer(64)});   // shares the id
    EXPECT_TRUE(verify_note(parse_note(format_note(note)).value(), key));
    note.signatures.push_back({key.name, key.id, Buffer(64)});
    EXPECT_EQ(verify_note(note, key).error().code, Errc::denied);
    note.signatures.back().bytes.resize(63);
    EXPECT_EQ(verify_note(note, key).error().code, Errc::denied);
}

TEST(Note, TheTextEndsAtTheLastEmptyLine) {
    const auto note = parse_note("one\n\ntwo\n\n\u2014 a AAAAAAA=\n");
    ASSERT_TRUE(note);
    EXPECT_EQ(note->text, "one\n\ntwo\n");
}

TEST(Note, WhatIsNoNoteIsRefused) {
    for (const auto* note : {"",
                             "\n",
                             "text\n",
                             "text\n\n",
                             "text\n\u2014 a AAAAAAA=\n",
                             "text\n\n\u2014 a AAAAAAA=",
                             "text\n\n- a AAAAAAA=\n",
                             "text\n\n\u2014a AAAAAAA=\n",
                             "text\n\n\u2014 AAAAAAA=\n",
                             "text\n\n\u2014  AAAAAAA=\n",
                             "text\n\n\u2014 a\n",
                             "text\n\n\u2014 a AAAAAA\n",
                             "text\n\n\u2014 a AAAAAA==\n",
                             "text\n\n\u2014 a AAAAAAA=\nmore\n",
                             "text\n\n\u2014 a+b AAAAAAA=\n",
                             "text\n\n\u2014 a\u00a0b AAAAAAA=\n",
                             "text\n\n\u2014 a AAAAAAA= \n",
                             "text\r\n\n\u2014 a AAAAAAA=\n",
                             "text\xff\n\n\u2014 a AAAAAAA=\n",
                             "te\txt\n\n\u2014 a AAAAAAA=\n"})
        EXPECT_EQ(parse_error(note), Errc::malformed);
}

TEST(Note, HasLimits) {
    Note note{.text = "text\n", .signatures = {}};
    note.signatures.assign(NoteLimits{}.signatures_max, {"a", 1, Buffer(64)});
    EXPECT_TRUE(parse_note(format_note(note)));
    note.signatures.push_back({"a", 1, Buffer(64)});
    EXPECT_EQ(parse_error(format_note(note)), Errc::limit_exceeded);
    note.text = std::string(NoteLimits{}.note_bytes_max, 'x') + "\n";
    EXPECT_EQ(parse_error(format_note(note)), Errc::limit_exceeded);
}

TEST(VerifierKey, HasOneSpelling) {
    for (const auto& key :
         {with(example_key, "530d903a", "530D903A"), with(example_key, "530d903a", "530d903b"),
          with(example_key, "530d903a", "530d903"), with(example_key, "+Aeky", "+Aelz"),
          with(example_key, "+A", "+B"), with(example_key, "/foo", "/fob"), with(example_key, "+530", "530"),
          with(example_key, "example.com/foo", ""), std::string{"a"}, std::string{}, std::string{"a+b"}})
        EXPECT_EQ(parse_verifier_key(key).error().code, Errc::malformed) << key;
}

constexpr std::string_view checkpoint_text =
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

TEST(Checkpoint, IsReadAsItIsWritten) {
    const auto checkpoint = parse_checkpoint(checkpoint_text);
    ASSERT_TRUE(checkpoint);
    EXPECT_EQ(checkpoint->origin, "example.com/behind-the-sofa");
    EXPECT_EQ(checkpoint->head.size, 20'852'163U);
    EXPECT_EQ(format_checkpoint(*checkpoint), checkpoint_text);
    const auto extended = parse_checkpoint(std::string{checkpoint_text} + "one\ntwo\n");
    ASSERT_TRUE(extended);
    EXPECT_EQ(extended->extensions, (std::vector<std::string>{"one", "two"}));
}

TEST(Checkpoint, WhatIsNoneIsRefused) {
    for (const auto& text :
         {std::string{}, with(checkpoint_text, "20852163", "020852163"),
          with(checkpoint_text, "20852163", "-1"), with(checkpoint_text, "20852163", "+1"),
          with(checkpoint_text, "20852163", " 1"), with(checkpoint_text, "20852163", "18446744073709551616"),
          with(checkpoint_text, "20852163", "4611686018427387905"), with(checkpoint_text, "CsUY", "Cs!Y"),
          with(checkpoint_text, "CsUY", ""), with(checkpoint_text, "\n20852163", "\n\n20852163"),
          with(checkpoint_text, "q2I=\n", "q2I="), with(checkpoint_text, "q2I=\n", "q2J=\n"),
          with(checkpoint_text, "q2I=\n", "q2I=\n\n"), std::string{"origin\n0\n"}})
        EXPECT_EQ(parse_checkpoint(text).error().code, Errc::malformed) << text;
}

TEST(Checkpoint, OfAnotherLogIsDenied) {
    const auto key = crypto::SigningKey::generate().value();
    const auto verifier = make_verifier_key("ward.example/ledger", key.public_key());
    const auto note = sign_note(checkpoint_text, verifier, key.sign(as_bytes(checkpoint_text)));
    EXPECT_EQ(open_checkpoint(note, verifier).error().code, Errc::denied);
}

}   // namespace
}   // namespace ward::ledger
