// SPDX-License-Identifier: Apache-2.0
#include "protocol/tls/tls.hpp"

#include "event/tls.hpp"
#include "protocol/bed_test.hpp"
#include "protocol/tls/certificate.hpp"
#include "protocol/tls/hello.hpp"

namespace ward::protocol::tls {
namespace {

using event::TlsHandshake;
using testing::ElementsAre;
using testing::IsEmpty;

// Recorded: OpenSSL 3.0.19 asks for TLS 1.0.
const std::string client_hello =
    hex("160301006c0100006803012c4a8f8068e3d467bd88ca08200d1b43cc1e6389de997d1f8904b25d6bf6ce0b00000ac014c013"
        "0035002f00ff010000350000001500130000106869732e726f73652e6578616d706c65000b000403000102000a0008000600"
        "17001800190023000000170000");

// Made with OpenSSL 3.0.
const std::string certificate =
    hex("308201ef30820195a003020102020305c2a1300a06082a8648ce3d0403023042310b3009060355040613024445311430"
        "12060355040a0c0b526f736520436c696e6963311d301b06035504030c14676174657761792e726f73652e6578616d70"
        "6c65301e170d3236313132323233313233355a170d3236313232323233313233355a3042310b30090603550406130244"
        "4531143012060355040a0c0b526f736520436c696e6963311d301b06035504030c14676174657761792e726f73652e65"
        "78616d706c653059301306072a8648ce3d020106082a8648ce3d03010703420004b586653c545c35e5e9dafeeb15d19a"
        "78b64c2f29aa289534b92b79f2037379f2b41ec167aaf6d97331bfb439eac8f37b840c623f24a39b583c347e243d5e27"
        "50a37a3078301d0603551d0e04160414648803123c12ef149a085397962b4c6be3307b9e301f0603551d230418301680"
        "14648803123c12ef149a085397962b4c6be3307b9e300f0603551d130101ff040530030101ff30250603551d11041e30"
        "1c8214676174657761792e726f73652e6578616d706c658704c0000207300a06082a8648ce3d04030203480030450220"
        "50ed25b046453e3ea2c6828bfc5a8e30487dfabf9690bf036ec8f0eb1ffb0e90022100a6273619981e123d6530c7111b"
        "3527a47aa12b3a7c74eec2a79011b82bed525b");

std::string sized(std::size_t bytes, std::string_view content) {
    std::string text;
    for (std::size_t i = bytes; i-- > 0;) text += static_cast<char>(content.size() >> (8 * i) & 255U);
    return text.append(content);
}
std::string record(char type, std::string_view body) { return std::string{type, 3, 3} + sized(2, body); }
std::string message(char type, std::string_view body) { return type + sized(3, body); }

std::string server_hello(std::string_view extensions = {}) {
    const std::string random(32, 'r');
    return message(2, hex("0303") + random + hex("00 c02f 00") + sized(2, extensions));
}
const std::string chain = message(11, sized(3, sized(3, certificate) + sized(3, certificate)));
const std::string certificate_request = message(13, "");
const std::string key_exchange = message(16, "key");
const std::string change_cipher_spec = record(20, "\x01");
const std::string tls13 = hex("002b 0002 0304");

Bed bed() { return Bed{open_session()}; }

TEST(Tls, TellsTheHandshakeOfBothSides) {
    auto talk = bed();
    talk.client(client_hello).server(record(22, server_hello() + chain + certificate_request));
    talk.client(record(22, chain + key_exchange) + change_cipher_spec);
    const auto& told = talk.one<TlsHandshake>();
    EXPECT_EQ(told.version, "TLS 1.2");
    EXPECT_EQ(told.sni, "his.rose.example");
    EXPECT_EQ(told.cipher, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    EXPECT_EQ(told.ja3->hash, "9029a30b88a5c945fb9d0f322390b6b5");
    EXPECT_EQ(told.ja3->string, "769,49172-49171-53-47-255,0-11-10-35-23,23-24-25,0-1-2");
    EXPECT_EQ(told.ja3s->string, "771,49199,");
    EXPECT_EQ(told.ja4.substr(0, 10), "t10d050500");
    EXPECT_EQ(told.session_resumed, false);
    EXPECT_TRUE(told.client_certificate_requested);
    EXPECT_TRUE(told.client_certificate);
    EXPECT_EQ(told.certificate->chain_length, 2u);
}

TEST(Tls, AfterTheHandshakeAllIsEncrypted) {
    auto talk = bed();
    talk.client(client_hello).server(record(22, server_hello(tls13)) + record(23, "certificates"));
    EXPECT_EQ(talk.one<TlsHandshake>().version, "TLS 1.3");
    EXPECT_FALSE(talk.one<TlsHandshake>().certificate);
    const auto& encrypted = talk.out.uninspected[static_cast<std::size_t>(Uninspected::encrypted)];
    EXPECT_EQ(encrypted, 5u + 12u);
    talk.client(std::string(1000, 'x')).end();
    EXPECT_EQ(encrypted, 17u + 1000u);
    EXPECT_EQ(talk.out.events.size(), 1u);
    EXPECT_EQ(talk.out.violation, "");
}

TEST(Tls, OfAClientAloneTheEndOfTheHandshakeIsEncryptedAllTheSame) {
    auto talk = bed();
    talk.client(client_hello)
        .client(change_cipher_spec + record(22, hex("00000000000000001112131415161718")));
    EXPECT_EQ(talk.end().one<TlsHandshake>().sni, "his.rose.example");
    EXPECT_EQ(talk.out.violation, "");
}

TEST(Tls, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session,
        {{Side::client, client_hello},
         {Side::server, record(22, server_hello() + chain.substr(0, 99)) + record(22, chain.substr(99))},
         {Side::client, record(22, key_exchange) + change_cipher_spec + record(22, "????")}});
}

TEST(Tls, ReadsACertificateAsOpensslDoes) {
    const auto read = read_certificate(as_bytes(certificate), Side::server);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->subject, "C=DE, O=Rose Clinic, CN=gateway.rose.example");
    EXPECT_EQ(read->issuerdn, read->subject);
    EXPECT_TRUE(read->self_signed);
    EXPECT_EQ(read->serial, "05:C2:A1");
    EXPECT_EQ(read->fingerprint, "af:23:7b:e8:cb:97:dc:a2:96:f2:ed:03:59:35:67:eb:b7:e7:26:a6");
    EXPECT_EQ(read->notbefore, "2026-11-22T23:12:35");
    EXPECT_EQ(read->notafter, "2026-12-22T23:12:35");
    EXPECT_THAT(read->subjectaltname, ElementsAre("gateway.rose.example", "192.0.2.7"));
    EXPECT_EQ(read->key_type, "EC");
    EXPECT_EQ(read->key_bits, 256u);
    EXPECT_EQ(read->signature_algorithm, "ecdsa-with-SHA256");
    for (std::size_t cut = 0; cut < certificate.size(); ++cut)
        EXPECT_FALSE(read_certificate(as_bytes(certificate).first(cut), Side::server)) << cut;
}

// The lists of the example in FoxIO's definition.
TEST(Tls, Ja4IsThatOfItsDefinition) {
    Hello hello;
    hello.version = 0x0303;
    hello.versions = {0x6a6a, 0x0304, 0x0303};
    hello.ciphers = {0x3a3a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030,
                     0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035};
    hello.extensions = {0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005,
                        0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015, 0x1a1a};
    hello.signature_algorithms = {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601};
    hello.alpn = {"h2"};
    EXPECT_EQ(ja4_of_client(hello, Carrier::stream), "t13d1516h2_8daaf6152771_e5627efa2ab1");
    hello.alpn = {"\xab"};
    EXPECT_EQ(ja4_of_client(hello, Carrier::datagrams).substr(0, 10), "d13d1516ab");
}

TEST(Tls, KnowsAResumedSession) {
    auto talk = bed();
    talk.client(client_hello).server(record(22, server_hello()) + change_cipher_spec);
    talk.client(change_cipher_spec);
    EXPECT_EQ(talk.one<TlsHandshake>().session_resumed, true);
}

TEST(Tls, TellsAHandshakeThatEndedInAnAlert) {
    auto talk = bed();
    talk.client(client_hello).server(record(21, hex("0230"))).end();
    EXPECT_EQ(talk.one<TlsHandshake>().alert, "unknown_ca");
    EXPECT_EQ(talk.one<TlsHandshake>().version, "TLSv1");
    EXPECT_FALSE(talk.one<TlsHandshake>().session_resumed);
}

TEST(Tls, ReadsTheHelloOfSslV2) {
    const auto old = hex("802601000200090004001001008002008000002f11223344cba06b5736faf67e54b07b561eae9439");
    auto talk = bed();
    talk.client(old).server(hex("83b404000100020387")).end();
    EXPECT_EQ(talk.one<TlsHandshake>().version, "SSLv2");
    EXPECT_EQ(talk.out.violation, "");
    expect_any_split_gives_the_same_events(open_session, {{Side::client, old}, {Side::server, "\x83\xb4"}});
    EXPECT_EQ(probe(as_bytes(old), Side::client), Verdict::yes);
}

TEST(Tls, AfterALossTheRestIsStillTold) {
    auto talk = bed();
    talk.client(client_hello).server(record(22, server_hello() + chain).substr(0, 150));
    talk.lose(Side::server, 5000).server("middle of a record").client(change_cipher_spec);
    EXPECT_EQ(talk.one<TlsHandshake>().sni, "his.rose.example");
    EXPECT_EQ(talk.out.violation, "");
}

TEST(Tls, AMessageThatIsTooLongTakesNoMemory) {
    auto talk = bed();
    talk.server(record(22, hex("0b ffffff")));
    EXPECT_EQ(talk.out.violation, "handshake message too long");
    for (int i = 0; i < 100; ++i) talk.server(record(22, std::string(16000, 'x')));
    EXPECT_LT(talk.memory(), 1000u);
    talk.end();
    EXPECT_THAT(talk.out.events, IsEmpty());
}

TEST(Tls, IsRecognisedByItsContent) {
    const auto asked = [](std::string_view first, Side from = Side::client) {
        return probe(as_bytes(first), from);
    };
    EXPECT_EQ(asked(client_hello), Verdict::yes);
    EXPECT_EQ(asked(client_hello.substr(0, 7)), Verdict::unsure);
    EXPECT_EQ(asked(record(22, server_hello()), Side::server), Verdict::yes);
    EXPECT_EQ(asked(record(23, "abc")), Verdict::unsure);
    EXPECT_EQ(asked(record(23, "abc") + record(23, "def")), Verdict::yes);
    EXPECT_EQ(asked(record(23, "abc") + "GET / HTTP/1.1"), Verdict::no);
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n"), Verdict::no);
    EXPECT_EQ(asked(hex("1603 0100 a2 05 00009e 0301")), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::tls
