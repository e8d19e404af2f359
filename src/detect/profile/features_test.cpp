// SPDX-License-Identifier: Apache-2.0
#include "detect/profile/features.hpp"

#include <gtest/gtest.h>

namespace ward::detect {
namespace {

class Hour : public ::testing::Test {
protected:
    /// As its client sees it.
    void see(std::string_view type, std::string_view server, std::string_view own) {
        auto document = json::Document::parse(
            R"({"timestamp":"2026-03-07T23:05:00.000000+0000","event_type":")" + std::string{type} +
            R"(","src_ip":"10.0.1.7","dest_ip":")" + std::string{server} + R"(","dest_port":443,")" +
            std::string{type} + "\":" + std::string{own} + "}");
        ASSERT_TRUE(document.has_value());
        const auto seen = read_eve(*document);
        ASSERT_TRUE(seen.has_value());
        window_.count_client(activity_in(*seen), *seen, hash_);
    }
    float of(Feature feature) const { return window_.row(known_)[index(feature)]; }

    IpAddressHash hash_{7};
    Distinct known_;
    Window window_;
};

TEST_F(Hour, BytesAndEndsCountByWhereTheyAre) {
    for (const auto* server : {"10.0.2.1", "10.0.2.1", "192.0.2.9"})
        see("flow", server, R"({"bytes_toserver":100,"bytes_toclient":10})");
    EXPECT_EQ(of(Feature::sent), 300);
    EXPECT_EQ(of(Feature::sent_outside), 100);
    EXPECT_EQ(of(Feature::received), 30);
    EXPECT_EQ(of(Feature::begun), 3);
    EXPECT_EQ(of(Feature::peers), 1);
    EXPECT_EQ(of(Feature::peers_outside), 1);
    EXPECT_EQ(of(Feature::ports), 1);
    EXPECT_EQ(of(Feature::night), 1);
    EXPECT_EQ(of(Feature::weekend), 1) << "a Saturday";
}

TEST_F(Hour, NamesCountOnce) {
    for (int i = 0; i < 3; ++i) see("dns", "10.0.2.1", R"({"rrname":"a.example","rcode":"NXDOMAIN"})");
    see("dns", "10.0.2.1", R"({"rrname":"b.example","rcode":"NOERROR"})");
    EXPECT_EQ(of(Feature::names), 2);
    EXPECT_EQ(of(Feature::names_missing), 1);
}

TEST_F(Hour, FilesAreReadAndWritten) {
    see("smb", "10.0.2.1", R"({"share_type":"FILE","transfer":{"read_bytes":5}})");
    see("smb", "10.0.2.1", R"({"share_type":"FILE","transfer":{"read_bytes":5,"written_bytes":5}})");
    see("smb", "10.0.2.1", R"({"share_type":"FILE","action":"renamed"})");
    see("smb", "10.0.2.1", R"({"share_type":"PIPE","transfer":{"read_bytes":5}})");
    EXPECT_EQ(of(Feature::files_read), 2);
    EXPECT_EQ(of(Feature::files_written), 2);
}

TEST_F(Hour, WhatTheKindKnowsIsNotNew) {
    see("tls", "10.0.2.1", R"({"ja4":"t13d1516h2","fingerprint":"aa:bb"})");
    see("tls", "192.0.2.9", R"({"ja4":"t13d1516h2","fingerprint":"cc:dd"})");
    EXPECT_EQ(of(Feature::new_handshakes), 2) << "a certificate outside does not count";
    window_.each_of_kind([&](std::uint64_t word) { known_.add(word); });
    EXPECT_EQ(of(Feature::new_handshakes), 0);
}

TEST_F(Hour, AtTheLimitNothingMoreIsDifferent) {
    for (int i = 0; i < 2000; ++i)
        see("dns", "10.0.2.1", "{\"rrname\":\"" + std::to_string(i) + ".example\"}");
    EXPECT_EQ(of(Feature::names), Distinct::kept_max);
}

}   // namespace
}   // namespace ward::detect
