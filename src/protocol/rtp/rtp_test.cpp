// SPDX-License-Identifier: Apache-2.0
#include "protocol/rtp/rtp.hpp"

#include "event/rtp.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::rtp {
namespace {

using event::Rtp;
using testing::ElementsAre;
using testing::IsEmpty;

// Recorded: ffmpeg 5.1.9, of a tone in G.711: header and a few samples.
const std::string first = hex("80080c433d31c2b28a6d3463d5e0919e");
const std::string second = hex("80080c443d31c3528a6d34631b1c1479");
const std::string third = hex("80080c453d31c3f28a6d3463171f1a1a");
const std::string reports =
    hex("80c800068a6d3463eeb59126b22d0e563d3262d2000001180000a00081ca00078a6d3463011370686f6e653740776172642e"
        "6578616d706c65000000");

Bed bed() { return Bed{open_session()}; }

Verdict series(const std::vector<std::string>& datagrams) {
    std::vector<Bytes> bytes;
    for (const auto& datagram : datagrams) bytes.push_back(as_bytes(datagram));
    return probe_series(bytes);
}

TEST(Rtp, TellsAFlowOnce) {
    auto talk = bed();
    talk.client(first).client(second).server(third).client(reports).end();
    const auto& told = talk.one<Rtp>();
    EXPECT_EQ(told.protocol, "rtp");
    EXPECT_EQ(told.ssrc_count, 1u);
    EXPECT_THAT(told.payload_types, ElementsAre(8));
    EXPECT_EQ(told.packets, 3u);
    EXPECT_EQ(told.rtcp_packets, 1u);
    EXPECT_EQ(told.bytes, 48u + 60u);
}

TEST(Rtp, SourcesWithoutEndTakeBoundedMemory) {
    auto talk = bed();
    for (char a = 0; a < 100; ++a) talk.client(first.substr(0, 11) + a);
    EXPECT_LT(talk.memory(), 1024u);
    EXPECT_EQ(talk.end().one<Rtp>().ssrc_count, 32u);
}

TEST(Rtp, GarbageIsNotMedia) {
    auto talk = bed();
    talk.client("\x9f\x08 a list of contributors that is not there").client("x").end();
    EXPECT_THAT(talk.all<Rtp>(), IsEmpty());
}

TEST(Rtp, ThreePacketsOfOneSourceProveIt) {
    EXPECT_EQ(series({first, second}), Verdict::unsure);
    EXPECT_EQ(series({first, second, third}), Verdict::yes);
    EXPECT_EQ(series({"x", first, second, third}), Verdict::yes);
    EXPECT_EQ(series({first, second, second}), Verdict::no);
    EXPECT_EQ(series({third, second, first}), Verdict::no);
    EXPECT_EQ(series({first, second, third.substr(0, 8) + hex("0badcafe")}), Verdict::no);
}

TEST(Rtp, OnePacketProvesNothing) {
    const auto asked = [](std::string_view datagram) { return probe(as_bytes(datagram), Side::client); };
    EXPECT_EQ(asked(first), Verdict::unsure);
    EXPECT_EQ(asked(reports), Verdict::yes);
    EXPECT_EQ(asked(reports.substr(0, 28)), Verdict::unsure);
    EXPECT_EQ(asked(hex("80500000000000000000000000")), Verdict::no);   // a payload type that nobody has
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::rtp
