// SPDX-License-Identifier: Apache-2.0
// The names in these URIs are invented.
#include "protocol/uri.hpp"

#include <gtest/gtest.h>

namespace ward::protocol {
namespace {

TEST(Uri, WhatADeviceIsIsToldWhole) {
    for (const char* uri :
         {"urn:uuid:00000000-0000-4000-8000-02005e005301", "uuid:550E8400-e29b-41d4-a716-446655440000",
          "urn:oid:1.2.840.10004.20701.1.1", "sdc.mds.pkp:1.2.840.10004.20701.1.1", "urn:pump:7",
          "urn:schemas-upnp-org:device:InternetGatewayDevice:1", "upnp:rootdevice",
          "uuid:9f0865b3-f5da-4ad5-85b7-7404637fdf37::urn:schemas-upnp-org:service:WANIPConnection:1",
          "uuid:upnp-WANDevice-1_0-185933f4491f", "http://10.0.0.9:8080/device/desc.xml",
          "soap.udp://[fe80::1]:3702/service", "onvif://www.onvif.org/type/ptz"})
        EXPECT_EQ(uri_template(uri), uri);
}

TEST(Uri, WhoSomebodyIsIsNotTold) {
    EXPECT_EQ(uri_template("http://h/chart/Zorbanek:550e8400-e29b-41d4-a716-446655440000"),
              "http://h/chart/{id}");
    EXPECT_EQ(uri_template("onvif://www.onvif.org/name/zorbanek:1.2.3.4.5?x=1"),
              "onvif://www.onvif.org/{id}/{id}?x");
    EXPECT_EQ(uri_template("/patients/zorbanek:8080/desc"), "/patients/{id}:{id}/desc");
    EXPECT_EQ(uri_template("Zorbanek Quilithe:1.2.3.4.5"), "{id}:1.2.3.4.5");
    EXPECT_EQ(uri_template("zorbanek://host/x"), "{id}://host/x");
    EXPECT_EQ(uri_template("http://Zorbanek Quilithe, born 1953/x"), "http://{id}/x");
    EXPECT_EQ(uri_template("http://zorbanek@host/x"), "http://host/x");
    EXPECT_EQ(uri_template("urn:patient:Zorbanek:19530217"), "urn:patient:{id}:{id}");
    EXPECT_EQ(uri_template("urn:patient:19:53"), "urn:patient:{id}:53");
    EXPECT_EQ(uri_template("Zorbanek Quilithe 1953"), "{id}");
    EXPECT_EQ(uri_template("app:/patient/zorbanek?zorbanek"), "app:/patient/{id}");
    EXPECT_EQ(uri_template("app:/patient?zorbanek=1"), "app:/patient");
}

TEST(Uri, WhatOnlyLooksLikeAnIdentifierIsNone) {
    for (const char* part :
         {"550e8400-e29b-41d4-a716-44665544000", "550e8400e29b-41d4-a716-446655440000-",
          "zorbanek-quil-ithe-born-feb171953old", "1953.2.17.4711.0", "1.2.3.4", "1.2.3.04.5", "1.2.3.4.x",
          "11.2.3.4.5", "3.2.3.4.5", "195302174711", "18593zf4491f", "zorbanek-185933f4491f0"})
        EXPECT_EQ(uri_template(part), "{id}");
    EXPECT_EQ(uri_template("uuid:zorbanek-185933f4491f"), "uuid:{id}-185933f4491f");
}

TEST(Uri, ALongOneIsCut) {
    std::string many = "urn";
    for (int i = 0; i < 1000; ++i) many += ":device";
    EXPECT_LE(uri_template(many).size(), 256u + 64);
    EXPECT_LE(uri_template("http://" + std::string(10'000, 'h') + "/x").size(), 512u);
}

}   // namespace
}   // namespace ward::protocol
