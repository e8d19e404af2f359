// SPDX-License-Identifier: Apache-2.0
#include "protocol/dhcp/dhcp.hpp"

#include "protocol/bed_test.hpp"

namespace ward::protocol::dhcp {
namespace {

using event::Dhcp;
using event::Dhcpv6;
using testing::ElementsAre;

// As they were captured, with the machines' names changed.
const std::string discover =
    hex("01010600d3e2067a 00000000 00000000 00000000 00000000 00000000 bcee7b0cb3de") +
    std::string(202, '\0') + hex("63825363 350101 390205dc 3c0c6468637063642d352e352e36") +
    "\x0c\x09"
    "infusion1" +
    hex("3709012103060f1c333a3b ff00");
const std::string acknowledgement =
    hex("02010600000007c0 00000000 00000000 800206bd ac13e607 00000000 90b11c994929") +
    std::string(202, '\0') +
    hex("63825363 350105 3604800206983304 00003840 0104ffffff00 030480020601 0608 8802010b 8002010a"
        "0f07636d752e656475ff");
const std::string solicit =
    hex("018e866d0008000202bc0001000e000100011d110a8c0050568208d10003000c0e00505600000000000000000027001100"
        "055446445350027370056c6f63616c000010000e0000013700084d53465420352e30000600080018001700110027");

TEST(Dhcp, TellsWhatAClientSaysOfItself) {
    Bed talk{open_session()};
    talk.client(discover);
    const auto& told = talk.one<Dhcp>();
    EXPECT_EQ(told.type, "request");
    EXPECT_EQ(told.dhcp_type, "discover");
    EXPECT_EQ(told.id, "d3e2067a");
    EXPECT_EQ(to_text(told.client_mac), "bc:ee:7b:0c:b3:de");
    EXPECT_EQ(told.hostname, "infusion1");
    EXPECT_EQ(told.vendor_class_identifier, "dhcpcd-5.5.6");
    EXPECT_EQ(told.params, "1,33,3,6,15,28,51,58,59");
    EXPECT_EQ(told.assigned_ip, "");
}

TEST(Dhcp, TellsWhatAServerAssigns) {
    Bed talk{open_session()};
    talk.server(acknowledgement);
    const auto& told = talk.one<Dhcp>();
    EXPECT_EQ(told.dhcp_type, "ack");
    EXPECT_EQ(told.assigned_ip, "128.2.6.189");
    EXPECT_EQ(told.server_id, "128.2.6.152");
    EXPECT_EQ(told.lease_time, 14400u);
    EXPECT_EQ(told.subnet_mask, "255.255.255.0");
    EXPECT_THAT(told.routers, ElementsAre("128.2.6.1"));
    EXPECT_THAT(told.dns_servers, ElementsAre("136.2.1.11", "128.2.1.10"));
    EXPECT_EQ(told.domain, "cmu.edu");
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
        EXPECT_EQ(to_text(talk.one<Dhcp>().client_mac), "bc:ee:7b:0c:b3:de") << cut;
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
    EXPECT_EQ(told.id, "8e866d");
    EXPECT_EQ(told.client_duid, "000100011d110a8c0050568208d1");
    EXPECT_EQ(to_text(told.client_mac), "00:50:56:82:08:d1");
    EXPECT_EQ(told.fqdn, "TFDSP.sp.local");
    EXPECT_EQ(told.vendor_class, "MSFT 5.0");
    EXPECT_EQ(told.params, "24,23,17,39");
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
    EXPECT_EQ(talk.one<Dhcpv6>().fqdn, "TFDSP.sp.local");
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
