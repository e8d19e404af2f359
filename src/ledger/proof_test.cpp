// SPDX-License-Identifier: Apache-2.0
#include "ledger/proof.hpp"

#include <gtest/gtest.h>

#include "ledger/bed_test.hpp"

namespace ward::ledger {
namespace {

class ProofTest : public testing::Test {
protected:
    void SetUp() override { publish_at(bed, {100, 300}); }

    Bed bed;
};

TEST_F(ProofTest, EveryEntryIsProvedWithTheKeyAlone) {
    for (std::uint64_t index = 0; index < 300; ++index) {
        const auto proof = prove(bed.log_folder(), bed.verifier, index);
        ASSERT_TRUE(proof) << proof.error().what;
        const auto read = parse_proof(format_proof(*proof));
        ASSERT_TRUE(read) << read.error().what;
        ASSERT_TRUE(read->extra);
        ASSERT_EQ(*read->extra, bed.entries[index]);
        const auto checkpoint = verify_proof(*read, *read->extra, bed.verifier);
        ASSERT_TRUE(checkpoint) << checkpoint.error().what;
        ASSERT_EQ(checkpoint->head.size, 300U);
    }
}

TEST_F(ProofTest, OnlyItsOwnEntryIndexAndKeyAreProved) {
    const auto proof = prove(bed.log_folder(), bed.verifier, 7).value();
    EXPECT_EQ(verify_proof(proof, bed.entries[8], bed.verifier).error().code, Errc::denied);
    auto moved = proof;
    moved.index = 8;
    EXPECT_EQ(verify_proof(moved, bed.entries[7], bed.verifier).error().code, Errc::denied);
    const auto other = make_verifier_key(bed.verifier.name, crypto::SigningKey::generate()->public_key());
    EXPECT_EQ(verify_proof(proof, bed.entries[7], other).error().code, Errc::denied);
}

TEST_F(ProofTest, AnEntryThatIsNotThereIsNotFound) {
    EXPECT_EQ(prove(bed.log_folder(), bed.verifier, 300).error().code, Errc::not_found);
}

TEST_F(ProofTest, DamagedFilesGiveNoProof) {
    auto log = read_file(bed.log_folder() / "tile/0/000", 8'192).value();
    log[0] ^= std::byte{1};
    const std::array files{File{"tile/0/000", log}};
    ASSERT_TRUE(TileStore{bed.log_folder()}.write(files));
    EXPECT_EQ(prove(bed.log_folder(), bed.verifier, 1).error().code, Errc::corrupt);
}

TEST_F(ProofTest, EveryChangedLineIsRefusedOrDenied) {
    const auto text = format_proof(prove(bed.log_folder(), bed.verifier, 7).value());
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto changed = text;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        const auto proof = parse_proof(changed);
        if (!proof) continue;
        const bool holds = proof->extra && verify_proof(*proof, *proof->extra, bed.verifier).has_value();
        EXPECT_FALSE(holds) << "byte " << i << " of\n" << changed;
    }
}

TEST(Proof, ATreeOfOneEntryNeedsNoPath) {
    Bed bed;
    publish_at(bed, {1});
    const auto proof = prove(bed.log_folder(), bed.verifier, 0).value();
    EXPECT_TRUE(proof.path.empty());
    EXPECT_TRUE(verify_proof(parse_proof(format_proof(proof)).value(), bed.entries[0], bed.verifier));
}

TEST(Proof, WhatIsNoneIsRefused) {
    const std::string start = "c2sp.org/tlog-proof@v1\n";
    const std::string hash = "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n";
    const std::string note = "origin\n1\n" + hash + "\n\u2014 a AAAAAAA=\n";
    EXPECT_TRUE(parse_proof(start + "index 0\n\n" + note));
    EXPECT_TRUE(parse_proof(start + "extra AAAA\nindex 73894\n" + hash + "\n" + note));
    for (const auto& text :
         {std::string{}, start, start + "index 0\n", start + "index 0\n" + hash,
          start + "index 00\n\n" + note, start + "index\n\n" + note, start + "index -1\n\n" + note,
          start + "extra \nindex 0\n\n" + note, start + "extra AAA\nindex 0\n\n" + note,
          start + "extra AAAA\nextra AAAA\nindex 0\n\n" + note, start + "index 0\nAAAA\n\n" + note,
          start + "index 0\n\norigin\n", "v2\nindex 0\n\n" + note})
        EXPECT_EQ(parse_proof(text).error().code, Errc::malformed) << text;
    std::string path;
    for (int i = 0; i <= 64; ++i) path += hash;
    EXPECT_EQ(parse_proof(start + "index 0\n" + path + "\n" + note).error().code, Errc::limit_exceeded);
}

}   // namespace
}   // namespace ward::ledger
