// SPDX-License-Identifier: Apache-2.0
// The names in these texts are invented.
#include "protocol/products.hpp"

#include <gtest/gtest.h>

namespace ward::protocol {
namespace {

TEST(Products, AFieldOfProductsIsToldWhole) {
    for (const char* field :
         {"Apache", "HAPI", "RoseFHIR/7 Jetty/12", "lark-pump/2.7 (unit 4; SN L4-93)", "Microsoft-IIS/10.0",
          "nginx/1.18.0 (Ubuntu)", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko/20100101 Firefox/115.0",
          "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) (KHTML, like Gecko) Version/16.1 Safari/605.1.15",
          "Linux/4.4 UPnP/1.0 device/2",
          "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; .NET CLR 2.0.50727)", "PHP/8.1.2-1ubuntu2.14",
          "cam/3 (model IP-200)", "ASP.NET", "Nero SIPPS IP Phone Version 2.0.51.16",
          "Yealink SIP-T46S 66.84.0.15", "Grandstream GXP2000 1.2.5"})
        EXPECT_EQ(products_of(field), field);
}

TEST(Products, AnybodysWordsAreNot) {
    EXPECT_EQ(products_of("App/1 (Zorbanek Quilithe; MRN7740913; Linux)"), "App/1 (Linux)");
    EXPECT_EQ(products_of("bot/1 (+mailto:zorbanek@rose.example)"), "bot/1");
    EXPECT_EQ(products_of("App/1 (model Zorbanek; SN Quilithe; Windows of Zorbanek)"), "App/1");
    EXPECT_EQ(products_of("Zorbanek Quilithe"), "");
    EXPECT_EQ(products_of("Zorbanek's phone"), "phone");
    EXPECT_EQ(products_of("App/Zorbanek-Quilithe MRN7740913 born 1953"), "App");
    EXPECT_EQ(products_of("MRN7740913"), "");
    EXPECT_EQ(products_of("zorbanek@rose.example"), "");
    EXPECT_EQ(products_of("(((("), "");
    EXPECT_EQ(products_of(""), "");
}

TEST(Products, OfAVersionIsToldWhatHasTheFormOfOne) {
    for (const char* text : {"15.18 (Debian 15.18-0+deb12u1)", "5.5.5-10.11.19-MariaDB-0+deb12u1",
                             "8.0.29-debug", "5.1.67-log", "13devel", "004.001", "7.4.6"})
        EXPECT_EQ(version_of(text), text);
    EXPECT_EQ(version_of("5.5.5-10.6.16-MariaDB-1:10.6.16+maria~ubu2204-log"),
              "5.5.5-10.6.16-MariaDB-1:10.6.16");
    EXPECT_EQ(version_of("5.7.25-TiDB-v6.5.0-20231231"), "5.7.25-TiDB-v6.5.0");
    EXPECT_EQ(version_of("5-Zorbanek-Quilithe"), "5");
    EXPECT_EQ(version_of("1.0.Zorbanek"), "1.0");
    EXPECT_EQ(version_of("15.18 Zorbanek"), "15.18");
    EXPECT_EQ(version_of("17.4 (Zorbanek)"), "17.4");
    for (const char* text : {"", "Zorbanek", "1953-02-17", "195302.17", "."}) EXPECT_EQ(version_of(text), "");
}

TEST(Products, OfAGreetingOnlyKnownWordsAndVersionsAreTold) {
    EXPECT_EQ(products_in_greeting("(vsFTPd 3.0.3)"), "vsFTPd 3.0.3");
    EXPECT_EQ(products_in_greeting("ProFTPD 1.3.5 Server (Debian) of Zorbanek [10.1.2.3]"),
              "ProFTPD 1.3.5 Server Debian");
    EXPECT_EQ(products_in_greeting("IMAP4rev1 server logged in as Zorbanek"), "IMAP4rev1 server");
    EXPECT_EQ(products_in_greeting("Last user: Zorbanek 4711"), "");
    EXPECT_EQ(products_in_greeting("FTP of MRN7740913, 1953-02-17"), "FTP");
}

TEST(Products, AMachineIsNamedAsHostsAndModelsAre) {
    for (const char* name : {"rose", "pump7", "*.rose.example", "MX40", "192.0.2.7", "[2001:db8::1]",
                             "Pump 7b", "IntelliVue MX40", "Philips Monitor", "PACS"})
        EXPECT_TRUE(names_machine(name)) << name;
    for (const char* name :
         {"Dr. Quilithe Zorbanek", "Zorbanek", "Zorbanek 4711", "ZORBANEK^QUILITHE", "Anna-Zorbanek", ""})
        EXPECT_FALSE(names_machine(name)) << name;
}

}   // namespace
}   // namespace ward::protocol
