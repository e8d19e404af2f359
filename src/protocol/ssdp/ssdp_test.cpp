// SPDX-License-Identifier: Apache-2.0
#include "protocol/ssdp/ssdp.hpp"

#include "event/ssdp.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::ssdp {
namespace {

using event::Ssdp;

// From a home router.
const std::string notify =
    "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=100\r\n"
    "LOCATION: http://192.168.1.1:1900/igd.xml?key=1\r\nNT: urn:schemas-upnp-org:device:WANDevice:1\r\n"
    "NTS: ssdp:alive\r\nSERVER: ipos/7.0 UPnP/1.0 TL-WDR3600/1.0\r\n"
    "USN: uuid:254e9977-8964-49f3-b8d5-51acb7bd40fc::urn:schemas-upnp-org:device:WANDevice:1\r\n\r\n";
const std::string search =
    "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n"
    "ST: urn:dial-multiscreen-org:service:dial:1\r\nUSER-AGENT: Google Chrome/77.0.3865.90 Mac OS X\r\n\r\n";

TEST(Ssdp, TellsANotification) {
    Bed talk{open_session()};
    talk.client(notify);
    const auto& told = talk.one<Ssdp>();
    EXPECT_EQ(told.method, "NOTIFY");
    EXPECT_EQ(told.nts, "ssdp:alive");
    EXPECT_EQ(told.target, "urn:schemas-upnp-org:device:WANDevice:1");
    EXPECT_EQ(told.usn, "uuid:254e9977-8964-49f3-b8d5-51acb7bd40fc::urn:schemas-upnp-org:device:WANDevice:1");
    EXPECT_EQ(told.server, "ipos/7.0 UPnP/1.0 TL-WDR3600/1.0");
    EXPECT_EQ(told.location, "http://192.168.1.1:1900/igd.xml");
}

TEST(Ssdp, TellsASearchAndItsAnswer) {
    Bed talk{open_session()};
    talk.client(search).server("HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nSERVER: Linux UPnP/1.0\r\n\r\n");
    const auto told = talk.all<Ssdp>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0]->method, "M-SEARCH");
    EXPECT_EQ(told[0]->user_agent, "Google Chrome/77.0.3865.90 Mac OS X");
    EXPECT_EQ(told[1]->status, 200);
    EXPECT_EQ(told[1]->target, "upnp:rootdevice");
}

TEST(Ssdp, SomethingElseIsMalformed) {
    Bed talk{open_session()};
    talk.client("HTTP/1.1 OK OK\r\n");
    EXPECT_EQ(talk.out.violation, "no SSDP message");
}

TEST(Ssdp, OfAMessageWithoutEndOnlyTheBeginningIsRead) {
    Bed talk{open_session()};
    std::string message = notify.substr(0, 19);
    for (std::size_t i = 0; i < lines_max; ++i) message += "X: 1\r\n";
    talk.client(message + "NT: late\r\n");
    EXPECT_EQ(talk.one<Ssdp>().target, "");
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::cap)], 10u);
}

TEST(Ssdp, IsRecognisedByItsMethods) {
    EXPECT_EQ(probe(as_bytes(notify), Side::client), Verdict::yes);
    EXPECT_EQ(probe(as_bytes(search), Side::client), Verdict::yes);
    EXPECT_EQ(probe(as_bytes("HTTP/1.1 200 OK\r\n"), Side::server), Verdict::unsure);
    EXPECT_EQ(probe(as_bytes("NOTIFY sip:a@b SIP/2.0\r\n"), Side::client), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::ssdp
