// SPDX-License-Identifier: Apache-2.0
#include "protocol/mdns/mdns.hpp"

#include "event/mdns.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::mdns {
namespace {

using event::Mdns;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

// Recorded: avahi-daemon 0.8, asked for one service.
const std::string announcement =
    hex("0000840000000003000000000b4c61622061726368697665095f736674702d737368045f746370056c6f63616c0000218001"
        "00000078000d00000000001604726f7365c027c03e001c800100000078001020010db8000000000000000000000001c03e00"
        "018001000000780004c0000201");

std::string dns_name(std::initializer_list<std::string_view> labels) {
    std::string name;
    for (const auto label : labels) name.append(1, static_cast<char>(label.size())).append(label);
    return name + '\0';
}

std::string asking(const std::string& name) {
    return hex("0000 0000 0001 0000 0000 0000") + name + hex("0021 0001");
}

std::string text_record(const std::string& texts) {
    return hex("0000 8400 0000 0001 0000 0000") +
           "\x04"
           "rose"
           "\x05"
           "local" +
           hex("00 0010 8001 00000078 00") + static_cast<char>(texts.size()) + texts;
}

TEST(Mdns, TellsAServiceAndItsHost) {
    Bed talk{open_session()};
    talk.client(announcement);
    const auto& told = talk.one<Mdns>();
    EXPECT_EQ(told.type, "response");
    ASSERT_THAT(told.services, SizeIs(1));
    EXPECT_EQ(told.services[0].instance, "_sftp-ssh._tcp.local");
    EXPECT_EQ(told.services[0].host, "rose.local");
    EXPECT_EQ(told.services[0].port, 22);
    ASSERT_THAT(told.hosts, SizeIs(2));
    EXPECT_EQ(told.hosts[0].address, "2001:db8::1");
    EXPECT_EQ(told.hosts[1].address, "192.0.2.1");
    EXPECT_EQ(talk.out.violation, "");
}

TEST(Mdns, KeepsTheKeysThatNameADeviceAndNoOthers) {
    Bed talk{open_session()};
    talk.client(
        text_record("\x0d"
                    "model=iMac4,1"
                    "\x0d"
                    "fn=Nadia's TV"
                    "\x05"
                    "TY=HP"));
    EXPECT_THAT(talk.one<Mdns>().services[0].txt, ElementsAre("model=iMac4,1", "TY=HP"));
    EXPECT_THAT(talk.json(), Not(HasSubstr("Nadia")));
}

TEST(Mdns, OnlyDevicesAreToldByTheNameOfTheirService) {
    Bed talk{open_session()};
    talk.client(asking(dns_name({"Nadia Haddad's iPad", "_companion-link", "_tcp", "local"})));
    talk.client(asking(dns_name({"Lab printer", "_ipp", "_tcp", "local"})));
    talk.client(asking(dns_name({"lab7", "local"})));
    const auto told = talk.all<Mdns>();
    ASSERT_THAT(told, SizeIs(3));
    EXPECT_EQ(told[0]->questions[0].rrname, "_companion-link._tcp.local");
    EXPECT_EQ(told[1]->questions[0].rrname, "Lab printer._ipp._tcp.local");
    EXPECT_EQ(told[2]->questions[0].rrname, "lab7.local");
}

TEST(Mdns, ACutMessageTellsItsBeginning) {
    Bed talk{open_session()};
    talk.client(announcement.substr(0, 80));
    EXPECT_THAT(talk.one<Mdns>().services, SizeIs(1));
    EXPECT_EQ(talk.out.violation, "mDNS record");
}

TEST(Mdns, IsRecognisedByItsContent) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(announcement), Verdict::yes);
    EXPECT_EQ(asked(hex("0001 0000 0001 0000 0000 0000 0161 00 0001 0001")), Verdict::unsure);
    EXPECT_EQ(asked(hex("0001 0100 0001 0000 0000 0000 0161 00 0001 0001")), Verdict::no);   // a resolver's
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n"), Verdict::no);
    EXPECT_EQ(recognise(Transport::udp, 5353, as_bytes(announcement), Side::client).protocol->name, "mdns");
}

}   // namespace
}   // namespace ward::protocol::mdns
