// SPDX-License-Identifier: Apache-2.0
#include "protocol/dhcp/dhcp.hpp"

#include "protocol/bed_test.hpp"

namespace ward::protocol::dhcp {
namespace {

using event::Dhcp;
using event::Dhcpv6;
using testing::ElementsAre;

// Recorded: udhcpc 1.35.0 and dhcpd 4.4.3; what pads them is cut off.
const std::string discover =
    hex("01010600374bd00b000000000000000000000000000000000000000002005e005302") + std::string(202, '\0') +
    hex("638253633501013902024037070103060c0f1c2a0c09696e667573696f6e313c0c756468637020312e33352e303d07010200"
        "5e005302ff");
const std::string acknowledgement =
    hex("02010600374bd00b0001000000000000c0000232000000000000000002005e005302") + std::string(202, '\0') +
    hex("638253633501053604c00002013304000038400104ffffff000304c00002010608c0000203c00002040f0c776172642e6578"
        "616d706c65ff");
// Recorded: dhcpcd 9.4.1.
const std::string solicit =
    hex("0146ca070001000a0003000102005e0053020003000c00000001000000000000000000060008001700270052005300080002"
        "00000010000f00007ed90009576172642070756d7000270016010670756d702d330477617264076578616d706c6500");

TEST(Dhcp, TellsWhatAClientSaysOfItself) {
    Bed talk{open_session()};
    talk.client(discover);
    const auto& told = talk.one<Dhcp>();
    EXPECT_EQ(told.type, "request");
    EXPECT_EQ(told.dhcp_type, "discover");
    EXPECT_EQ(told.id, "374bd00b");
    EXPECT_EQ(to_text(told.client_mac), "02:00:5e:00:53:02");
    EXPECT_EQ(told.hostname, "infusion1");
    EXPECT_EQ(told.vendor_class_identifier, "udhcp 1.35.0");
    EXPECT_EQ(told.params, "1,3,6,12,15,28,42");
    EXPECT_EQ(told.assigned_ip, "");
}

TEST(Dhcp, TellsWhatAServerAssigns) {
    Bed talk{open_session()};
    talk.server(acknowledgement);
    const auto& told = talk.one<Dhcp>();
    EXPECT_EQ(told.dhcp_type, "ack");
    EXPECT_EQ(told.assigned_ip, "192.0.2.50");
    EXPECT_EQ(told.server_id, "192.0.2.1");
    EXPECT_EQ(told.lease_time, 14400u);
    EXPECT_EQ(told.subnet_mask, "255.255.255.0");
    EXPECT_THAT(told.routers, ElementsAre("192.0.2.1"));
    EXPECT_THAT(told.dns_servers, ElementsAre("192.0.2.3", "192.0.2.4"));
    EXPECT_EQ(told.domain, "ward.example");
}

// RFC 3396: parts of one option are read as one.
TEST(Dhcp, ALongListOfParametersComesInParts) {
    Bed talk{open_session()};
    talk.client(discover.substr(0, 240) + hex("350101 3702 0103 3701 06 ff"));
    EXPECT_EQ(talk.one<Dhcp>().params, "1,3,6");
}

// RFC 2132, 9.3: the fields of a server's name and of a file hold options, if option 52 says so.
TEST(Dhcp, OptionsMayStandInTheFieldsForBooting) {
    Bed talk{open_session()};
    auto message = discover.substr(0, 240) + hex("350101 340103 ff");
    message.replace(108, 8, hex("0c05") + "pump7" + hex("ff"));
    message.replace(44, 6, hex("0f03") + "lab" + hex("ff"));
    talk.client(message);
    EXPECT_EQ(talk.one<Dhcp>().hostname, "pump7");
    EXPECT_EQ(talk.one<Dhcp>().domain, "lab");
}

TEST(Dhcp, OptionsThatAreCutEndTheMessage) {
    for (std::size_t cut = 240; cut < discover.size(); ++cut) {
        Bed talk{open_session()};
        talk.client(discover.substr(0, cut));
        EXPECT_EQ(to_text(talk.one<Dhcp>().client_mac), "02:00:5e:00:53:02") << cut;
    }
    Bed talk{open_session()};
    talk.client(discover.substr(0, 239));
    EXPECT_EQ(talk.out.violation, "no DHCP message");
}

TEST(Dhcp, ReadsVersion6) {
    Bed talk{open_v6_session()};
    talk.client(solicit);
    const auto& told = talk.one<Dhcpv6>();
    EXPECT_EQ(told.type, "solicit");
    EXPECT_EQ(told.id, "46ca07");
    EXPECT_EQ(told.client_duid, "0003000102005e005302");
    EXPECT_EQ(to_text(told.client_mac), "02:00:5e:00:53:02");
    EXPECT_EQ(told.fqdn, "pump-3.ward.example");
    EXPECT_EQ(told.vendor_class, "Ward pump");
    EXPECT_EQ(told.params, "23,39,82,83");
    EXPECT_FALSE(told.relayed);
}

// RFC 8415, 21.4 and 21.6
TEST(Dhcp, TellsTheAddressesThatVersion6Assigns) {
    Bed talk{open_v6_session()};
    talk.server(
        hex("070a0b0c0001000a000300010200000000070002000a0003000102000000000900030028000000010000070800000b40"
            "0005001820010db800000000000000000000004200000e1000001c20"));
    const auto& told = talk.one<Dhcpv6>();
    EXPECT_EQ(told.type, "reply");
    EXPECT_THAT(told.addresses, ElementsAre("2001:db8::42"));
    EXPECT_EQ(to_text(told.client_mac), "02:00:00:00:00:07");
    EXPECT_EQ(told.server_duid, "00030001020000000009");
}

TEST(Dhcp, ReadsVersion6ThroughARelay) {
    const auto relayed = "\x0c" + std::string(33, '\0') +
                         hex("0009 005f").replace(3, 1, 1, static_cast<char>(solicit.size())) + solicit;
    Bed talk{open_v6_session()};
    talk.client(relayed);
    EXPECT_TRUE(talk.one<Dhcpv6>().relayed);
    EXPECT_EQ(talk.one<Dhcpv6>().fqdn, "pump-3.ward.example");
}

TEST(Dhcp, IsRecognisedByItsContent) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(discover), Verdict::yes);
    EXPECT_EQ(asked(discover.substr(0, 236)), Verdict::no);
    EXPECT_EQ(asked("\x05" + discover.substr(1)), Verdict::no);
    EXPECT_EQ(probe_v6(as_bytes(solicit), Side::client), Verdict::unsure);
    EXPECT_EQ(probe_v6(as_bytes("GET / HTTP/1.1\r\n"), Side::client), Verdict::no);
    EXPECT_EQ(probe_v6(as_bytes(solicit).first(50), Side::client), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::dhcp
