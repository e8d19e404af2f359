// SPDX-License-Identifier: Apache-2.0
#include "bus/batch.hpp"

#include <gtest/gtest.h>

using namespace ward;
using namespace ward::bus;

namespace {

Buffer records(std::initializer_list<std::pair<Sequence, std::string_view>> texts) {
    Buffer bytes;
    for (const auto& [first, lines] : texts) spool::append_record(bytes, first, lines);
    return bytes;
}

bool is_malformed(Bytes message, const BatchLimits& limits = {}) {
    return std::holds_alternative<Malformed>(decode_batch(message, limits));
}

TEST(Batch, IsReadAsItWasWritten) {
    const auto message = encode_batch(6, records({{7, "a\nb\n"}, {9, "c\n"}}));
    const auto decoded = std::get<Decoded<Batch>>(decode_batch(message)).message;
    EXPECT_EQ(decoded.after, 6U);
    EXPECT_EQ(decoded.first(), 7U);
    EXPECT_EQ(decoded.last(), 9U);
    ASSERT_EQ(decoded.records.size(), 2U);
    EXPECT_EQ(spool::unpack(decoded.records[0]).value(), "a\nb\n");
    EXPECT_EQ(spool::unpack(decoded.records[1]).value(), "c\n");
}

TEST(Batch, WithoutRecordsAsksWhereTheStoreIs) {
    const auto message = encode_batch(6, {});
    const auto decoded = std::get<Decoded<Batch>>(decode_batch(message)).message;
    EXPECT_TRUE(decoded.records.empty());
    EXPECT_EQ(decoded.last(), 6U);
}

TEST(Batch, CutAnywhereIsNoBatchExceptBetweenRecords) {
    const auto one = encode_batch(6, records({{7, "a\nb\n"}}));
    const auto both = encode_batch(6, records({{7, "a\nb\n"}, {9, "c\n"}}));
    for (std::size_t cut = 0; cut < both.size(); ++cut) {
        const bool whole = cut == encode_batch(6, {}).size() || cut == one.size();
        const auto decoded = decode_batch(Bytes{both}.first(cut));
        EXPECT_EQ(std::holds_alternative<Decoded<Batch>>(decoded), whole) << "cut at " << cut;
    }
}

TEST(Batch, AFlippedBitInARecordIsSeen) {
    const auto message = encode_batch(6, records({{7, "a\nb\n"}}));
    for (std::size_t at = 12; at < message.size(); ++at) {
        auto flipped = message;
        flipped[at] ^= std::byte{4};
        EXPECT_FALSE(std::holds_alternative<Decoded<Batch>>(decode_batch(flipped))) << "at " << at;
    }
}

TEST(Batch, RecordsMustFollowEachOther) {
    EXPECT_TRUE(is_malformed(encode_batch(6, records({{6, "a\n"}}))));
    EXPECT_TRUE(is_malformed(encode_batch(6, records({{7, "a\n"}, {9, "b\n"}}))));
    EXPECT_TRUE(is_malformed(encode_batch(6, records({{7, "a\nb\n"}, {8, "b\n"}}))));
    EXPECT_FALSE(is_malformed(encode_batch(6, records({{70, "a\n"}}))));     // some were given up
    EXPECT_FALSE(is_malformed(encode_batch(6, records({{6, "a\nb\n"}}))));   // one is known
}

TEST(Batch, HasLimits) {
    const auto message = encode_batch(0, records({{1, "a\n"}, {2, "b\n"}, {3, "c\n"}}));
    EXPECT_FALSE(is_malformed(message, {.records_max = 3}));
    EXPECT_TRUE(is_malformed(message, {.records_max = 2}));
    EXPECT_FALSE(is_malformed(message, {.text_bytes_max = 6}));
    EXPECT_TRUE(is_malformed(message, {.text_bytes_max = 5}));
}

TEST(Answer, IsReadAsItWasWrittenAndNothingElseIs) {
    const auto message = encode_stored({77, true});
    const auto decoded = std::get<Decoded<Stored>>(decode_stored(message)).message;
    EXPECT_EQ(decoded.watermark, 77U);
    EXPECT_TRUE(decoded.again);
    auto longer = message;
    longer.push_back({});
    EXPECT_TRUE(std::holds_alternative<Malformed>(decode_stored(longer)));
    EXPECT_TRUE(std::holds_alternative<NeedMore>(decode_stored(Bytes{message}.first(12))));
}

TEST(Subject, NamesThePublisherAndOnlyInOneWay) {
    const PublisherId publisher{{std::byte{0xab}, std::byte{1}}};
    const auto subject = events_subject(publisher);
    EXPECT_EQ(publisher_of(subject), publisher);
    EXPECT_EQ(stored_subject(publisher), "ward.stored." + publisher.hex());
    EXPECT_EQ(publisher_of("ward.events.AB" + publisher.hex().substr(2)), std::nullopt);
    EXPECT_EQ(publisher_of("ward.events." + publisher.hex() + "00"), std::nullopt);
    EXPECT_EQ(publisher_of("ward.stored." + publisher.hex()), std::nullopt);
}

}   // namespace
