// SPDX-License-Identifier: Apache-2.0
#include "ledger/tile.hpp"

#include <gtest/gtest.h>

#include "core/utf8.hpp"

namespace ward::ledger {
namespace {

using Kind = Tile::Kind;

TEST(Tile, PathsAreThoseOfTheSpecification) {
    EXPECT_EQ(tile_path({.level = 0, .index = 1'234'067}), "tile/0/x001/x234/067");
    EXPECT_EQ(tile_path({.level = 63, .index = 0, .width = 1}), "tile/63/000.p/1");
    EXPECT_EQ(tile_path({.kind = Kind::entries, .index = 1'000, .width = 255}),
              "tile/entries/x001/000.p/255");
}

TEST(Tile, APathHasOneSpelling) {
    for (const auto* path :
         {"tile/0/000", "tile/5/x001/x234/067.p/112", "tile/entries/999", "tile/63/000.p/255"}) {
        const auto tile = parse_tile_path(path);
        ASSERT_TRUE(tile) << path;
        EXPECT_EQ(tile_path(*tile), path);
    }
    for (const auto* path : {"",
                             "tile",
                             "tile/",
                             "tile/0",
                             "tile/0/",
                             "tile/0/00",
                             "tile/0/0000",
                             "tile/00/000",
                             "tile/64/000",
                             "tile/-1/000",
                             "tile/0/x000/000",
                             "tile/0/x001",
                             "tile/0/001/",
                             "tile/0/x001/x234",
                             "tile/0/000.p",
                             "tile/0/000.p/",
                             "tile/0/000.p/0",
                             "tile/0/000.p/01",
                             "tile/0/000.p/256",
                             "tile/0/000.p/1/",
                             "/tile/0/000",
                             "tile/data/000",
                             "tile/0/0a0",
                             "tile/0/X001/000",
                             "tile/0/x001.p/1",
                             "tile/0/../000",
                             "tile//000",
                             "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/x999/999"})
        EXPECT_FALSE(parse_tile_path(path)) << path;
}

TEST(Tile, SeventyThousandEntriesHaveTheTilesOfTheSpecification) {
    EXPECT_TRUE(tile_at(Kind::hashes, 0, 272, 70'000)->is_full());
    EXPECT_EQ(tile_at(Kind::hashes, 0, 273, 70'000)->width, 112U);
    EXPECT_FALSE(tile_at(Kind::hashes, 0, 274, 70'000));
    EXPECT_TRUE(tile_at(Kind::hashes, 1, 0, 70'000)->is_full());
    EXPECT_EQ(tile_at(Kind::hashes, 1, 1, 70'000)->width, 17U);
    EXPECT_EQ(tile_at(Kind::hashes, 2, 0, 70'000)->width, 1U);
    EXPECT_FALSE(tile_at(Kind::hashes, 3, 0, 70'000));
    EXPECT_FALSE(tile_at(Kind::hashes, 63, 0, 70'000));
    // An empty tile is none.
    EXPECT_FALSE(tile_at(Kind::hashes, 0, 1, 256));
    EXPECT_EQ(tile_at(Kind::hashes, 1, 0, 256)->width, 1U);
    EXPECT_FALSE(tile_at(Kind::hashes, 0, ~std::uint64_t{0}, 256));
}

TEST(Tile, HashesAreReadAsTheyAreWritten) {
    const std::vector<Digest> hashes{{std::byte{1}}, {std::byte{2}}};
    const auto bytes = format_hashes(hashes);
    EXPECT_EQ(parse_hashes(bytes, 2).value(), hashes);
    EXPECT_EQ(parse_hashes(bytes, 1).error().code, Errc::malformed);
    EXPECT_EQ(parse_hashes(Bytes{bytes}.first(63), 2).error().code, Errc::malformed);
}

TEST(Tile, EntriesAreReadAsTheyAreWritten) {
    Buffer bundle;
    append_entry(bundle, as_bytes("first"));
    append_entry(bundle, {});
    append_entry(bundle, Buffer(65'535));
    const auto entries = parse_entries(bundle, 3);
    ASSERT_TRUE(entries);
    EXPECT_EQ(as_text((*entries)[0]), "first");
    EXPECT_TRUE((*entries)[1].empty());
    EXPECT_EQ((*entries)[2].size(), 65'535U);
    EXPECT_EQ(entries_length(bundle, 2), 9U);
    EXPECT_FALSE(parse_entries(bundle, 2)) << "bytes are left";
    EXPECT_FALSE(parse_entries(bundle, 4)) << "one is missing";
    EXPECT_FALSE(entries_length(bundle, 4));
    for (std::size_t length = 0; length < 9; ++length)
        EXPECT_FALSE(parse_entries(Bytes{bundle}.first(length), 2)) << length;
}

TEST(TileDeathTest, ATooLongEntryIsOurOwnBug) {
    Buffer bundle;
    EXPECT_DEATH(append_entry(bundle, Buffer(65'536)), "assertion failed");
}

TEST(Utf8, OneSpellingOfEachCodePoint) {
    for (const auto* text : {"", "a", "\u00e9", "\u2014", "\U0001f600", "\U0010ffff"})
        EXPECT_TRUE(is_utf8(text));
    for (const auto* text : {"\x80", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                             "\xf8\x88\x80\x80\x80", "\xff", "\xe2\x80"})
        EXPECT_FALSE(is_utf8(text)) << to_hex(as_bytes(text));
}

}   // namespace
}   // namespace ward::ledger
