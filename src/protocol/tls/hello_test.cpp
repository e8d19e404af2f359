// SPDX-License-Identifier: Apache-2.0
// Hellos on the wire: how records cut them, how they are fingerprinted, and those that lie.
#include "protocol/tls/hello.hpp"

#include <initializer_list>

#include "event/tls.hpp"
#include "protocol/bed_test.hpp"
#include "protocol/tls/tls.hpp"

namespace ward::protocol::tls {
namespace {

using event::TlsHandshake;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// A vocabulary for hellos.
std::string number(std::size_t bytes, std::size_t value) {
    std::string text;
    for (std::size_t i = bytes; i-- > 0;) text += static_cast<char>(value >> (8 * i) & 255U);
    return text;
}
std::string sized(std::size_t bytes, std::string_view content) {
    return number(bytes, content.size()).append(content);
}
std::string numbers(std::initializer_list<std::uint16_t> values) {
    std::string text;
    for (const auto value : values) text += number(2, value);
    return text;
}
std::string extension(std::uint16_t type, std::string_view body = {}) {
    return number(2, type) + sized(2, body);
}
std::string record(char type, std::string_view body) { return std::string{type, 3, 1} + sized(2, body); }
std::string message(char type, std::string_view body) { return type + sized(3, body); }
std::string in_records_of(std::size_t bytes, std::string_view stream) {
    std::string records;
    for (; !stream.empty(); stream.remove_prefix(std::min(bytes, stream.size())))
        records += record(22, stream.substr(0, bytes));
    return records;
}

/// RFC 5246, section 7.4.1.2; without extensions nothing stands where they would.
std::string hello_body(std::uint16_t version, std::string_view ciphers, std::string_view extensions) {
    return number(2, version) + std::string(32, 'r') + sized(1, "") + sized(2, ciphers) + hex("01 00") +
           (extensions.empty() ? std::string{} : sized(2, extensions));
}
std::string client_hello(std::uint16_t version, std::string_view ciphers, std::string_view extensions) {
    return message(1, hello_body(version, ciphers, extensions));
}
std::string server_hello(std::uint16_t cipher, std::string_view extensions = {},
                         const std::string& random = std::string(32, 's')) {
    return message(2,
                   hex("0303") + random + hex("00") + number(2, cipher) + hex("00") + sized(2, extensions));
}
std::string sni(std::string_view name) { return extension(0, sized(2, number(1, 0) + sized(2, name))); }
std::string alpn(std::initializer_list<std::string_view> names) {
    std::string list;
    for (const auto name : names) list += sized(1, name);
    return extension(16, sized(2, list));
}
const std::string chose_tls13 = extension(43, hex("0304"));
const std::string change_cipher_spec = record(20, "\x01");
const std::string name_of_pump = sni("pump7.rose.example");

Bed bed() { return Bed{open_session()}; }
Bed after_hello(std::string_view ciphers, std::string_view extensions, std::uint16_t version = 0x0303) {
    auto talk = bed();
    talk.client(record(22, client_hello(version, ciphers, extensions))).end();
    return talk;
}

// The two examples of the README of salesforce/ja3.
const std::string ja3_ciphers = numbers({47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4});
const std::string ja3_extensions =
    extension(0) + extension(10, sized(2, numbers({23, 24, 25}))) + extension(11, hex("01 00"));

TEST(TlsHello, Ja3IsThatOfItsReadme) {
    const auto talk = after_hello(ja3_ciphers, ja3_extensions, 0x0301);
    const auto& told = talk.one<TlsHandshake>();
    EXPECT_EQ(told.ja3->string, "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0");
    EXPECT_EQ(told.ja3->hash, "ada70206e40642a3e4461f35503241d5");
}

TEST(TlsHello, Ja3OfAHelloWithoutExtensionsLeavesTheFieldsEmpty) {
    const auto talk = after_hello(numbers({4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99}), "", 0x0301);
    EXPECT_EQ(talk.one<TlsHandshake>().ja3->string, "769,4-5-10-9-100-98-3-6-19-18-99,,,");
    EXPECT_EQ(talk.one<TlsHandshake>().ja3->hash, "de350869b8c85de67a350c8d186f11e6");
}

TEST(TlsHello, GreaseChangesNoFingerprint) {   // RFC 8701, section 2
    const auto plain = after_hello(ja3_ciphers, ja3_extensions, 0x0301);
    const auto greased = after_hello(numbers({0x0a0a}) + ja3_ciphers,
                                     extension(0xfafa) + extension(0) +
                                         extension(10, sized(2, numbers({0x1a1a, 23, 24, 25}))) +
                                         extension(11, hex("01 00")) + extension(0xbaba, "x"),
                                     0x0301);
    EXPECT_EQ(greased.one<TlsHandshake>().ja3->hash, "ada70206e40642a3e4461f35503241d5");
    EXPECT_EQ(greased.one<TlsHandshake>().ja4, plain.one<TlsHandshake>().ja4);
}

TEST(TlsHello, OnlySixteenValuesAreGrease) {
    EXPECT_TRUE(is_grease(0x0a0a));
    EXPECT_TRUE(is_grease(0xfafa));
    EXPECT_FALSE(is_grease(0x0a1a));
    EXPECT_FALSE(is_grease(0x0b0b));
    EXPECT_FALSE(is_grease(0x1301));
}

// FoxIO's example, its extensions in another order than there: browsers shuffle them.
TEST(TlsHello, Ja4OnTheWireDoesNotDependOnTheOrder) {
    const auto ciphers = numbers({0x8a8a, 0xc030, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xcca9,
                                  0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035});
    std::string shuffled = extension(0x2a2a) + name_of_pump;
    for (const auto empty : std::initializer_list<std::uint16_t>{0x15, 0x0a, 0x0b, 0xff01, 0x12, 0x23, 0x05,
                                                                 0x2d, 0x17, 0x4469, 0x33, 0x1b})
        shuffled += extension(empty);
    shuffled += extension(43, sized(1, numbers({0xdada, 0x0304, 0x0303}))) + alpn({"h2", "http/1.1"});
    const auto signatures = numbers({0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601});
    const auto talk = after_hello(ciphers, shuffled + extension(13, sized(2, signatures)));
    const auto& told = talk.one<TlsHandshake>();
    EXPECT_EQ(told.ja4, "t13d1516h2_8daaf6152771_e5627efa2ab1");
    EXPECT_EQ(told.version, "TLS 1.3");
    EXPECT_EQ(told.sni, "pump7.rose.example");
    EXPECT_THAT(told.client_alpns, ElementsAre("h2", "http/1.1"));
}

// JA4.md, "Extension hash": without signature algorithms there is no underscore.
TEST(TlsHello, Ja4WithoutSignatureAlgorithmsHashesTheExtensionsAlone) {
    Hello hello;
    hello.version = 0x0303;
    hello.extensions = {0x0005, 0x000a, 0x000b, 0x000d, 0x0012, 0x0015, 0x0017,
                        0x001b, 0x0023, 0x002b, 0x002d, 0x0033, 0x4469, 0xff01};
    EXPECT_EQ(ja4_of_client(hello, Carrier::stream), "t12i001400_000000000000_6d807ffa2a79");
    hello.extensions = {0x0000, 0x0010};   // both are in the first part already
    EXPECT_EQ(ja4_of_client(hello, Carrier::stream), "t12d000200_000000000000_000000000000");
}

// JA4.md, "ALPN Extension Value".
TEST(TlsHello, Ja4WritesABinaryProtocolInHexadecimal) {
    const auto ending = [](std::string_view protocol) {
        Hello hello;
        hello.alpn = {std::string{protocol}};
        return ja4_of_client(hello, Carrier::stream).substr(8, 2);
    };
    EXPECT_EQ(ending("http/1.1"), "h1");
    EXPECT_EQ(ending("\xab\xcd"), "ad");
    EXPECT_EQ(ending("0\xab"), "3b");
    EXPECT_EQ(ending("01\xab\xcd"), "3d");
    EXPECT_EQ(ending("0\xab\xcd\x31"), "01");
    EXPECT_EQ(ending("x"), "xx");
    EXPECT_EQ(ending(""), "00");
}

TEST(TlsHello, AProtocolThatNobodyKnowsIsNotTold) {
    for (const char* name : {"h2", "http/1.1", "h3-29", "spdy/3.1", "anydesk/6.2.0/linux", "acme-tls/1",
                             "h3-q050", "apns-security-v3"})
        EXPECT_EQ(alpn_name(name), name);
    for (const char* name : {"zorbanek", "h2-zorbanek", "http/1953", "h2/19/53/0", "\xab\xcd"})
        EXPECT_EQ(alpn_name(name), "{other}") << name;
}

TEST(TlsHello, OfBothSidesOnlyKnownProtocolsAreTold) {
    auto talk = bed();
    talk.client(record(22, client_hello(0x0303, numbers({0x1301}), alpn({"zorbanek", "h2"}))));
    talk.server(record(22, server_hello(0x1301, alpn({"zorbanek"}))));
    const auto& told = talk.end().one<TlsHandshake>();
    EXPECT_THAT(told.client_alpns, ElementsAre("{other}", "h2"));
    EXPECT_THAT(told.server_alpns, ElementsAre("{other}"));
}

TEST(TlsHello, Ja4CountsToNinetyNine) {
    Hello hello;
    hello.version = 0x0300;
    hello.ciphers.assign(150, 0x002f);
    hello.extensions.assign(100, 0x0005);
    EXPECT_EQ(ja4_of_client(hello, Carrier::stream).substr(0, 10), "ts3i999900");
}

TEST(TlsHello, IsPutTogetherFromRecordsOfOneByte) {   // RFC 8446, section 5.1
    auto talk = bed();
    talk.client(in_records_of(1, client_hello(0x0303, numbers({0x1301}), name_of_pump)));
    talk.server(in_records_of(7, server_hello(0x1301, chose_tls13)));
    EXPECT_EQ(talk.one<TlsHandshake>().sni, "pump7.rose.example");
    EXPECT_EQ(talk.one<TlsHandshake>().cipher, "TLS_AES_128_GCM_SHA256");
    EXPECT_EQ(talk.out.violation, "");
}

TEST(TlsHello, AnEmptyRecordBetweenTwoPartsChangesNothing) {
    const auto hello = client_hello(0x0303, numbers({0x1301}), name_of_pump);
    auto talk = bed();
    talk.client(record(22, hello.substr(0, 60)) + record(22, "") + record(22, hello.substr(60))).end();
    EXPECT_EQ(talk.one<TlsHandshake>().sni, "pump7.rose.example");
}

// RFC 8446, section 4.1.3: SHA-256 of "HelloRetryRequest".
const std::string retry_random = hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
const std::string retry = server_hello(0x1302, chose_tls13 + extension(51, hex("0017")), retry_random);
const std::string first_hello = client_hello(0x0303, numbers({0x1301, 0x1302}), name_of_pump);
const std::string second_hello =
    client_hello(0x0303, numbers({0x1301, 0x1302}), name_of_pump + extension(44, hex("0001 78")));

TEST(TlsHello, AfterARetryTheFirstHelloIsFingerprintedAndTheLastAnswerCounts) {
    auto talk = bed();
    talk.client(record(22, first_hello)).server(record(22, retry));
    EXPECT_THAT(talk.out.events, IsEmpty());
    talk.client(change_cipher_spec + record(22, second_hello));
    EXPECT_THAT(talk.out.events, IsEmpty());
    talk.server(record(22, server_hello(0x1302, chose_tls13 + extension(41, hex("0000")))));
    const auto& told = talk.one<TlsHandshake>();
    EXPECT_EQ(told.ja3->string, "771,4865-4866,0,,");
    EXPECT_EQ(told.ja3s->string, "771,4866,43-41");
    EXPECT_EQ(told.cipher, "TLS_AES_256_GCM_SHA384");
    EXPECT_EQ(told.session_resumed, true);   // by its pre-shared key
    EXPECT_EQ(talk.out.violation, "");
}

TEST(TlsHello, ARetryGivesTheSameEventsHoweverItIsCut) {
    expect_any_split_gives_the_same_events(
        open_session, {{Side::client, record(22, first_hello)},
                       {Side::server, record(22, retry)},
                       {Side::client, change_cipher_spec + in_records_of(50, second_hello)},
                       {Side::server, record(22, server_hello(0x1302, chose_tls13)) + record(23, "finished")},
                       {Side::client, record(23, "finished")}});
}

TEST(TlsHello, EarlyDataDoesNotEndTheHandshake) {   // RFC 8446, section 2.3
    auto talk = bed();
    talk.client(record(22, first_hello) + change_cipher_spec + record(23, "a request at once"));
    EXPECT_THAT(talk.out.events, IsEmpty());
    talk.server(record(22, server_hello(0x1301, chose_tls13)));
    EXPECT_EQ(talk.one<TlsHandshake>().cipher, "TLS_AES_128_GCM_SHA256");
    EXPECT_EQ(talk.one<TlsHandshake>().session_resumed, false);
}

TEST(TlsHello, AnEncryptedHelloInsideIsTold) {   // RFC 9849
    const auto talk = after_hello(numbers({0x1301}), sni("public.example") + extension(0xfe0d, "sealed"));
    EXPECT_TRUE(talk.one<TlsHandshake>().encrypted_client_hello);
    EXPECT_EQ(talk.one<TlsHandshake>().sni, "public.example");
}

TEST(TlsHello, AnUnknownCipherIsANumberAndADraftIsCalledOne) {
    auto talk = bed();
    talk.client(record(22, first_hello)).server(record(22, server_hello(0xeeee, extension(43, hex("7f1c")))));
    EXPECT_EQ(talk.end().one<TlsHandshake>().cipher, "0xeeee");
    EXPECT_EQ(talk.one<TlsHandshake>().version, "TLS 1.3 draft");
}

TEST(TlsHello, TheEndOfAConnectionIsNoFailure) {   // RFC 8446, section 6.1: close_notify
    auto talk = bed();
    talk.client(record(22, first_hello)).server(record(21, hex("01 00"))).end();
    EXPECT_EQ(talk.one<TlsHandshake>().alert, "");
    auto refused = bed();
    refused.client(record(22, first_hello)).server(record(21, hex("02")) + record(21, hex("c8"))).end();
    EXPECT_EQ(refused.one<TlsHandshake>().alert, "200");
}

// RFC 5246, appendix E.2: a client of SSLv2 that may also speak TLS 1.0; 010080 is a cipher of SSLv2 alone.
std::string old_hello(const std::string& ciphers, const std::string& challenge = std::string(16, 'c')) {
    const auto body = hex("01 0301") + number(2, ciphers.size()) + number(2, 0) +
                      number(2, challenge.size()) + ciphers + challenge;
    return number(2, 0x8000U + body.size()) + body;
}

TEST(TlsHello, AServerMayAnswerAnOldHelloInTls) {
    const Dialogue dialogue{
        {Side::client, old_hello(hex("000004 010080 000005 00000a 000009 000064 000062 000003 000006 000013"
                                     "000012 000063"))},
        {Side::server, record(22, server_hello(0x0004)) + change_cipher_spec},
        {Side::client, record(22, message(16, "key")) + change_cipher_spec}};
    auto talk = bed();
    talk.client(dialogue[0].bytes).server(dialogue[1].bytes).client(dialogue[2].bytes);
    const auto& told = talk.one<TlsHandshake>();
    EXPECT_EQ(told.ja3->hash, "de350869b8c85de67a350c8d186f11e6");   // again that of the README
    EXPECT_EQ(told.cipher, "TLS_RSA_WITH_RC4_128_MD5");
    EXPECT_EQ(told.ja4, "");
    expect_any_split_gives_the_same_events(open_session, dialogue);
}

TEST(TlsHello, AnOldHelloWhoseLengthsDisagreeIsNone) {
    const auto violation_of = [](std::string_view bytes) {
        auto talk = bed();
        talk.client(bytes).end();
        EXPECT_THAT(talk.out.events, IsEmpty());
        EXPECT_EQ(probe(as_bytes(bytes), Side::client), Verdict::no);
        return talk.out.violation;
    };
    EXPECT_EQ(violation_of(old_hello("four")), "no SSLv2 hello");
    EXPECT_EQ(violation_of(old_hello("")), "no SSLv2 hello");
    EXPECT_EQ(violation_of(old_hello(hex("000004"), std::string(15, 'c'))), "no SSLv2 hello");
    EXPECT_EQ(violation_of(old_hello(hex("000004"), std::string(33, 'c'))), "no SSLv2 hello");
    EXPECT_EQ(violation_of(hex("ffff 01 0301 0003 0000 0010 000004") + "cccccccccccccccc"), "no SSLv2 hello");
}

TEST(TlsHello, AFixedPartThatIsCutIsNoHello) {
    const auto body = hello_body(0x0303, numbers({0x1301}), "");
    for (std::size_t cut = 0; cut < body.size(); ++cut) {
        auto talk = bed();
        talk.client(record(22, message(1, body.substr(0, cut)))).end();
        EXPECT_EQ(talk.out.violation, "TLS hello") << cut;
        EXPECT_THAT(talk.out.events, IsEmpty()) << cut;
    }
    const auto answer = server_hello(0x1301).substr(4);
    for (std::size_t cut = 0; cut < answer.size() - 2; ++cut) {
        auto talk = bed();
        talk.server(record(22, message(2, answer.substr(0, cut)))).end();
        EXPECT_EQ(talk.out.violation, "TLS hello") << cut;
        EXPECT_THAT(talk.out.events, IsEmpty()) << cut;
    }
}

TEST(TlsHello, AnExtensionBlockThatIsCutNamesNobody) {
    const auto body = hello_body(0x0303, numbers({0x1301}), name_of_pump);
    for (auto cut = body.size() - name_of_pump.size(); cut < body.size(); ++cut) {
        auto talk = bed();
        talk.client(record(22, message(1, body.substr(0, cut)))).end();
        EXPECT_EQ(talk.one<TlsHandshake>().sni, "") << cut;
        EXPECT_EQ(talk.one<TlsHandshake>().ja3->string, "771,4865,,,") << cut;
    }
}

TEST(TlsHello, ALengthInsideAnExtensionDoesNotReachIntoTheNext) {
    const auto talk = after_hello(
        numbers({0x1301}), extension(0, hex("0009 00 ffff") + "pump") + extension(10, hex("fffe 0017")) +
                               extension(11, hex("ff 00")) + extension(51, "after"));
    EXPECT_EQ(talk.one<TlsHandshake>().sni, "");
    EXPECT_EQ(talk.one<TlsHandshake>().ja3->string, "771,4865,0-10-11-51,,");
    EXPECT_THAT(talk.json(), Not(HasSubstr("after")));
}

TEST(TlsHello, ANameOfAnotherKindIsNoHost) {   // RFC 6066, section 3: host_name is 0
    const auto talk = after_hello(numbers({0x1301}), extension(0, sized(2, hex("01") + sized(2, "haddad"))));
    EXPECT_EQ(talk.one<TlsHandshake>().sni, "");
    EXPECT_THAT(talk.json(), Not(HasSubstr("haddad")));
}

TEST(TlsHello, WhatIsEndlessIsCut) {
    std::string many;
    for (std::uint16_t type = 100; type < 1100; ++type) many += extension(type);
    std::string names;
    for (int i = 0; i < 100; ++i) names += sized(1, std::string(255, 'p'));
    auto talk = bed();
    const auto hello = client_hello(0x0303, std::string(60'000, 'c').substr(0, 20'000),
                                    sni(std::string(2000, 'n')) + extension(16, sized(2, names)) + many);
    talk.client(in_records_of(16'384, hello));
    EXPECT_LT(talk.memory(), 32u << 10);
    const auto& told = talk.end().one<TlsHandshake>();
    EXPECT_THAT(told.sni, SizeIs(256));
    EXPECT_THAT(told.client_alpns, SizeIs(16));
    EXPECT_THAT(told.client_alpns, Each("{other}"));
    EXPECT_LT(told.ja3->string.size(), 6u * 1024);
    EXPECT_EQ(told.ja4.substr(0, 8), "t12d9999");
}

TEST(TlsHello, ALossAnywhereInTheClientsHelloLeavesTheServers) {
    const auto hello = record(22, first_hello);
    for (std::size_t cut = 0; cut < hello.size(); ++cut) {
        auto talk = bed();
        talk.client(hello.substr(0, cut)).lose(Side::client, hello.size() - cut);
        talk.server(record(22, server_hello(0x1301, chose_tls13)));
        EXPECT_EQ(talk.one<TlsHandshake>().cipher, "TLS_AES_128_GCM_SHA256") << cut;
        EXPECT_EQ(talk.one<TlsHandshake>().sni, "") << cut;
        EXPECT_EQ(talk.out.violation, "") << cut;
    }
}

TEST(TlsHello, IsReadWhereTheSidesWereMistaken) {
    auto talk = bed();
    talk.server(record(22, first_hello)).client(record(22, server_hello(0x1301, chose_tls13)));
    EXPECT_EQ(talk.one<TlsHandshake>().sni, "pump7.rose.example");
    EXPECT_EQ(talk.one<TlsHandshake>().cipher, "TLS_AES_128_GCM_SHA256");
}

TEST(TlsHello, ARecordLongerThanAnyMayBeIsNone) {   // RFC 5246, section 6.2.3: 2^14 + 2048
    auto talk = bed();
    talk.client(hex("16 0301 4801")).end();
    EXPECT_EQ(talk.out.violation, "no TLS record");
    EXPECT_EQ(probe(as_bytes(hex("16 0301 4801")), Side::client), Verdict::no);
    EXPECT_EQ(probe(as_bytes(hex("16 0301 4800")), Side::client), Verdict::unsure);
}

}   // namespace
}   // namespace ward::protocol::tls
