// SPDX-License-Identifier: Apache-2.0
#include "protocol/vnc/vnc.hpp"

#include "event/vnc.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::vnc {
namespace {

using event::Vnc;
using testing::ElementsAre;

const std::string version8 = "RFB 003.008\n";
const std::string version3 = "RFB 003.003\n";
const std::string zero = hex("00000000");

Bed bed() { return Bed{open_session()}; }

TEST(Vnc, TellsHowAScreenIsProtected) {
    auto talk = bed();
    talk.server(version8).client(version8).server(hex("020213")).client(hex("02"));
    talk.server(std::string(16, 'c')).client(std::string(16, 'r')).server(hex("00000001"));
    EXPECT_EQ(talk.one<Vnc>().server_version, "003.008");
    EXPECT_THAT(talk.one<Vnc>().security_types, ElementsAre("vnc", "vencrypt"));
    EXPECT_EQ(talk.one<Vnc>().security_type, "vnc");
    EXPECT_EQ(talk.one<Vnc>().authenticated, false);
}

TEST(Vnc, InVersion3TheServerDecides) {
    auto talk = bed();
    talk.server(version8).client(version3).server(hex("00000002")).server(std::string(16, 'c'));
    talk.client(std::string(16, 'r')).server(zero);
    EXPECT_EQ(talk.one<Vnc>().client_version, "003.003");
    EXPECT_EQ(talk.one<Vnc>().security_type, "vnc");
    EXPECT_EQ(talk.one<Vnc>().authenticated, true);
}

// RFC 6143, appendix A.2: the server goes on with the screen's size and name.
TEST(Vnc, BeforeVersion8AnOpenScreenHasNoResult) {
    auto talk = bed();
    talk.server(version8).client("RFB 003.007\n").server(hex("0101")).client(hex("01"));
    talk.client(hex("01")).server(hex("0500 02d0"));
    EXPECT_EQ(talk.one<Vnc>().security_type, "none");
    EXPECT_FALSE(talk.one<Vnc>().authenticated);
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::content)], 5u);
}

TEST(Vnc, ScreensAreNotReadAndTakeNoMemory) {
    auto talk = bed();
    talk.server(version8).client(version8).server(hex("0101")).client(hex("01")).server(zero);
    for (int i = 0; i < 100; ++i) talk.server(std::string(60'000, 's')).client(std::string(100, 'k'));
    EXPECT_LT(talk.memory(), 2048u);
    talk.end();
    EXPECT_EQ(talk.one<Vnc>().security_type, "none");
}

TEST(Vnc, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(open_session, {{Side::server, version8},
                                                          {Side::client, version8},
                                                          {Side::server, hex("020213")},
                                                          {Side::client, hex("02")},
                                                          {Side::server, std::string(16, 'c')},
                                                          {Side::client, std::string(16, 'r')},
                                                          {Side::server, zero}});
}

TEST(Vnc, ALossEndsWhatIsRead) {
    auto talk = bed();
    talk.server(version8).lose(Side::server, 3).server("anything").end();
    EXPECT_EQ(talk.one<Vnc>().server_version, "003.008");
}

TEST(Vnc, IsRecognisedByItsVersion) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::server); };
    EXPECT_EQ(asked(version8), Verdict::yes);
    EXPECT_EQ(asked("RFB 0"), Verdict::unsure);
    EXPECT_EQ(asked("RFB something else"), Verdict::no);
    EXPECT_EQ(asked("SSH-2.0-x\r\n"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::vnc
