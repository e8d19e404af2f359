// SPDX-License-Identifier: Apache-2.0
#include "vault/cross_origin.hpp"

#include <gtest/gtest.h>

namespace ward::vault {
namespace {

CrossOrigin app() { return CrossOrigin::with({"https://app.example", "http://127.0.0.1:3000"}).value(); }

http::Request question(const std::string& origin) {
    http::Request request;
    request.method = http::Method::options;
    request.headers = {{"Origin", origin}, {"Access-Control-Request-Method", "GET"}};
    return request;
}

TEST(CrossOrigin, APageOfANamedSiteMayAskAndReadTheAnswer) {
    const auto answer = app().preflight(question("https://app.example"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 204);
    EXPECT_EQ(answer->header("Access-Control-Allow-Origin"), "https://app.example");
    EXPECT_EQ(answer->header("Vary"), "Origin");
    http::Request request;
    request.headers = {{"Origin", "http://127.0.0.1:3000"}};
    EXPECT_EQ(app().headers_for(request).front().value, "http://127.0.0.1:3000");
}

TEST(CrossOrigin, APageOfAnyOtherSiteMayNot) {
    for (const auto* other : {"https://app.example.evil.example", "http://app.example",
                              "https://app.example:444", "https://APP.example", "null", ""}) {
        EXPECT_FALSE(app().preflight(question(other))) << other;
        EXPECT_TRUE(app().headers_for(question(other)).empty()) << other;
        EXPECT_FALSE(CrossOrigin{}.preflight(question(other))) << other;
    }
}

TEST(CrossOrigin, WhatNoBrowserWritesIsNoOrigin) {
    for (const auto* wrong : {"*", "app.example", "https://", "https://app.example/", "https://App.example",
                              "ftp://app.example", "https://user@app.example"})
        EXPECT_FALSE(CrossOrigin::with({wrong})) << wrong;
    EXPECT_TRUE(CrossOrigin::with({"https://[2001:db8::1]:8443"}));
}

}   // namespace
}   // namespace ward::vault
