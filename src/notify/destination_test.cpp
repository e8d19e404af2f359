// SPDX-License-Identifier: Apache-2.0
#include "notify/destination.hpp"

#include <gtest/gtest.h>

namespace ward::notify {
namespace {

TEST(Destination, OfAWebhookHasTlsOrIsThisMachine) {
    EXPECT_TRUE(parse_webhook("https://hook.example/ward?team=soc"));
    EXPECT_TRUE(parse_webhook("http://127.0.0.1:8080/"));
    EXPECT_TRUE(parse_webhook("http://[::1]:8080/"));
    for (const auto* text : {"http://hook.example/", "ftp://hook.example/", "hook.example", "", "https://",
                             "https://user:secret@hook.example/", "http://127.0.0.1.example/"})
        EXPECT_FALSE(parse_webhook(text)) << text;
}

TEST(Destination, HasItsSchemesPort) {
    EXPECT_EQ(parse_mail_server("smtp://mail.example").value().port, "587");
    EXPECT_EQ(parse_mail_server("smtps://mail.example").value().port, "465");
    EXPECT_EQ(parse_mail_server("smtp+plain://mail.example:2525").value().port, "2525");
    EXPECT_EQ(parse_syslog("tls://siem.example").value().port, "6514");
    EXPECT_EQ(parse_syslog("udp://[fd00::5]").value().host, "fd00::5");
    for (const auto* text : {"siem.example:514", "udp://", "tcp://siem.example/x", "quic://siem.example"})
        EXPECT_FALSE(parse_syslog(text)) << text;
}

TEST(Destination, AMailAddressHoldsNothingThatAHeaderReadsOtherwise) {
    EXPECT_TRUE(is_mail_address("soc+ward@hospital.example"));
    for (const auto* text : {"", "soc", "@hospital.example", "soc@", "soc@a@b", "soc@a b", "a,b@c", "<a@b>",
                             "a@b\r\nBcc: c@d", "sör@hospital.example", "-a@b"})
        EXPECT_FALSE(is_mail_address(text)) << text;
}

}   // namespace
}   // namespace ward::notify
