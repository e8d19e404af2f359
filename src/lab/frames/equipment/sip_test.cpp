// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/equipment/sip.hpp"

#include <gtest/gtest.h>

namespace ward::lab {
namespace {

using namespace std::chrono;

const sip::Registration registration{"4012", "voice.example", "10.20.160.12", "Phone/1", "c", "t", "b",
                                     7,      3'600s};

bool has(const std::string& message, std::string_view line) {
    return message.find("\r\n" + std::string{line} + "\r\n") != std::string::npos;
}

/// RFC 3261, section 8.1.1.
TEST(Sip, HasTheFieldsThatEachRequestMustHave) {
    const auto first = sip::register_request(registration);
    EXPECT_TRUE(first.starts_with("REGISTER sip:voice.example SIP/2.0\r\n"));
    for (const auto line :
         {"Via: SIP/2.0/UDP 10.20.160.12:5060;branch=z9hG4bKb;rport", "From: <sip:4012@voice.example>;tag=t",
          "To: <sip:4012@voice.example>", "Call-ID: c@10.20.160.12", "CSeq: 7 REGISTER", "Max-Forwards: 70",
          "Expires: 3600"})
        EXPECT_TRUE(has(first, line)) << line;
    EXPECT_TRUE(first.ends_with("\r\nContent-Length: 0\r\n\r\n"));
    EXPECT_EQ(first.find("Authorization"), std::string::npos);
}

/// RFC 3261, sections 10.2 and 22: the second try has the answer to the challenge.
TEST(Sip, RegistersWithADigest) {
    EXPECT_TRUE(has(sip::unauthorized(registration, {"s", "n"}),
                    "WWW-Authenticate: Digest realm=\"voice.example\", nonce=\"n\", algorithm=MD5, "
                    "qop=\"auth\""));
    EXPECT_TRUE(has(sip::register_request(registration, {"n", "d", "r"}),
                    "Authorization: Digest username=\"4012\", realm=\"voice.example\", nonce=\"n\", "
                    "uri=\"sip:voice.example\", response=\"r\", algorithm=MD5, cnonce=\"d\", qop=auth, "
                    "nc=00000001"));
}

/// RFC 3261, sections 8.2.6.2 and 20.17, and RFC 3581, section 4.
TEST(Sip, IsAnsweredToWhereItCameFrom) {
    const auto done = sip::registered(registration, {"s", sys_days{2026y / 3 / 2} + 8h + 5min});
    EXPECT_TRUE(done.starts_with("SIP/2.0 200 OK\r\n"));
    for (const auto line :
         {"Via: SIP/2.0/UDP 10.20.160.12:5060;branch=z9hG4bKb;received=10.20.160.12;rport=5060",
          "From: <sip:4012@voice.example>;tag=t", "To: <sip:4012@voice.example>;tag=s", "CSeq: 7 REGISTER",
          "Date: Mon, 02 Mar 2026 08:05:00 GMT",
          "Contact: <sip:4012@10.20.160.12:5060;transport=udp>;expires=3600"})
        EXPECT_TRUE(has(done, line)) << line;
}

}   // namespace
}   // namespace ward::lab
