// SPDX-License-Identifier: Apache-2.0
#include "protocol/community_id.hpp"

#include <gtest/gtest.h>

namespace ward::protocol {
namespace {

struct Host {
    std::string_view address;
    std::uint16_t port = 0;
};

std::string id_of(std::uint8_t ip_protocol, const Host& client, const Host& server) {
    event::Conversation between;
    between.ip_protocol = ip_protocol;
    between.client = {*parse_ip_address(client.address), client.port, {}};
    between.server = {*parse_ip_address(server.address), server.port, {}};
    return community_id(between);
}

void expect_same_both_ways(std::uint8_t ip_protocol, const Host& a, const Host& b, std::string_view id) {
    EXPECT_EQ(id_of(ip_protocol, a, b), id);
    EXPECT_EQ(id_of(ip_protocol, b, a), id);
}

// The baseline of the Community ID specification, version 1, seed 0.
TEST(CommunityId, IsThatOfTheSpecification) {
    expect_same_both_ways(6, {"128.232.110.120", 34855}, {"66.35.250.204", 80},
                          "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
    expect_same_both_ways(6, {"2001:470:e5bf:dead:4957:2174:e82c:4887", 63943},
                          {"2607:f8b0:400c:c03::1a", 25}, "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=");
    expect_same_both_ways(17, {"192.168.1.52", 54585}, {"8.8.8.8", 53}, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
    expect_same_both_ways(132, {"192.168.170.8", 7}, {"192.168.170.56", 7}, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=");
    expect_same_both_ways(1, {"192.168.0.89", 8}, {"192.168.0.1", 0}, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
    expect_same_both_ways(58, {"fe80::200:86ff:fe05:80da", 135}, {"fe80::260:97ff:fe07:69ea", 136},
                          "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=");
    expect_same_both_ways(58, {"fe80::260:97ff:fe07:69ea", 134}, {"ff02::1", 133},
                          "1:pkvHqCL88/tg1k4cPigmZXUtL00=");
    expect_same_both_ways(46, {"10.1.12.1", 0}, {"10.1.12.2", 0}, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=");
    EXPECT_EQ(id_of(1, {"10.0.0.1", 11}, {"10.0.0.2", 0}), "1:YHxtAirCG//0OzkcVAukqKQN9xM=");
    EXPECT_EQ(id_of(58, {"3ffe:501:410:0:2c0:dfff:fe47:33e", 1}, {"3ffe:507:0:1:200:86ff:fe05:80da", 4}),
              "1:hLZd0XGWojozrvxqE0dWB1iM6R0=");
}

TEST(CommunityId, OfIcmpWithoutAnswersEachDirectionHasItsOwn) {
    EXPECT_NE(id_of(1, {"10.0.0.1", 3}, {"10.0.0.2", 3}), id_of(1, {"10.0.0.2", 3}, {"10.0.0.1", 3}));
}

}   // namespace
}   // namespace ward::protocol
