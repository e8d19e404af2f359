// SPDX-License-Identifier: Apache-2.0
#include "vault/clients.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "crypto/foreign_signer_test.hpp"
#include "crypto/hash.hpp"
#include "http/tls_identity.hpp"

namespace ward::vault {
namespace {

using namespace std::chrono_literals;
using crypto::ForeignSigner;

constexpr Time now{std::chrono::seconds{1'800'000'000}};
constexpr std::string_view url = "https://ward.example/token";

class Systems : public ::testing::Test {
protected:
    std::vector<RegisteredClient> registered() {
        return Clients::parse(
                   fmt::format(R"({{"clients":[{{"client_id":"lab","scope":"system/Observation.crus",
            "roles":["feed"],"jwks":{{"keys":[{{{},"kid":"k"}}]}}}}]}})",
                               signer_.jwk()))
            .value();
    }
    std::string assertion(std::string_view jti,
                          std::string_view more = R"(,"aud":"https://ward.example/token")",
                          std::string_view who = "lab", int lives = 240) {
        const auto claims = fmt::format(R"({{"iss":"{0}","sub":"{0}","jti":"{1}","exp":{2}{3}}})", who, jti,
                                        1'800'000'000 + lives, more);
        const auto text = to_base64url(as_bytes(R"({"alg":"ES384","typ":"JWT","kid":"k"})")) + "." +
                          to_base64url(as_bytes(claims));
        return text + "." + signer_.sign(text);
    }
    ForeignSigner signer_ = ForeignSigner::p384();
};

TEST_F(Systems, ProveThemselvesByTheirKey) {
    Clients clients{registered()};
    const auto proved = clients.prove(assertion("1"), url, now);
    ASSERT_TRUE(proved) << proved.error().what;
    EXPECT_EQ((*proved)->id, "lab");
    EXPECT_EQ((*proved)->roles, std::vector<std::string>{"feed"});
}

TEST_F(Systems, ProveThemselvesOnceByEachAssertion) {
    Clients clients{registered()};
    EXPECT_TRUE(clients.prove(assertion("1"), url, now));
    EXPECT_FALSE(clients.prove(assertion("1"), url, now + 1s)) << "replayed";
    EXPECT_FALSE(clients.prove(assertion("1"), url, now + 299s));
    EXPECT_TRUE(clients.prove(assertion("2"), url, now));
    EXPECT_FALSE(clients.prove(assertion(""), url, now)) << "without a jti";
}

TEST_F(Systems, AreRefusedForAnythingThatIsNotQuiteRight) {
    Clients clients{registered()};
    EXPECT_FALSE(clients.prove(assertion("1", R"(,"aud":"https://other.example/token")"), url, now));
    EXPECT_FALSE(clients.prove(assertion("1", ""), url, now));
    EXPECT_FALSE(clients.prove(assertion("1", R"(,"aud":"https://ward.example/token")", "nobody"), url, now));
    EXPECT_FALSE(
        clients.prove(assertion("1", R"(,"aud":"https://ward.example/token")", "lab", 600), url, now))
        << "it lives for ten minutes";
    EXPECT_FALSE(clients.prove(assertion("1"), url, now + 10min)) << "expired";
    const auto forged = assertion("1");
    signer_ = ForeignSigner::p384();
    EXPECT_FALSE(clients.prove(assertion("1"), url, now)) << "another key";
    EXPECT_TRUE(clients.prove(forged, url, now));
}

TEST_F(Systems, GetTheScopesTheyAreRegisteredForAndNoMore) {
    const auto registered = this->registered();
    const auto& lab = registered.front();
    EXPECT_EQ(scope_for(lab, "").value(), "system/Observation.crus");
    EXPECT_EQ(scope_for(lab, "system/Observation.rs").value(), "system/Observation.rs");
    EXPECT_EQ(scope_for(lab, "system/Observation.read openid").value(), "system/Observation.read");
    EXPECT_EQ(scope_for(lab, "system/Observation.rs?category=laboratory").value(),
              "system/Observation.rs?category=laboratory");
    EXPECT_FALSE(scope_for(lab, "system/Observation.d"));
    EXPECT_FALSE(scope_for(lab, "system/*.rs"));
    EXPECT_FALSE(scope_for(lab, "user/Observation.rs"));
    EXPECT_FALSE(scope_for(lab, "openid"));
}

TEST(Registration, KnowsASystemByItsCertificate) {
    const auto identity =
        http::make_self_signed({.host_names = {"monitor"}, .addresses = {}, .not_before = now}).value();
    std::string pem;
    for (const char c : identity.certificate_pem) pem += c == '\n' ? std::string{"\\n"} : std::string{c};
    const Clients clients{
        Clients::parse(
            fmt::format(R"({{"clients":[{{"client_id":"m","scope":"system/*.c","certificate":"{}"}}]}})",
                        pem))
            .value()};
    EXPECT_EQ(clients.certificates_pem(), identity.certificate_pem + "\n");
    EXPECT_EQ(clients.with_certificate({}), nullptr);
}

TEST(Registration, NamesTheClientAtFault) {
    const auto complaint = [](std::string_view clients) {
        const auto parsed = Clients::parse(fmt::format(R"({{"clients":[{}]}})", clients));
        return parsed ? "" : parsed.error().what;
    };
    EXPECT_EQ(complaint(R"({"client_id":"a","scope":"user/*.rs"})"),
              "client 1: a system has system/ scopes only");
    EXPECT_EQ(complaint(R"({"client_id":"a","scope":"system/*.r"},{"client_id":"a","scope":"system/*.r"})"),
              "client 2: the client_id is there twice");
    EXPECT_EQ(complaint(R"({"client_id":"a","scope":"system/*.r","jwks":{"keys":[]}})"),
              "client 1: jwks has no key that Ward can use");
    EXPECT_EQ(complaint(R"({"client_id":"a","scope":"system/*.r","certificate":"x"})"),
              "client 1: certificate is not one certificate in PEM");
    EXPECT_EQ(complaint(R"({"client_id":"a","scope":"system/*.r","secret":"x"})"),
              "client 1: 'secret' is not known");
    EXPECT_EQ(complaint(R"({"scope":"system/*.r"})"), "client 1: client_id is missing or too long");
    EXPECT_FALSE(Clients::parse("{}"));
    EXPECT_EQ(Clients::parse(std::string(Clients::file_bytes_max + 1, ' ')).error().code,
              Errc::limit_exceeded);
}

}   // namespace
}   // namespace ward::vault
