// SPDX-License-Identifier: Apache-2.0
#include "protocol/rtp/rtp.hpp"

#include "event/rtp.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::rtp {
namespace {

using event::Rtp;
using testing::ElementsAre;
using testing::IsEmpty;

// G.711, as captured: header and a few samples.
const std::string first = hex("800800000001169817d9013455d5d5d5");
const std::string second = hex("80080001000116e817d90134d5d5d555");
const std::string third = hex("800800020001173817d90134d5d5d5d5");
const std::string reports =
    hex("80c800063796cb7142c907ca5efac603000024c3000000090000060c81ca000b3796cb71011d31313839343239372d343433"
        "326139663840"
        "3139322e3136382e312e3206055349505053000081cb00063796cb711073657373696f6e2073687574646f776e000000");

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
    EXPECT_EQ(told.bytes, 48u + 104u);
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
    EXPECT_EQ(series({first, second, hex("80080002000117380badcafe")}), Verdict::no);
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
