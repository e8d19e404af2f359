// SPDX-License-Identifier: Apache-2.0
#include "capture/file_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "core/scratch_folder.hpp"
#include "wire/wire_reader.hpp"

namespace ward::capture {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr wire::FrameTime noon{std::chrono::seconds{1'700'000'000}};

/// A capture being written, in either byte order.
class Written {
public:
    explicit Written(bool little = false) : little_(little) {}

    Written& u16(std::uint16_t value) { return number(value); }
    Written& u32(std::uint32_t value) { return number(value); }
    Written& u64(std::uint64_t value) { return number(value); }
    Written& text(std::string_view bytes) { return append(out, as_bytes(bytes)), *this; }

    Written& pcap(std::uint32_t magic = 0xa1b2c3d4, std::uint32_t link = 1) {
        return u32(magic).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(link);
    }
    Written& record(std::uint32_t seconds, std::uint32_t fraction, std::string_view bytes) {
        const auto size = static_cast<std::uint32_t>(bytes.size());
        return u32(seconds).u32(fraction).u32(size).u32(size).text(bytes);
    }

    /// A pcapng block around a body that is padded.
    Written& block(std::uint32_t type, Written body) {
        while (body.out.size() % 4 != 0) body.out.push_back(std::byte{0});
        const auto size = static_cast<std::uint32_t>(body.out.size() + 12);
        u32(type).u32(size);
        append(out, body.out);
        return u32(size);
    }
    Written body() const { return Written{little_}; }
    Written& section() { return block(0x0a0d0d0a, body().u32(0x1a2b3c4d).u16(1).u16(0).u64(~0ULL)); }
    Written& interface(std::uint16_t link, const Written& options = Written{}) {
        auto about = body().u16(link).u16(0).u32(0);
        append(about.out, options.out);
        return block(1, about);
    }
    Written& packet(std::uint32_t on, std::uint64_t ticks, std::string_view bytes) {
        const auto size = static_cast<std::uint32_t>(bytes.size());
        return block(6, body()
                            .u32(on)
                            .u32(static_cast<std::uint32_t>(ticks >> 32U))
                            .u32(static_cast<std::uint32_t>(ticks))
                            .u32(size)
                            .u32(size)
                            .text(bytes));
    }

    Buffer out;

private:
    template <class T>
    Written& number(T value) {
        Buffer bytes;
        append_big_endian(bytes, value);
        if (little_) std::ranges::reverse(bytes);
        append(out, bytes);
        return *this;
    }
    bool little_;
};

Buffer gzipped(Bytes bytes) {
    z_stream packing{};
    deflateInit2(&packing, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
    Buffer in{bytes.begin(), bytes.end()};
    Buffer out(deflateBound(&packing, in.size()) + 64);
    packing.next_in = static_cast<Bytef*>(static_cast<void*>(in.data()));
    packing.avail_in = static_cast<uInt>(in.size());
    packing.next_out = static_cast<Bytef*>(static_cast<void*>(out.data()));
    packing.avail_out = static_cast<uInt>(out.size());
    deflate(&packing, Z_FINISH);
    out.resize(packing.total_out);
    deflateEnd(&packing);
    return out;
}

class FileReaderTest : public testing::Test {
protected:
    /// Reads the file to its end or its damage.
    void read(Bytes file) {
        const std::string path = folder / "capture";
        std::ofstream{path, std::ios::binary} << as_text(file);
        frames.clear();
        times.clear();
        links.clear();
        error = {};
        auto reader = FileReader::open(path);
        if (!reader) {
            error = reader.error().what;
            return;
        }
        wire::Frame frame;
        for (;;) {
            const auto more = reader->next(frame);
            if (!more) {
                error = more.error().what;
                EXPECT_FALSE(reader->next(frame) && frames.empty());
                return;
            }
            if (!*more) return;
            frames.emplace_back(as_text(frame.bytes));
            times.push_back(frame.at);
            links.push_back(frame.link);
        }
    }

    ScratchFolder folder;
    std::vector<std::string> frames;
    std::vector<wire::FrameTime> times;
    std::vector<wire::LinkType> links;
    std::string error;
};

TEST_F(FileReaderTest, ReadsPcapOfBothByteOrdersAndResolutions) {
    for (const bool little : {false, true}) {
        read(Written{little}.pcap().record(1'700'000'000, 250'000, "one").record(1'700'000'001, 0, "").out);
        EXPECT_THAT(frames, ElementsAre("one", ""));
        EXPECT_THAT(times, ElementsAre(noon + 250ms, noon + 1s));
        read(Written{little}.pcap(0xa1b23c4d, 113).record(1'700'000'000, 7, "one").out);
        EXPECT_THAT(times, ElementsAre(noon + 7ns));
        EXPECT_THAT(links, ElementsAre(wire::LinkType::linux_cooked));
        EXPECT_EQ(error, "");
    }
}

TEST_F(FileReaderTest, TheUpperBitsOfThePcapLinkTypeAreNotPartOfIt) {
    read(Written{}.pcap(0xa1b2c3d4, 0x50000001).record(1, 0, "one").out);
    EXPECT_THAT(links, ElementsAre(wire::LinkType::ethernet));
}

TEST_F(FileReaderTest, EachInterfaceHasItsLinkTypeAndItsClock) {
    for (const bool little : {false, true}) {
        Written file{little};
        // if_tsresol 9 and if_tsoffset 14; a comment that means nothing to Ward comes first.
        const auto nano = file.body()
                              .u16(1)
                              .u16(2)
                              .text("hi")
                              .u16(0)
                              .u16(9)
                              .u16(1)
                              .text({"\x09\0\0\0", 4})
                              .u16(14)
                              .u16(8)
                              .u64(1'000'000'000)
                              .u16(0)
                              .u16(0);
        const auto binary = file.body().u16(9).u16(1).text({"\x8a\0\0\0", 4});   // 1/1024 s
        const auto fine = file.body().u16(9).u16(1).text({"\xa8\0\0\0", 4});     // 2^-40 s
        file.section().interface(1).interface(101, nano).interface(113, binary).interface(1, fine);
        file.packet(0, 1'700'000'000'000'001, "micro").packet(1, 700'000'000'000'000'002, "nano");
        file.packet(2, 1'700'000'000ULL * 1024 + 512, "binary").packet(3, (3ULL << 40U) / 2, "fine");
        read(file.out);
        EXPECT_EQ(error, "");
        EXPECT_THAT(frames, ElementsAre("micro", "nano", "binary", "fine"));
        EXPECT_THAT(times, ElementsAre(noon + 1us, noon + 2ns, noon + 500ms, wire::FrameTime{1500ms}));
        EXPECT_THAT(links, ElementsAre(wire::LinkType::ethernet, wire::LinkType::raw,
                                       wire::LinkType::linux_cooked, wire::LinkType::ethernet));
    }
}

TEST_F(FileReaderTest, AClockThatIsFarOffIsClampedAndNotWrong) {
    Written file;
    const auto offset = file.body().u16(14).u16(8).u64(0x7fff'ffff'ffff'ffff);
    const auto before = file.body().u16(14).u16(8).u64(0x8000'0000'0000'0000);
    file.section().interface(1, offset).interface(1, before);
    file.packet(0, ~0ULL, "a").packet(1, 5, "b");
    read(file.out);
    EXPECT_THAT(frames, ElementsAre("a", "b"));
    EXPECT_EQ(times[1].time_since_epoch(), 5us);
}

TEST_F(FileReaderTest, OtherBlocksAreSkippedAndOldOnesRead) {
    Written file;
    file.section().interface(1).block(5, file.body().u32(0).u64(0));   // statistics
    file.block(3, file.body().u32(5).text("short"));                   // a simple packet
    file.block(2, file.body().u16(0).u16(9).u64(7'000'000'000'000).u32(3).u32(3).text("old"));
    file.block(0x80000123, file.body().text("somebody's own"));
    read(file.out);
    EXPECT_EQ(error, "");
    EXPECT_THAT(frames, ElementsAre("short", "old"));
}

TEST_F(FileReaderTest, ASimplePacketEndsAtTheInterfacesLimit) {
    Written file;
    file.section().block(1, file.body().u16(1).u16(0).u32(6));
    file.block(3, file.body().u32(100).text("sixsix"));
    read(file.out);
    EXPECT_THAT(frames, ElementsAre("sixsix"));
}

TEST_F(FileReaderTest, ASecondSectionMayHaveTheOtherByteOrder) {
    Written first{false};
    Written second{true};
    first.section().interface(1).packet(0, 1, "first");
    second.section().interface(101).packet(0, 2, "second");
    append(first.out, second.out);
    read(first.out);
    EXPECT_EQ(error, "");
    EXPECT_THAT(frames, ElementsAre("first", "second"));
    EXPECT_THAT(links, ElementsAre(wire::LinkType::ethernet, wire::LinkType::raw));
}

TEST_F(FileReaderTest, OfATruncatedFileEverythingBeforeTheEndIsDelivered) {
    const auto pcap = Written{}.pcap().record(1, 0, "one").record(2, 0, "two").out;
    for (std::size_t size = 24; size < pcap.size(); ++size) {
        read(Bytes{pcap}.first(size));
        EXPECT_EQ(frames.size(), size < 43 ? 0u : 1u) << size;
        if (size == 24 || size == 43) {
            EXPECT_EQ(error, "");
        } else {
            EXPECT_THAT(error, HasSubstr(size < 43 ? "at byte 24" : "at byte 43")) << size;
        }
    }
    Written file;
    const auto pcapng = file.section().interface(1).packet(0, 1, "one").packet(0, 2, "two").out;
    for (std::size_t size = 5; size < pcapng.size(); ++size) {
        read(Bytes{pcapng}.first(size));
        const bool between = size == 28 || size == 48 || size == 84;
        EXPECT_EQ(error.empty(), between) << size;
        EXPECT_EQ(frames.size(), size < 84 ? 0u : 1u) << size;
        EXPECT_TRUE(size <= 84 || error.ends_with("at byte 84")) << error;
    }
}

TEST_F(FileReaderTest, WhatIsNoCaptureIsSaidToBeNone) {
    for (const std::string_view file :
         {"", "x", "GIF89a, and some more bytes", "\xa1\xb2\xc3\xd4 too short"}) {
        read(as_bytes(file));
        EXPECT_THAT(error, HasSubstr("is no capture"));
    }
    read(as_bytes("#!/bin/sh\necho not a capture\n"));
    EXPECT_THAT(error, HasSubstr("is no capture: it is text"));
    EXPECT_EQ(FileReader::open(folder / "nowhere").error().code, Errc::not_found);
}

TEST_F(FileReaderTest, OfWhatIsPackedOtherwiseItSaysHowToUnpackIt) {
    for (const auto& [magic, program] : {std::pair{"\xfd\x37\x7a\x58\x5a", "xz"},
                                         {"\x28\xb5\x2f\xfd", "zstd"},
                                         {"\x04\x22\x4d\x18", "lz4"},
                                         {"BZh9", "bzip2"}}) {
        read(as_bytes(std::string{magic} + std::string(40, '\0')));
        EXPECT_THAT(error, HasSubstr(program + std::string{" -dc FILE | ward sensor read -"}));
    }
}

TEST_F(FileReaderTest, BlocksThatContradictThemselvesAreDamage) {
    read(Written{}.pcap().record(1, 0, "one").u32(2).u32(0).u32(0x7fffffff).u32(1).out);
    EXPECT_THAT(frames, ElementsAre("one"));
    EXPECT_THAT(error, HasSubstr("a packet of 2147483647 bytes at byte 43"));
    Written file;
    const auto begun = file.section().interface(1);
    const auto with = [&](Written more) {
        auto whole = begun.out;
        append(whole, more.out);
        read(whole);
        return error;
    };
    EXPECT_THAT(with(Written{}.u32(6).u32(0xfffffffc).u32(0)), HasSubstr("impossible length at byte 48"));
    EXPECT_THAT(with(Written{}.u32(6).u32(8).u32(8)), HasSubstr("impossible length"));
    EXPECT_THAT(with(Written{}.packet(1, 0, "no such interface")),
                HasSubstr("contradicts itself at byte 48"));
    EXPECT_THAT(with(Written{}.block(6, Written{}.u32(0).u64(0).u32(99).u32(99))), HasSubstr("contradicts"));
    EXPECT_THAT(with(Written{}.interface(1, Written{}.u16(9).u16(1).text({"\x7f\0\0\0", 4}))),
                HasSubstr("an impossible time resolution"));
    EXPECT_THAT(with(Written{}.block(0x0a0d0d0a, Written{}.u32(1).u64(0))), HasSubstr("byte-order magic"));
}

TEST_F(FileReaderTest, GzipIsTakenOffHoweverManyMembersItHas) {
    const auto file = Written{}.pcap().record(1, 0, "one").record(2, 0, "two").out;
    read(gzipped(file));
    EXPECT_THAT(frames, ElementsAre("one", "two"));
    auto members = gzipped(Bytes{file}.first(50));
    append(members, gzipped(Bytes{file}.subspan(50)));
    read(members);
    EXPECT_EQ(error, "");
    EXPECT_THAT(frames, ElementsAre("one", "two"));
}

TEST_F(FileReaderTest, ZerosBehindGzipArePadding) {
    auto padded = gzipped(Written{}.pcap().record(1, 0, "one").out);
    padded.resize(padded.size() + (std::size_t{1} << 20));
    read(padded);
    EXPECT_EQ(error, "");
    EXPECT_THAT(frames, ElementsAre("one"));
    padded.back() = std::byte{1};
    read(padded);
    EXPECT_THAT(error, HasSubstr("gzip"));
    EXPECT_THAT(frames, ElementsAre("one"));
}

TEST_F(FileReaderTest, OfDamagedGzipEverythingBeforeTheDamageIsDelivered) {
    Written file;
    file.pcap();
    std::uint32_t number = 1;
    for (std::uint32_t i = 0; i < 2000; ++i) {
        number = number * 1'664'525 + 1'013'904'223;   // bytes that gzip cannot shorten
        file.record(i, 0, to_hex(as_bytes(std::to_string(number))));
    }
    auto packed = gzipped(file.out);
    read(Bytes{packed}.first(packed.size() / 2));
    EXPECT_THAT(error, HasSubstr("gzip ends too early"));
    EXPECT_GT(frames.size(), 500u);
    packed[packed.size() - 6] ^= std::byte{1};   // its checksum
    read(packed);
    EXPECT_THAT(error, HasSubstr("gzip: incorrect data check"));
    EXPECT_EQ(frames.size(), 2000u);
}

}   // namespace
}   // namespace ward::capture
