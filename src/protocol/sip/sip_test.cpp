// SPDX-License-Identifier: Apache-2.0
#include "protocol/sip/sip.hpp"

#include "event/sip.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::sip {
namespace {

using event::Sip;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string invite(const std::string& transport, int sequence = 1) {
    const std::string sdp =
        "v=0\r\nm=audio 5000 " + transport + " 8 0\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n";
    return "INVITE sip:nadia@ward.example;user=phone SIP/2.0\r\nFrom: \"Ann\" "
           "<sip:ann@lab.example:5060>;tag=1\r\n"
           "Call-ID: 1@x\r\nCSeq: " +
           std::to_string(sequence) +
           " INVITE\r\n"
           "User-Agent: Ward phone 2.0\r\nContent-Type: "
           "application/sdp\r\nContent-Length: " +
           std::to_string(sdp.size()) + "\r\n\r\n" + sdp;
}
const std::string trying =
    "SIP/2.0 100 Trying\r\nCall-ID: 1@x\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n";
const std::string okay = "SIP/2.0 200 OK\r\ni: 1@x\r\nCSeq: 1 INVITE\r\nServer: PBX/3\r\nl: 0\r\n\r\n";

TEST(Sip, TellsACallAndWhetherItIsEncryptedButNotWhoCalls) {
    Bed talk{open_session()};
    talk.client(invite("RTP/AVP")).client(invite("RTP/AVP")).after(std::chrono::milliseconds{5});
    talk.server(trying).server(okay);
    const auto& told = talk.one<Sip>();
    EXPECT_EQ(told.method, "INVITE");
    EXPECT_EQ(told.uri, "ward.example");
    EXPECT_EQ(told.from, "lab.example");
    EXPECT_EQ(told.code, 200);
    EXPECT_EQ(told.user_agent, "Ward phone 2.0");
    EXPECT_EQ(told.server, "PBX/3");
    EXPECT_THAT(told.media, ElementsAre("audio RTP/AVP"));
    EXPECT_THAT(told.codecs, ElementsAre("PCMA", "PCMU"));
    EXPECT_EQ(told.encrypted_media, false);
    EXPECT_EQ(told.latency_us, 5000);
    for (const char* person : {"nadia", "Ann", "ann@"}) EXPECT_THAT(talk.json(), Not(HasSubstr(person)));
}

TEST(Sip, KnowsSecureRtp) {
    Bed talk{open_session()};
    talk.client(invite("RTP/SAVPF")).end();
    EXPECT_EQ(talk.one<Sip>().encrypted_media, true);
    EXPECT_FALSE(talk.one<Sip>().code);
}

std::string with_body(const std::string& head, const std::string& sdp) {
    return head + "Call-ID: 1@x\r\nCSeq: 1 INVITE\r\nl: " + std::to_string(sdp.size()) + "\r\n\r\n" + sdp;
}
const std::string asking = "INVITE sip:a@ward.example SIP/2.0\r\n";
const std::string answering = "SIP/2.0 200 OK\r\n";

// RFC 4568: keys may be offered without making encryption a must.
TEST(Sip, KeysOfAnOrdinaryProfileEncryptToo) {
    Bed talk{open_session()};
    talk.client(
            with_body(asking, "c=IN IP4 192.0.2.7\r\nm=audio 5004 RTP/AVP 8\r\na=crypto:1 AES_CM_128\r\n"))
        .end();
    EXPECT_EQ(talk.one<Sip>().encrypted_media, true);
    EXPECT_THAT(talk.one<Sip>().media_endpoints, ElementsAre("192.0.2.7 5004"));
}

TEST(Sip, TheAnswerDecidesAboutAMixedOffer) {
    Bed talk{open_session()};
    const std::string offer = "c=IN IP4 192.0.2.7\r\nm=audio 5004 RTP/SAVP 8\r\nm=audio 5006 RTP/AVP 8\r\n";
    talk.client(with_body(asking, offer));
    talk.server(
        with_body(answering, "m=audio 6000 RTP/SAVP 8\r\nc=IN IP6 2001:db8::1\r\nm=audio 0 RTP/AVP 8\r\n"));
    EXPECT_EQ(talk.one<Sip>().encrypted_media, true);
    EXPECT_THAT(talk.one<Sip>().media_endpoints,
                ElementsAre("192.0.2.7 5004", "192.0.2.7 5006", "2001:db8::1 6000"));
}

TEST(Sip, ANameIsNoAddressOfMedia) {
    Bed talk{open_session()};
    talk.client(with_body(asking, "c=IN IP4 haddads-tablet.example\r\nm=audio 5004 RTP/AVP 8\r\n")).end();
    EXPECT_THAT(talk.json(), Not(HasSubstr("haddad")));
}

TEST(Sip, WhoIsCalledOrCallsIsNotAHost) {
    for (const char* uri :
         {"sip:5551234567", "sip:john.smith", "sip:a@5551234567", "sip:bob;x=y@john.doe",
          "sip:a@john%20smith", "sip:a@[john:a:smith]", "sip:[john:a:smith]", "tel:5551234567@x.example"}) {
        Bed talk{open_session()};
        talk.client(std::string{"INVITE "} + uri + " SIP/2.0\r\nFrom: <" + uri + ">\r\nCall-ID: 1\r\n\r\n")
            .end();
        EXPECT_EQ(talk.one<Sip>().uri, "") << uri;
        EXPECT_EQ(talk.one<Sip>().from, "") << uri;
    }
    Bed talk{open_session()};
    talk.client("INVITE sip:bob@h.example;x=y@john.doe SIP/2.0\r\nCall-ID: 1\r\n\r\n").end();
    EXPECT_EQ(talk.one<Sip>().uri, "h.example");
}

TEST(Sip, AnAddressNamesNobody) {
    Bed talk{open_session()};
    talk.client("OPTIONS sip:192.0.2.7:5060 SIP/2.0\r\nFrom: <sip:555.123.4567>\r\n\r\n").end();
    EXPECT_EQ(talk.one<Sip>().uri, "192.0.2.7");
    EXPECT_EQ(talk.one<Sip>().from, "");
}

TEST(Sip, TheTargetOfARegistrationIsADomain) {
    Bed talk{open_session()};
    talk.client(
            "REGISTER sip:ward.example;transport=tcp SIP/2.0\r\nFrom: <sip:ann@[2001:db8::1]:5060>\r\n\r\n")
        .end();
    EXPECT_EQ(talk.one<Sip>().uri, "ward.example");
    EXPECT_EQ(talk.one<Sip>().from, "2001:db8::1");
}

TEST(Sip, WhatIsNoWordOfSipIsNotTold) {
    Bed talk{open_session()};
    talk.client(with_body("ZORBANEK sip:a@ward.example SIP/2.0\r\nUser-Agent: Zorbanek's phone\r\n",
                          "m=zorbanek quilithe zorbanek 0\r\na=rtpmap:96 Zorbanek/8000\r\n"))
        .end();
    EXPECT_EQ(talk.one<Sip>().method, "{other}");
    EXPECT_THAT(talk.one<Sip>().media, ElementsAre("{other} {other}"));
    EXPECT_THAT(talk.one<Sip>().codecs, ElementsAre("{other}"));
    EXPECT_EQ(talk.one<Sip>().user_agent, "phone");
}

// RFC 3261, 17.1.1.2: over UDP a request is repeated until an answer comes.
TEST(Sip, ARequestThatIsSentAgainIsOneEvent) {
    Bed talk{open_session()};
    talk.client(invite("RTP/AVP")).client(invite("RTP/AVP")).server(okay).end();
    EXPECT_EQ(talk.all<Sip>().size(), 1u);
}

TEST(Sip, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session, {{Side::client, "\r\n\r\n" + invite("RTP/AVP") + invite("RTP/SAVP", 2)},
                       {Side::server, trying + okay}});
}

TEST(Sip, AResponseWhoseRequestWasNotSeenIsToldAlone) {
    Bed talk{open_session()};
    talk.server(okay);
    EXPECT_FALSE(talk.one<Sip>().request_seen);
}

TEST(Sip, LossAndGarbageDoNotStopIt) {
    Bed talk{open_session()};
    talk.client(invite("RTP/AVP").substr(0, 100))
        .lose(Side::client, 9)
        .client("garbage\r\n")
        .client(invite("RTP/AVP"))
        .end();
    EXPECT_EQ(talk.one<Sip>().method, "INVITE");
    EXPECT_EQ(talk.out.violation, "no SIP message");
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 100u);
}

TEST(Sip, CallsWithoutAnswerTakeBoundedMemory) {
    Bed talk{open_session()};
    for (int i = 0; i < 1000; ++i) talk.client(invite("RTP/AVP", i));
    EXPECT_EQ(talk.all<Sip>().size(), 1000 - limits.unanswered_max);
    EXPECT_LT(talk.memory(), 1024u << 10);
}

TEST(Sip, AnEndlessMessageIsGivenUp) {
    Bed talk{open_session()};
    talk.client("INVITE sip:a SIP/2.0\r\n");
    for (int i = 0; i < 100; ++i) talk.client(std::string(1000, 'x'));
    EXPECT_LT(talk.memory(), 4 * limits.head_bytes_max);
    EXPECT_GT(talk.out.uninspected[static_cast<std::size_t>(Uninspected::malformed)], 90'000u);
}

TEST(Sip, IsRecognisedByItsContent) {
    EXPECT_EQ(probe(as_bytes(invite("RTP/AVP")), Side::client), Verdict::yes);
    EXPECT_EQ(probe(as_bytes(okay), Side::server), Verdict::yes);
    EXPECT_EQ(probe(as_bytes("OPTI"), Side::client), Verdict::unsure);
    EXPECT_EQ(probe(as_bytes("OPTIONS * HTTP/1.1"), Side::client), Verdict::no);
    EXPECT_EQ(probe(as_bytes("NOTIFY * HTTP/1.1"), Side::client), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::sip
