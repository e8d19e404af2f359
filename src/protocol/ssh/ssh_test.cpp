// SPDX-License-Identifier: Apache-2.0
#include "protocol/ssh/ssh.hpp"

#include "event/ssh.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::ssh {
namespace {

using event::Ssh;
using testing::IsEmpty;

std::string list(std::string_view names) {
    return std::string(3, '\0') + static_cast<char>(names.size()) + std::string{names};
}
std::string packet(const std::string& payload) {
    const auto length = payload.size() + 5;
    return std::string(3, '\0') + static_cast<char>(length) + '\4' + payload + "pad!";
}
// RFC 4253, section 7.1, with different algorithms for the two directions.
const std::string kexinit =
    packet('\x14' + std::string(16, 'c') + list("curve25519-sha256") + list("ssh-ed25519,rsa-sha2-512") +
           list("aes128-ctr") + list("aes256-ctr") + list("hmac-sha2-256") + list("hmac-sha1") +
           list("none") + list("zlib") + list("") + list("") + std::string(5, '\0'));
// Recorded: OpenSSH 9.2p1 with one algorithm of each kind.
const std::string banner = "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n";
const std::string offer =
    hex("000000ec071488aa287f750a5f937cc90a7d488a6e6000000039637572766532353531392d7368613235362c6578742d696e"
        "666f2d632c6b65782d7374726963742d632d763030406f70656e7373682e636f6d0000000b7373682d656432353531390000"
        "000a6165733132382d6374720000000a6165733132382d6374720000000d686d61632d736861322d3235360000000d686d61"
        "632d736861322d3235360000001a6e6f6e652c7a6c6962406f70656e7373682e636f6d2c7a6c69620000001a6e6f6e652c7a"
        "6c6962406f70656e7373682e636f6d2c7a6c69620000000000000000000000000000000000000000");

Bed bed() { return Bed{open_session()}; }

TEST(Ssh, TellsBannersAndWhatIsOffered) {
    auto talk = bed();
    talk.server("Authorised use only\r\nSSH-1.99-Cisco-1.25\n").client(banner + kexinit).server(kexinit);
    const auto& told = talk.one<Ssh>();
    EXPECT_EQ(told.client.proto_version, "2.0");
    EXPECT_EQ(told.client.software_version, "OpenSSH_9.2p1 Debian-2+deb12u10");
    EXPECT_EQ(told.client.hassh->hash, "e97d07603350d1111ec2b64bf25413c9");
    EXPECT_EQ(told.server.proto_version, "1.99");
    EXPECT_EQ(told.server.software_version, "Cisco-1.25");
    EXPECT_EQ(told.server.hassh->string, "curve25519-sha256;aes256-ctr;hmac-sha1;zlib");
    EXPECT_EQ(told.server.hassh->hash, "1d28bf246fed683b2556414dbd13cd28");
    EXPECT_EQ(told.server.host_keys, "ssh-ed25519,rsa-sha2-512");
}

TEST(Ssh, HashesWhatOpenSshOffers) {
    auto talk = bed();
    talk.client(banner + offer).server(banner + kexinit);
    const auto& told = talk.one<Ssh>().client;
    EXPECT_EQ(told.hassh->string,
              "curve25519-sha256,ext-info-c,kex-strict-c-v00@openssh.com;aes128-ctr;hmac-sha2-256;"
              "none,zlib@openssh.com,zlib");
    EXPECT_EQ(told.hassh->hash, "d6bd53d769cfde0c90a5e41cb9ff93df");
}

TEST(Ssh, OfTheCommentsOfABannerProductsAreTold) {
    auto talk = bed();
    talk.client("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3 Zorbanek Quilithe\r\n").end();
    EXPECT_EQ(talk.one<Ssh>().client.software_version, "OpenSSH_9.2p1 Debian-2+deb12u3");
}

TEST(Ssh, WhatFollowsIsEncrypted) {
    auto talk = bed();
    talk.client(banner + kexinit + "keys").server(banner + kexinit).client(std::string(1000, 'x'));
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::encrypted)], 1004u);
    EXPECT_EQ(talk.end().all<Ssh>().size(), 1u);
    EXPECT_LT(talk.memory(), 300u);
}

TEST(Ssh, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(open_session, {{Side::server, "hello\n" + banner},
                                                          {Side::client, banner + kexinit},
                                                          {Side::server, kexinit},
                                                          {Side::client, "keys"}});
}

TEST(Ssh, APatientServerGoesOnInVersionOne) {
    auto talk = bed();
    talk.server("SSH-1.99-OpenSSH_4.2p1\n")
        .client("SSH-1.5-PuTTY\n")
        .server(hex("00000005 0102030405060708"));
    EXPECT_EQ(talk.one<Ssh>().client.proto_version, "1.5");
    EXPECT_EQ(talk.out.violation, "");
    auto alone = bed();
    alone.server("SSH-1.99-OpenSSH_4.2p1\n").server(hex("000001af 0002 1112131415161718")).end();
    EXPECT_EQ(alone.one<Ssh>().server.proto_version, "1.99");
    EXPECT_EQ(alone.out.violation, "");
}

TEST(Ssh, VersionOneHasNoOffer) {
    auto talk = bed();
    talk.server("SSH-1.5-old\n").client("SSH-1.5-older\n");
    EXPECT_EQ(talk.one<Ssh>().server.software_version, "old");
    EXPECT_FALSE(talk.one<Ssh>().server.hassh);
}

TEST(Ssh, AfterALossTheOtherSideIsStillTold) {
    auto talk = bed();
    talk.client(banner).lose(Side::client, 1000).server(banner + kexinit);
    EXPECT_TRUE(talk.one<Ssh>().server.hassh);
    EXPECT_FALSE(talk.one<Ssh>().client.hassh);
}

TEST(Ssh, WhatWasHeldBeforeALossIsLostToo) {
    auto talk = bed();
    talk.client("SSH-2.0-Open").lose(Side::client, 5);
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 12u);
}

TEST(Ssh, AnEmptyListKeepsItsPlaceInHassh) {
    auto talk = bed();
    talk.client(banner + packet('\x14' + std::string(16, 'c') + list("") + list("") + list("aes128-ctr") +
                                list("") + list("hmac-sha1") + list("") + list("none") + list("") + list("") +
                                list("") + std::string(5, '\0')))
        .end();
    EXPECT_EQ(talk.one<Ssh>().client.hassh->string, ";aes128-ctr;hmac-sha1;none");
}

TEST(Ssh, WhatHasNoEndTakesNoMemory) {
    auto talk = bed();
    for (int i = 0; i < 100; ++i) talk.client(std::string(1000, 'x'));
    talk.server(banner).server(hex("7fffffff 04 14"));
    EXPECT_LT(talk.memory(), 4000u);
    EXPECT_EQ(talk.out.violation, "SSH packet length");
    EXPECT_EQ(talk.end().all<Ssh>().size(), 1u);
    auto silent = bed();
    EXPECT_THAT(silent.end().all<Ssh>(), IsEmpty());
}

TEST(Ssh, IsRecognisedByItsContent) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::server); };
    EXPECT_EQ(asked(banner), Verdict::yes);
    EXPECT_EQ(asked("SSH"), Verdict::unsure);
    EXPECT_EQ(asked("SSH-x"), Verdict::no);
    EXPECT_EQ(asked("220 ready\r\n"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::ssh
