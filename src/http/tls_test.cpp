// SPDX-License-Identifier: Apache-2.0
#include <openssl/ssl.h>

#include "core/clock.hpp"
#include "http/fixture_test.hpp"
#include "http/openssl_pointer.hpp"

namespace ward::http {
namespace {

using RolePointer = std::unique_ptr<SSL_CTX, Release<&SSL_CTX_free>>;

// Connects with OpenSSL itself, with nothing newer than that version and every cipher it has.
std::string version_spoken(const TestServer& server, int version_max,
                           const char* ciphers = "ALL:@SECLEVEL=0") {
    const RolePointer role{SSL_CTX_new(TLS_client_method())};
    SSL_CTX_set_min_proto_version(role.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(role.get(), version_max);
    EXPECT_EQ(SSL_CTX_set_cipher_list(role.get(), ciphers), 1);
    const BioPointer bio{BIO_new_ssl_connect(role.get())};
    BIO_set_conn_hostname(bio.get(), ("127.0.0.1:" + std::to_string(server.port())).c_str());
    if (BIO_do_connect(bio.get()) != 1 || BIO_do_handshake(bio.get()) != 1) return "none";
    SSL* ssl = nullptr;
    BIO_get_ssl(bio.get(), &ssl);
    return SSL_get_version(ssl);
}

TEST(Tls, SpeaksOneTwoAndOneThreeAndNothingOlder) {
    const TestServer server;
    EXPECT_EQ(version_spoken(server, TLS1_3_VERSION), "TLSv1.3");
    EXPECT_EQ(version_spoken(server, TLS1_2_VERSION), "TLSv1.2");
    EXPECT_EQ(version_spoken(server, TLS1_1_VERSION), "none");
    EXPECT_EQ(version_spoken(server, TLS1_VERSION), "none");
}

TEST(Tls, OffersNoCipherWithoutForwardSecrecyOrWithoutAuthentication) {
    const TestServer server;
    EXPECT_EQ(version_spoken(server, TLS1_2_VERSION, "ECDHE+AESGCM"), "TLSv1.2");
    for (const auto* ciphers : {"AES128-GCM-SHA256:AES256-SHA:@SECLEVEL=0",
                                "ECDHE+SHA1:ECDHE+SHA256+AES:@SECLEVEL=0", "aNULL:@SECLEVEL=0"})
        EXPECT_EQ(version_spoken(server, TLS1_2_VERSION, ciphers), "none") << ciphers;
}

TEST(Tls, PlainTextIsNotAnswered) {
    TestServer server;
    RawClient client{server, RawClient::Tls::stays_silent};
    ASSERT_TRUE(client.send_untouched("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    client.receive_until_closed();
    EXPECT_TRUE(server.reaches([](const auto& counters) { return counters.handshakes_failed == 1; }));
    EXPECT_EQ(server.server().counters().requests, 0U);
}

TEST(Tls, TheClientTrustsThatOneCertificateOnly) {
    const TestServer server;
    const auto other = make_test_identity();
    EXPECT_FALSE(Client::connect({.port = server.port(), .trusted_certificate_pem = other.certificate_pem}));
    EXPECT_FALSE(Client::connect({.port = server.port(), .trusted_certificate_pem = "no certificate"}));
    EXPECT_TRUE(Client::connect({.port = server.port(), .trusted_certificate_pem = server.certificate()}));
}

TEST(Tls, TheClientChecksTheNameItConnectsTo) {
    const auto identity =
        make_self_signed({.host_names = {"ward.example"}, .not_before = SystemClock{}.now()});
    ASSERT_TRUE(identity);
    auto server = Server::open({}, *identity, echo);
    ASSERT_TRUE(server);
    server->start();
    EXPECT_FALSE(
        Client::connect({.port = server->port(), .trusted_certificate_pem = identity->certificate_pem}));
}

TEST(Tls, TheClientKnowsAServerByItsNameToo) {
    const TestServer server;
    auto client = Client::connect(
        {.host = "localhost", .port = server.port(), .trusted_certificate_pem = server.certificate()});
    ASSERT_TRUE(client) << client.error().what;
    EXPECT_TRUE(client->send(get("/")));
}

TEST(Tls, AnExpiredCertificateIsNotTrusted) {
    const auto identity = make_self_signed(
        {.addresses = {"127.0.0.1"}, .not_before = Time{}, .lifetime = std::chrono::days{1}});
    ASSERT_TRUE(identity);
    auto server = Server::open({}, *identity, echo);
    server->start();
    EXPECT_FALSE(
        Client::connect({.port = server->port(), .trusted_certificate_pem = identity->certificate_pem}));
}

TEST(TlsIdentity, NeedsAKeyThatFitsItsCertificate) {
    auto identity = make_test_identity();
    identity.key = make_test_identity().key;
    EXPECT_FALSE(Server::open({}, identity, echo));
    EXPECT_FALSE(Server::open({}, TlsIdentity{"", PrivateKey{{}}}, echo));
}

TEST(TlsIdentity, TwoAreNeverTheSame) {
    const auto one = make_test_identity();
    const auto other = make_test_identity();
    EXPECT_NE(one.certificate_pem, other.certificate_pem);
    EXPECT_FALSE(std::ranges::equal(one.key.reveal(), other.key.reveal()));
}

TEST(TlsIdentity, RefusesNamesThatAreNone) {
    const auto made = [](std::vector<std::string> names, std::vector<std::string> addresses) {
        return make_self_signed(
                   {.host_names = std::move(names), .addresses = std::move(addresses), .not_before = Time{}})
            .has_value();
    };
    EXPECT_FALSE(made({}, {}));
    EXPECT_FALSE(made({"a,DNS:evil.example"}, {}));
    EXPECT_FALSE(made({""}, {}));
    EXPECT_FALSE(made({}, {"127.0.0.1,DNS:evil"}));
    EXPECT_TRUE(made({"ward.example"}, {"::1"}));
}

}   // namespace
}   // namespace ward::http
