// SPDX-License-Identifier: Apache-2.0
// Certificates as others make them, and DER that lies.
#include "protocol/tls/certificate.hpp"

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

// Made with OpenSSL 3.0: RSA, signed by another, valid beyond 2049, names of four kinds.
const std::string of_pump =
    hex("30820283308201eca003020102020400ff0102300d06092a864886f70d01010c05003037310b300906035504061302444531"
        "143012060355040a0c0b526f736520436c696e69633112301006035504030c09526f736520526f6f743020170d3236313132"
        "333030343834355a180f32303536313131353030343834355a303e311c301a060355040a0c13526f736520436c696e69632c"
        "20576172642033310e300c06035504051305534e2d3838310e300c06035504030c0570756d703730819f300d06092a864886"
        "f70d010101050003818d0030818902818100b256d19e78c99e1477b45efeff65177a33482803e87c5e71bb253d43509f2b47"
        "00402a4d41194797e4077e1fb26a65d49ed0e9f34a52b87ae6e328418da54166f4234859cc8a1803c6d4cd995e104808017c"
        "314a9461e9c5cc0771959fdfdfec9271930175252e6bb2d10aaad210989feeaecf531615a802cd293817ebfe118502030100"
        "01a3819230818f304d0603551d11044630448110626d6540726f73652e6578616d706c65860a75726e3a70756d703a378710"
        "20010db8000000000000000000000007821270756d70372e726f73652e6578616d706c65301d0603551d0e041604144b787e"
        "0e7534b14e5ff0eadefa4c2b8d141e3406301f0603551d23041830168014d5dff4d7a721d51242b4c5e8a11f8704ae79538a"
        "300d06092a864886f70d01010c0500038181004b076d76784765cd13bf478563814202a5515b8ecf0e4b56b76cd79774b69d"
        "9b3587b6d73c3e56e8bf6265f2c4bc1501569f8fae6742384f8a1e7f625e23ae8d10db9700863f4b46040a0ff0fb13817a4d"
        "6b16bb0b8cfcdb6408700863af6d7dcf339b6b01069d263a1c4751fc08b858a59cf92df4563a1704a07e4d5d6e440e");

// openssl req -x509 -newkey ed25519 -set_serial 0x80 -subj /CN=e
const std::string of_ed25519 =
    hex("3082011c3081cfa00302010202020080300506032b6570300c310a300806035504030c01653020170d323631313233303034"
        "3834355a180f32303531303731353030343834355a300c310a300806035504030c0165302a300506032b6570032100b2db6f"
        "f371e99a46e287764ff972be147b55c95245fb22432eb0a5aedc1cfc16a3533051301d0603551d0e04160414c0d0d2a2823f"
        "906cee4c69e07218861a74a133e2301f0603551d23041830168014c0d0d2a2823f906cee4c69e07218861a74a133e2300f06"
        "03551d130101ff040530030101ff300506032b6570034100630aa57ccca982dc26b4466845380a13e47bd661de6d57fc1db0"
        "7b8a2d6647db91fa8d9a51b790c205a211601133adec9735641a0adf07eae7c1312d46a5350e");

// A vocabulary for DER: X.690, 8.1.3, in the shortest form.
std::string der(unsigned tag, std::string_view content) {
    const auto size = content.size();
    std::string text{static_cast<char>(tag)};
    if (size >= 0x100) text += {'\x82', static_cast<char>(size >> 8U)};
    if (size >= 0x80 && size < 0x100) text += '\x81';
    return (text += static_cast<char>(size & 0xffU)).append(content);
}
std::string oid(std::string_view digits) { return der(6, hex(digits)); }
std::string name(std::string_view attribute, unsigned tag, std::string_view value) {
    return der(0x31, der(0x30, oid(attribute) + der(tag, value)));
}
const std::string common_name = "550403";
const std::string rose = name(common_name, 0x0c, "rose");
const std::string validity = der(0x17, "500101000000Z") + der(0x17, "491231235959Z");
const std::string rsa_key = der(0x30, oid("2a864886f70d010101")) + der(3, hex("00 3006 0201 11 0201 03"));

struct Parts {
    std::string subject = rose;
    std::string times = validity;
    std::string key = rsa_key;
    std::string extensions;
};
/// RFC 5280, section 4.1.
std::string certificate(const Parts& parts) {
    const auto extensions = parts.extensions.empty() ? "" : der(0xa3, der(0x30, parts.extensions));
    return der(0x30, der(0x30, der(2, hex("2a")) + der(0x30, oid("2a864886f70d010105")) + der(0x30, rose) +
                                   der(0x30, parts.times) + der(0x30, parts.subject) + der(0x30, parts.key) +
                                   extensions));
}
std::string alternative_names(std::string_view list) {
    return der(0x30, oid("551d11") + der(4, der(0x30, list)));
}
event::Certificate read(const std::string& encoded, Side shown_by = Side::server) {
    auto certificate = read_certificate(as_bytes(encoded), shown_by);
    EXPECT_TRUE(certificate);
    return certificate.value_or(event::Certificate{});
}

TEST(Certificate, OfRsaIsReadAsOpensslDoes) {
    const auto told = read(of_pump);
    EXPECT_EQ(told.subject, "O=Rose Clinic, Ward 3, serialNumber=SN-88, CN=pump7");
    EXPECT_EQ(told.issuerdn, "C=DE, O=Rose Clinic, CN=Rose Root");
    EXPECT_FALSE(told.self_signed);
    EXPECT_EQ(told.serial, "FF:01:02");
    EXPECT_EQ(told.fingerprint, "07:1c:38:27:13:c1:c2:24:9d:1d:17:ca:1a:05:87:cf:7c:75:00:b3");
    EXPECT_EQ(told.notbefore, "2026-11-23T00:48:45");
    EXPECT_EQ(told.notafter, "2056-11-15T00:48:45");   // a GeneralizedTime
    EXPECT_EQ(told.key_type, "RSA");
    EXPECT_EQ(told.key_bits, 1024u);
    EXPECT_EQ(told.signature_algorithm, "sha384WithRSAEncryption");
    EXPECT_THAT(told.subjectaltname, ElementsAre("urn:pump:7", "2001:db8::7", "pump7.rose.example"));
}

const std::string host_of_pump = der(0x82, "pump7.rose.example");
/// What a card says of its holder: surname, given name, user's identifier, mail address, common name.
const std::string holder =
    name("550406", 0x13, "DE") + name("55040a", 0x0c, "Rose Clinic") + name("550404", 0x0c, "HADDAD") +
    name("55042a", 0x0c, "NADIA") + name("0992268993f22c640101", 0x0c, "nhaddad") +
    name("2a864886f70d010901", 0x16, "n.haddad@rose.example") + name(common_name, 0x0c, "Nadia Haddad");

TEST(Certificate, OfAClientThatNamesNoHostOnlyItsOrganisationAndIssuerAreTold) {
    Parts parts;
    parts.subject = holder;
    parts.extensions = alternative_names(der(0x81, "n.haddad@rose.example") + der(0x86, "urn:staff:haddad"));
    const auto told = read(certificate(parts), Side::client);
    EXPECT_EQ(told.subject, "C=DE, O=Rose Clinic");
    EXPECT_EQ(told.issuerdn, "CN=rose");
    EXPECT_EQ(told.serial, "");
    EXPECT_NE(told.fingerprint, "");
    EXPECT_THAT(told.subjectaltname, IsEmpty());
    parts.subject = name(common_name, 0x0c, "rose");
    EXPECT_TRUE(read(certificate(parts), Side::client).self_signed);
    EXPECT_EQ(read(certificate(parts), Side::client).issuerdn, "");
}

TEST(Certificate, OfAClientThatNamesAHostAllButPeopleIsTold) {
    Parts parts;
    parts.subject = holder;
    parts.extensions = alternative_names(host_of_pump + der(0x86, "mailto:n.haddad@rose.example"));
    const auto told = read(certificate(parts), Side::client);
    EXPECT_EQ(told.subject, "C=DE, O=Rose Clinic");
    EXPECT_EQ(told.serial, "2A");
    EXPECT_THAT(told.subjectaltname, ElementsAre("pump7.rose.example"));
}

TEST(Certificate, WhoIsNamedByItIsAMachineOrNotTold) {
    const auto told = [](std::string_view value, Side shown_by) {
        Parts parts;
        parts.subject =
            name("55040a", 0x0c, "Rose") + name("55040b", 0x0c, value) + name(common_name, 0x0c, value);
        parts.extensions = alternative_names(host_of_pump);
        return read(certificate(parts), shown_by).subject;
    };
    for (const auto from : {Side::client, Side::server}) {
        EXPECT_EQ(told("Dr. Nadia Haddad", from), "O=Rose");
        EXPECT_EQ(told("Haddad", from), "O=Rose");
        for (const std::string machine : {"pump7", "*.rose.example", "IntelliVue MX40", "Philips Monitor"})
            EXPECT_EQ(told(machine, from), "O=Rose, OU=" + machine + ", CN=" + machine);
    }
}

TEST(Certificate, OfAUriIsToldWhatNamesNobody) {
    Parts parts;
    parts.extensions =
        alternative_names(host_of_pump + der(0x86, "urn:staff:haddad") + der(0x86, "urn:pump:7") +
                          der(0x86, "https://u:p@rose.example/people/haddad?x=y") +
                          der(0x86, "spiffe://rose.example/patients/haddad") +
                          der(0x86, "urn:haddad:19530217") + der(0x86, "Nadia Haddad 1953"));
    EXPECT_THAT(read(certificate(parts)).subjectaltname,
                ElementsAre("pump7.rose.example", "urn:staff:{id}", "urn:pump:7",
                            "spiffe://rose.example/patients/{id}", "urn:{id}:{id}", "{id}"));
}

TEST(Certificate, OfEd25519HasAKeyWithoutBits) {
    const auto told = read(of_ed25519);
    EXPECT_EQ(told.key_type, "Ed25519");
    EXPECT_FALSE(told.key_bits);
    EXPECT_EQ(told.signature_algorithm, "Ed25519");
    EXPECT_EQ(told.serial, "80");
    EXPECT_EQ(told.fingerprint, "f5:fb:24:3a:86:cd:56:d5:40:65:49:f3:db:56:78:fd:9e:da:be:90");
    EXPECT_TRUE(told.self_signed);
    EXPECT_THAT(told.subjectaltname, IsEmpty());
}

TEST(Certificate, OfTheFirstVersionIsReadToo) {   // RFC 5280, section 4.1.2.1: version is absent
    const auto told = read(certificate({}));
    EXPECT_EQ(told.subject, "CN=rose");
    EXPECT_EQ(told.serial, "2A");
    EXPECT_EQ(told.key_bits, 5u);   // of the modulus 17
    EXPECT_EQ(told.signature_algorithm, "sha1WithRSAEncryption");
}

TEST(Certificate, YearsOfTwoDigitsTurnIn1950) {   // RFC 5280, section 4.1.2.5.1
    EXPECT_EQ(read(certificate({})).notbefore, "1950-01-01T00:00:00");
    EXPECT_EQ(read(certificate({})).notafter, "2049-12-31T23:59:59");
}

TEST(Certificate, ATimeThatIsNoneIsEmpty) {
    Parts parts;
    parts.times = der(0x17, "26112") + der(0x18, "2026-11-23 00:48:45Z");
    EXPECT_EQ(read(certificate(parts)).notbefore, "");
    EXPECT_EQ(read(certificate(parts)).notafter, "");
    parts.times = "";
    EXPECT_EQ(read(certificate(parts)).notafter, "");
}

TEST(Certificate, OfTheLargestCurveHas521Bits) {   // SEC 1, 2.3.3: 04, and two coordinates of 66 bytes
    Parts parts;
    const auto curve = der(0x30, oid("2a8648ce3d0201") + oid("2b81040023"));
    parts.key = curve + der(3, hex("00 04") + std::string(132, 'p'));
    EXPECT_EQ(read(certificate(parts)).key_type, "EC");
    EXPECT_EQ(read(certificate(parts)).key_bits, 521u);
    parts.key = curve + der(3, hex("00 04") + std::string(96, 'p'));
    EXPECT_EQ(read(certificate(parts)).key_bits, 384u);
}

TEST(Certificate, ANameOfUtf16IsReadable) {   // X.690, 8.23.7: BMPString
    Parts parts;
    parts.subject = name("55040a", 0x1e, hex("0052 00f6 0073 0065")) + name("550463", 0x13, "x");
    EXPECT_EQ(read(certificate(parts)).subject, "O=R?se");   // what nobody knows is not told
}

TEST(Certificate, AZeroByteDoesNotEndAName) {   // CVE-2009-2408
    auto hostile = of_pump;
    hostile[hostile.find("pump7.rose") + 5] = '\0';
    const auto told = read(hostile);
    ASSERT_THAT(told.subjectaltname, SizeIs(3));
    EXPECT_EQ(told.subjectaltname[2], std::string("pump7\0rose.example", 18));
}

TEST(Certificate, OfManyNamesTheFirstAreKept) {
    std::string names;
    for (int i = 0; i < 1000; ++i) names += der(0x82, std::string(40, 'h'));
    Parts parts;
    parts.extensions = alternative_names(names);
    EXPECT_THAT(read(certificate(parts)).subjectaltname, SizeIs(32));
    parts.extensions = alternative_names(der(0x82, std::string(1000, 'h')) + der(0x82, "host"));
    EXPECT_THAT(read(certificate(parts)).subjectaltname, ElementsAre(SizeIs(256), "host"));
}

TEST(Certificate, ALongNameIsCut) {
    Parts parts;
    parts.subject = "";
    for (int i = 0; i < 100; ++i) parts.subject += name(common_name, 0x0c, std::string(200, 'n'));
    EXPECT_LT(read(certificate(parts)).subject.size(), 512u + 256 + 8);
}

TEST(Certificate, AnAddressOfAnotherSizeIsEmpty) {   // RFC 5280, section 4.2.1.6: four or sixteen bytes
    Parts parts;
    parts.extensions = alternative_names(der(0x87, "12345") + der(0x87, hex("c0000207")));
    EXPECT_THAT(read(certificate(parts)).subjectaltname, ElementsAre("", "192.0.2.7"));
}

TEST(Certificate, WhoseLengthLiesIsNone) {
    const auto with_head = [](std::string_view head) {
        auto hostile = of_pump;
        hostile.replace(0, 4, hex(head));
        return read_certificate(as_bytes(hostile), Side::server);
    };
    EXPECT_TRUE(with_head("30820283"));
    EXPECT_FALSE(with_head("30820284"));   // a byte more than there is
    EXPECT_FALSE(with_head("30820100"));   // what is inside is longer
    EXPECT_FALSE(with_head("3080"));       // indefinite: BER, not DER
    EXPECT_FALSE(with_head("3084ffffffff"));
    EXPECT_FALSE(with_head("3088ffffffffffffffff"));
    EXPECT_FALSE(with_head("31820283"));
    EXPECT_FALSE(with_head("3f820283"));   // a tag of several bytes
}

TEST(Certificate, WhateverOneByteSaysStaysWithinItsBounds) {
    for (std::size_t at = 0; at < of_pump.size(); ++at) {
        auto hostile = of_pump;
        hostile[at] = '\xff';
        const auto told = read_certificate(as_bytes(hostile), Side::server);
        if (!told) continue;
        EXPECT_LE(told->subject.size(), 512u + 256) << at;
        EXPECT_LE(told->subjectaltname.size(), 32u) << at;
        EXPECT_LE(told->serial.size(), 3u * 32) << at;
    }
}

TEST(Certificate, NestingCostsNothing) {
    std::string deep;
    for (int i = 0; i < 5000; ++i) deep = der(0x30, deep);
    EXPECT_FALSE(read_certificate(as_bytes(deep), Side::server));
    Parts parts;
    parts.extensions = deep.substr(0, 0x7f);
    EXPECT_THAT(read(certificate(parts)).subjectaltname, IsEmpty());
}

// Certificates within a handshake.
std::string sized(std::size_t bytes, std::string_view content) {
    std::string text;
    for (std::size_t i = bytes; i-- > 0;) text += static_cast<char>(content.size() >> (8 * i) & 255U);
    return text.append(content);
}
std::string record(std::string_view body) { return hex("16 0303") + sized(2, body); }
std::string message(char type, std::string_view body) { return type + sized(3, body); }
std::string server_hello(std::string_view extensions) {
    return message(2, hex("0303") + std::string(32, 's') + hex("00 c02f 00") + sized(2, extensions));
}
const std::string done = record(message(14, "")) + hex("14 0303 0001 01");
const std::string tls12;
const std::string tls13 = hex("002b 0002 0304");

/// What a server says with this body of its certificate message, and what the sensor tells of it.
Bed said(std::string_view certificates, std::string_view extensions = tls12) {
    Bed talk{open_session()};
    talk.server(record(server_hello(extensions) + message(11, certificates)) + done).end();
    return talk;
}

TEST(Certificate, OfAServerOfTls12IsTold) {
    const auto talk = said(sized(3, sized(3, of_pump) + sized(3, of_ed25519) + sized(3, of_ed25519)));
    EXPECT_EQ(talk.one<TlsHandshake>().version, "TLS 1.2");
    ASSERT_TRUE(talk.one<TlsHandshake>().certificate);
    EXPECT_EQ(talk.one<TlsHandshake>().certificate->serial, "FF:01:02");
    EXPECT_EQ(talk.one<TlsHandshake>().certificate->chain_length, 3u);
    EXPECT_THAT(talk.json(), HasSubstr(R"("subjectaltname":["urn:pump:7")"));
}

TEST(Certificate, ThatFollowsTls13InClearIsNotTheServers) {   // RFC 8446, section 4.4.2: it is encrypted
    const auto talk = said(sized(3, sized(3, of_pump)), tls13);
    EXPECT_EQ(talk.one<TlsHandshake>().version, "TLS 1.3");
    EXPECT_FALSE(talk.one<TlsHandshake>().certificate);
    EXPECT_THAT(talk.json(), Not(HasSubstr("pump7")));
}

TEST(Certificate, InAListThatLiesIsNotReadBeyondIt) {
    EXPECT_FALSE(said("").one<TlsHandshake>().certificate);
    EXPECT_FALSE(said(sized(3, "")).one<TlsHandshake>().certificate);
    EXPECT_FALSE(said(hex("ffffff") + sized(3, of_pump)).one<TlsHandshake>().certificate);
    EXPECT_FALSE(said(sized(3, hex("ffffff") + of_pump)).one<TlsHandshake>().certificate);
    EXPECT_FALSE(said(sized(3, sized(3, "no DER") + sized(3, of_pump))).one<TlsHandshake>().certificate);
    const auto second_lies = said(sized(3, sized(3, of_ed25519) + hex("000100") + "short"));
    EXPECT_EQ(second_lies.one<TlsHandshake>().certificate->chain_length, 1u);
}

TEST(Certificate, OverSeveralRecordsIsReadWhole) {
    const auto stream = server_hello(tls12) + message(11, sized(3, sized(3, of_pump)));
    std::string records;
    for (std::size_t at = 0; at < stream.size(); at += 100) records += record(stream.substr(at, 100));
    Bed talk{open_session()};
    talk.server(records).end();
    EXPECT_EQ(talk.one<TlsHandshake>().certificate->serial, "FF:01:02");
}

TEST(Certificate, OverSeveralRecordsWithAHoleIsNotTakenForAMessageThatIsTooLong) {
    const auto stream = server_hello(tls12) + message(11, sized(3, sized(3, of_pump)));
    std::string records;
    for (std::size_t at = 0; at < stream.size(); at += 100) records += record(stream.substr(at, 100));
    for (std::size_t at = 100; at + 30 < records.size(); at += 10) {
        Bed talk{open_session()};
        talk.server(records.substr(0, at))
            .lose(Side::server, 20)
            .server(records.substr(at + 20) + done)
            .end();
        EXPECT_EQ(talk.out.violation, "") << at;
        EXPECT_FALSE(talk.one<TlsHandshake>().certificate) << at;
        EXPECT_GT(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 0u) << at;
    }
}

TEST(Certificate, WithAHoleIsNotTold) {
    const auto stream = record(server_hello(tls12) + message(11, sized(3, sized(3, of_pump))));
    for (std::size_t at = 100; at + 50 < stream.size(); at += 50) {
        Bed talk{open_session()};
        talk.server(stream.substr(0, at)).lose(Side::server, 50).server(stream.substr(at + 50) + done).end();
        EXPECT_FALSE(talk.one<TlsHandshake>().certificate) << at;
        EXPECT_EQ(talk.one<TlsHandshake>().cipher, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256") << at;
        EXPECT_EQ(talk.out.violation, "") << at;
    }
}

}   // namespace
}   // namespace ward::protocol::tls
