// SPDX-License-Identifier: Apache-2.0
#include "detect/hosts.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ward::detect {
namespace {

constexpr auto answer =
    R"({"timestamp":"2026-03-02T12:00:00Z","event_type":"dns","src_ip":"10.0.1.7","dest_ip":"10.0.0.1",)"
    R"("dns":{"rrname":"up.files.example","answers":[{"rrname":"up.files.example","rrtype":"CNAME","rdata":)"
    R"("e1.edge.example"},{"rrname":"e1.edge.example","rrtype":"A","rdata":"192.0.2.9"}]}})";
constexpr auto device = R"({"timestamp":"2026-03-02T12:00:00Z","event_type":"device","device":)"
                        R"({"addresses":["10.0.1.7","10.0.1.8"],"role":"workstation"}})";
constexpr auto flow =
    R"({"timestamp":"2026-03-02T12:00:01Z","event_type":"flow","src_ip":"10.0.1.7","dest_ip":"192.0.2.9"})";

class KnownHosts : public ::testing::Test {
protected:
    void learn(std::string_view line) {
        const auto document = json::Document::parse(std::string{line});
        hosts_.learn(read_eve(*document).value());
    }
    Hosts hosts_;
};

TEST_F(KnownHosts, HaveTheNameThatWasAskedForAndTheRoleOfTheInventory) {
    learn(answer);
    learn(device);
    const auto document = json::Document::parse(flow);
    auto seen = read_eve(*document).value();
    hosts_.introduce(seen);
    EXPECT_EQ(seen.server_name, "up.files.example");
    EXPECT_EQ(seen.client_role, "workstation");
    EXPECT_EQ(seen.server_role, "");
}

TEST_F(KnownHosts, ServeWhenTheyAnswerMany) {
    const auto serves = [&] {
        const auto document = json::Document::parse(flow);
        auto seen = read_eve(*document).value();
        hosts_.introduce(seen);
        return seen.client_serves;
    };
    for (int i = 0; i < 60; ++i) {
        EXPECT_EQ(serves(), i >= 16) << i;
        learn(fmt::format(R"({{"timestamp":"2026-03-02T12:00:00Z","event_type":"flow","src_ip":"10.0.2.{}",)"
                          R"("dest_ip":"10.0.1.7","proto":"TCP","flow":{{"bytes_toclient":{}}}}})",
                          i / 2, i % 2));
    }
}

TEST_F(KnownHosts, AreNotMadeUpOfWhatHasNoAddress) {
    learn(R"({"timestamp":"2026-03-02T12:00:00Z","event_type":"dns","dns":{"rrname":"a","answers":)"
          R"([{"rrtype":"A","rdata":"nothing"},{"rrtype":"TXT","rdata":"192.0.2.9"},7]}})");
    const auto document = json::Document::parse(flow);
    auto seen = read_eve(*document).value();
    hosts_.introduce(seen);
    EXPECT_EQ(seen.server_name, "");
}

}   // namespace
}   // namespace ward::detect
