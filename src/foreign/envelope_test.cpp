// SPDX-License-Identifier: Apache-2.0
#include "foreign/envelope.hpp"

#include <gtest/gtest.h>

namespace ward::foreign {
namespace {

TEST(AnEnvelope, HasTheNameOfItsConversation) {
    Envelope envelope{.type = "tls", .told_by = "zeek", .vlans = {7}, .protocol = "TCP"};
    envelope.client = {*parse_ip_address("128.232.110.120"), 34'855, {}};
    envelope.server = {*parse_ip_address("66.35.250.204"), 80, {}};
    std::string out;
    const auto nothing = [](json::Writer&) {};
    append(out, envelope, nothing, nothing);
    // The Community ID is that of the specification's baseline.
    EXPECT_EQ(
        out,
        R"({"timestamp":"1970-01-01T00:00:00.000000+0000","event_type":"tls","told_by":"zeek","vlan":[7],)"
        R"("src_ip":"128.232.110.120","src_port":34855,"dest_ip":"66.35.250.204","dest_port":80,)"
        R"("proto":"TCP",)"
        R"("community_id":"1:LQU9qZlK+B5F3KDmev6m5PMibrg=","tls":{}})"
        "\n");
}

TEST(AnEnvelope, OfAProtocolWithoutPortsHasNoName) {
    Envelope envelope{.type = "flow", .told_by = "zeek", .protocol = "ICMP"};
    envelope.client.address = envelope.server.address = *parse_ip_address("10.0.0.1");
    std::string out;
    append(
        out, envelope, [](json::Writer&) {}, [](json::Writer&) {});
    EXPECT_EQ(out.find("community_id"), std::string::npos);
}

}   // namespace
}   // namespace ward::foreign
