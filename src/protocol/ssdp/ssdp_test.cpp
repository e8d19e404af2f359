// SPDX-License-Identifier: Apache-2.0
#include "protocol/ssdp/ssdp.hpp"

#include "event/ssdp.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::ssdp {
namespace {

using event::Ssdp;

// Recorded: minidlna 1.3.0, but for what comes behind the path.
const std::string notify =
    "NOTIFY * HTTP/1.1\r\n"
    "HOST:239.255.255.250:1900\r\n"
    "CACHE-CONTROL:max-age=20\r\n"
    "LOCATION:http://192.0.2.1:8200/rootDesc.xml?key=1\r\n"
    "SERVER: Debian DLNADOC/1.50 UPnP/1.0 MiniDLNA/1.3.0\r\n"
    "NT:urn:schemas-upnp-org:device:MediaServer:1\r\n"
    "USN:uuid:00000000-0000-4000-8000-02005e005301::urn:schemas-upnp-org:device:MediaServer:1\r\n"
    "NTS:ssdp:alive\r\n"
    "\r\n";
const std::string search =
    "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n"
    "ST: urn:schemas-upnp-org:device:MediaServer:1\r\nUSER-AGENT: Ward browser/1.0 UPnP/1.1\r\n\r\n";

TEST(Ssdp, TellsANotification) {
    Bed talk{open_session()};
    talk.client(notify);
    const auto& told = talk.one<Ssdp>();
    EXPECT_EQ(told.method, "NOTIFY");
    EXPECT_EQ(told.nts, "ssdp:alive");
    EXPECT_EQ(told.target, "urn:schemas-upnp-org:device:MediaServer:1");
    EXPECT_EQ(told.usn,
              "uuid:00000000-0000-4000-8000-02005e005301::urn:schemas-upnp-org:device:MediaServer:1");
    EXPECT_EQ(told.server, "Debian DLNADOC/1.50 UPnP/1.0 MiniDLNA/1.3.0");
    EXPECT_EQ(told.location, "http://192.0.2.1:8200/rootDesc.xml");
}

TEST(Ssdp, TellsNobodyWhomAPathNames) {
    Bed talk{open_session()};
    talk.client(
        "NOTIFY * HTTP/1.1\r\nLOCATION: http://10.0.0.5/patient/Haddad\r\nNT: Haddad, Nadia\r\n"
        "USN: uuid:/Haddad\r\nNTS: ssdp:alive\r\n\r\n");
    talk.client(
        "NOTIFY * HTTP/1.1\r\nNT: urn:Haddad\r\nUSN: uuid:Haddad-19530217\r\nNTS: Haddad\r\nSERVER: Nadia "
        "Haddad, born 1953\r\nUSER-AGENT: Nadia Haddad's UPnP/1.0\r\n\r\n");
    const auto told = talk.all<Ssdp>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0]->location, "http://10.0.0.5/patient/{id}");
    EXPECT_EQ(told[0]->nts, "ssdp:alive");
    EXPECT_EQ(told[1]->user_agent, "UPnP/1.0");
    for (const char* value : {"Haddad", "Nadia", "1953"})
        EXPECT_THAT(talk.json(), testing::Not(testing::HasSubstr(value)));
}

TEST(Ssdp, TellsASearchAndItsAnswer) {
    Bed talk{open_session()};
    talk.client(search).server("HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nSERVER: Linux UPnP/1.0\r\n\r\n");
    const auto told = talk.all<Ssdp>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0]->method, "M-SEARCH");
    EXPECT_EQ(told[0]->user_agent, "Ward browser/1.0 UPnP/1.1");
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
