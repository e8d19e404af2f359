// SPDX-License-Identifier: Apache-2.0
#include "protocol/ntp/ntp.hpp"

#include "event/ntp.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::ntp {
namespace {

using event::Ntp;
using testing::SizeIs;

// Recorded: ntpdate of NTPsec 1.2.2, and chronyd 4.3 with an invented clock.
const std::string request = hex("e3000000") + std::string(36, '\0') + hex("eeb58eb02683b000");
const std::string reply =
    hex("240100e6000000010000000147505300eeb58eae0a1e04e7eeb58eb02683b000eeb58eb026926a9beeb58eb027e8311a");

TEST(Ntp, JoinsARequestAndItsReply) {
    Bed talk{open_session()};
    talk.client(request).after(std::chrono::microseconds{40}).server(reply);
    const auto& told = talk.one<Ntp>();
    EXPECT_EQ(told.version, 4);
    EXPECT_EQ(told.mode, "client");
    EXPECT_EQ(told.stratum, 1);
    EXPECT_EQ(told.reference_id, "GPS");
    EXPECT_TRUE(told.answered);
    EXPECT_EQ(told.latency_us, 40);
}

TEST(Ntp, TellsWhatIsAloneAndWhatIsCut) {
    Bed talk{open_session()};
    talk.server(reply).client(hex("1700032a00000000")).client(request.substr(0, 47));
    EXPECT_EQ(talk.all<Ntp>()[0]->mode, "server");
    EXPECT_EQ(talk.all<Ntp>()[1]->mode, "private");
    EXPECT_EQ(talk.out.violation, "NTP packet cut");
}

TEST(Ntp, AFloodOfRequestsTakesBoundedMemory) {
    Bed talk{open_session()};
    for (int i = 0; i < 1000; ++i) talk.client(request);
    EXPECT_LT(talk.memory(), 8u << 10);
    EXPECT_THAT(talk.end().all<Ntp>(), SizeIs(1000));
}

TEST(Ntp, NeedsItsPort) {
    EXPECT_EQ(probe(as_bytes(request), Side::client), Verdict::unsure);
    EXPECT_EQ(probe(as_bytes(request.substr(0, 47)), Side::client), Verdict::no);
    EXPECT_EQ(probe(as_bytes("GET / HTTP/1.1\r\n"), Side::client), Verdict::no);
    EXPECT_EQ(recognise(Transport::udp, 123, as_bytes(request), Side::client).protocol->name, "ntp");
}

}   // namespace
}   // namespace ward::protocol::ntp
