// SPDX-License-Identifier: Apache-2.0
#include "protocol/ldap/ldap.hpp"

#include "event/ldap.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::ldap {
namespace {

using event::Ldap;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string value(int tag, const std::string& content) {
    std::string bytes{static_cast<char>(tag)};
    if (content.size() >= 0x80) bytes += '\x82', bytes += static_cast<char>(content.size() >> 8U);
    return bytes + static_cast<char>(content.size() & 255U) + content;
}
std::string integer(int number, int tag = 2) { return value(tag, std::string(1, static_cast<char>(number))); }
std::string text(const std::string& content) { return value(4, content); }
std::string message(int id, int operation, const std::string& content) {
    return value(0x30, integer(id) + value(operation, content));
}
std::string result(int id, int operation, int code) {
    return message(id, operation, integer(code, 0x0a) + text("") + text("no such nadia"));
}
const std::string simple_bind =
    message(1, 0x60, integer(3) + text("cn=nadia,dc=ward,dc=local") + value(0x80, "Secret!"));
const std::string search = message(
    2, 0x63,
    text("ou=Staff,DC=ward,DC=local") + integer(2, 0x0a) + integer(0, 0x0a) + integer(0) + integer(0) +
        integer(0, 1) +
        value(0xa0, value(0xa3, text("objectClass") + text("user")) + value(0xa2, value(0x87, "mail"))) +
        value(0x30, text("cn")));
const std::string entry =
    message(2, 0x64, text("cn=haddad,dc=ward,dc=local") + value(0x30, std::string(5000, 'e')));

TEST(Ldap, ASimpleBindIsAPasswordInClear) {
    Bed talk{open_tcp_session()};
    const Pseudonymise by_key = [](std::string_view) { return event::Pseudonym{"key"}; };
    talk.out.pseudonymise = &by_key;
    talk.client(simple_bind).after(std::chrono::milliseconds{1}).server(result(1, 0x61, 49));
    const auto& told = talk.one<Ldap>();
    EXPECT_EQ(told.operation, "bind_request");
    EXPECT_EQ(told.authentication, "simple");
    EXPECT_TRUE(told.clear_password);
    EXPECT_EQ(told.user.text, "key");
    EXPECT_EQ(told.domain, "ward.local");
    EXPECT_EQ(told.result, "invalid_credentials");
    EXPECT_EQ(told.latency_us, 1000);
    EXPECT_THAT(talk.json(), Not(HasSubstr("nadia")));
    EXPECT_THAT(talk.json(), Not(HasSubstr("Secret")));
}

TEST(Ldap, ASearchIsToldWithoutItsValues) {
    Bed talk{open_tcp_session()};
    talk.client(search).server(entry + entry + result(2, 0x65, 0));
    const auto& told = talk.one<Ldap>();
    EXPECT_EQ(told.domain, "ward.local");
    EXPECT_EQ(told.scope, "whole_subtree");
    EXPECT_THAT(told.filter_attributes, ElementsAre("objectClass", "mail"));
    EXPECT_EQ(told.entries, 2u);
    EXPECT_GT(talk.out.uninspected[static_cast<std::size_t>(Uninspected::content)], 10'000u);
    EXPECT_EQ(told.response, "search_result_done");
    EXPECT_THAT(talk.json(), Not(HasSubstr("haddad")));
}

std::string searched(const std::string& filter) {
    return message(
        3, 0x63,
        text("") + integer(2, 0x0a) + integer(0, 0x0a) + integer(0) + integer(0) + integer(0, 1) + filter);
}

TEST(Ldap, WordsThatNobodyKnowsAreNotTold) {
    Bed talk{open_tcp_session()};
    talk.client(searched(value(0xa0, value(0x87, "Zorbanek") + value(0x87, "userCertificate;binary") +
                                         value(0x87, "1.2.840.113556.1.4.8") + value(0x87, "cn=Zorbanek"))));
    talk.client(message(4, 0x77, value(0x80, "Zorbanek")));
    talk.client(message(5, 0x60, integer(3) + text("") + value(0xa3, text("ZORBANEK") + text("token"))))
        .end();
    const auto told = talk.all<Ldap>();
    ASSERT_EQ(told.size(), 3u);
    EXPECT_THAT(told[0]->filter_attributes,
                ElementsAre("{other}", "userCertificate", "1.2.840.113556.1.4.8", "{other}"));
    EXPECT_EQ(told[1]->extended, "{other}");
    EXPECT_EQ(told[2]->mechanism, "{other}");
}

TEST(Ldap, APlainMechanismIsAPasswordInClear) {   // RFC 4616
    for (const auto& [mechanism, clear] :
         {std::pair{"PLAIN", true}, std::pair{"LOGIN", true}, std::pair{"CRAM-MD5", false}}) {
        Bed talk{open_tcp_session()};
        talk.client(message(1, 0x60, integer(3) + text("") + value(0xa3, text(mechanism) + text("token"))))
            .end();
        EXPECT_EQ(talk.one<Ldap>().clear_password, clear) << mechanism;
    }
}

TEST(Ldap, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_tcp_session,
        {{Side::client, simple_bind + search}, {Side::server, result(1, 0x61, 0) + result(2, 0x65, 0)}});
}

TEST(Ldap, StartTlsBeginsAnotherProtocol) {
    Bed talk{open_tcp_session()};
    talk.client(message(1, 0x77, value(0x80, "1.3.6.1.4.1.1466.20037")));
    EXPECT_FALSE(talk.out.restart);
    talk.server(result(1, 0x78, 0));
    ASSERT_TRUE(talk.out.restart);
    EXPECT_TRUE(talk.out.restart->empty());
    EXPECT_EQ(talk.one<Ldap>().extended, "1.3.6.1.4.1.1466.20037");
}

// MS-ADTS 6.3.1.9; the second name refers back to the first (RFC 1035, 4.1.4).
TEST(Ldap, ADomainControllersPingNamesIt) {
    Bed talk{open_udp_session()};
    const auto answer = hex("17000000fdf30000") + std::string(16, 'g') +
                        hex("0477617264056c6f63616c00"
                            "c018"
                            "03646331c018"
                            "045741524400"
                            "0344433100"
                            "00"
                            "044d61696e00");
    const auto attributes = value(0x30, value(0x30, text("Netlogon") + value(0x31, text(answer))));
    talk.client(search).server(message(2, 0x64, text("") + attributes) + result(2, 0x65, 0));
    const auto& told = talk.one<Ldap>();
    ASSERT_TRUE(told.netlogon);
    expect_any_split_gives_the_same_events(
        open_tcp_session, {{Side::client, search},
                           {Side::server, message(2, 0x64, text("") + attributes) + result(2, 0x65, 0)}});
    EXPECT_EQ(told.netlogon->domain, "ward.local");
    EXPECT_EQ(told.netlogon->host, "dc1.ward.local");
    EXPECT_EQ(told.netlogon->netbios_domain, "WARD");
    EXPECT_EQ(told.netlogon->netbios_host, "DC1");
    EXPECT_EQ(told.netlogon->site, "Main");
}

const std::string sasl_bind =
    message(1, 0x60, integer(3) + text("") + value(0xa3, text("GSS-SPNEGO") + text("token")));

TEST(Ldap, WhatIsSealedIsCountedWhenItPasses) {
    Bed talk{open_tcp_session()};
    talk.client(sasl_bind).server(result(1, 0x61, 0));
    talk.client(hex("00000064") + std::string(100, 's')).client(hex("00ffffff") + "sss").end();
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::encrypted)], 103u);
    EXPECT_EQ(talk.all<Ldap>().size(), 1u);
}

TEST(Ldap, NothingIsSealedBeforeABind) {
    Bed talk{open_tcp_session()};
    talk.client(hex("00ffffff")).client(simple_bind).end();
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::encrypted)], 0u);
    EXPECT_EQ(talk.out.violation, "not an LDAP message");
    EXPECT_EQ(talk.all<Ldap>().size(), 1u);
}

TEST(Ldap, AMessageThatIsTooLongIsPassedByToItsEnd) {
    const auto add = hex("30830186a8 020102 68830186a0") + std::string(100'000, '0');
    Bed talk{open_tcp_session()};
    talk.client(add.substr(0, 1000)).client(add.substr(1000) + simple_bind).end();
    EXPECT_EQ(talk.out.violation, "");
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::cap)], add.size());
    EXPECT_EQ(talk.one<Ldap>().operation, "bind_request");
}

TEST(Ldap, AnEndlessFilterAndUnansweredSearchesAreBounded) {
    Bed talk{open_tcp_session()};
    std::string filter = value(0x87, "mail");
    for (int i = 0; i < 100; ++i) filter = value(0xa2, filter);
    talk.client(message(
        1, 0x63,
        text("") + integer(2, 0x0a) + integer(0, 0x0a) + integer(0) + integer(0) + integer(0, 1) + filter));
    for (int i = 0; i < 1000; ++i) talk.client(search);
    EXPECT_LT(talk.memory(), 128u << 10);
    EXPECT_EQ(talk.end().all<Ldap>().size(), 1001u);
}

TEST(Ldap, GoesOnAfterALossInAnEntryAndAfterGarbage) {
    Bed talk{open_tcp_session()};
    talk.client(search).server(entry.substr(0, 100)).lose(Side::server, 4000).server(entry.substr(4100));
    talk.server("garbage").server(result(2, 0x65, 0));
    EXPECT_EQ(talk.one<Ldap>().entries, 1u);
    EXPECT_EQ(talk.out.violation, "not an LDAP message");
}

TEST(Ldap, IsRecognisedByItsContent) {
    const auto asked = [](std::string_view first) { return probe_tcp(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(simple_bind), Verdict::yes);
    EXPECT_EQ(asked(simple_bind.substr(0, 3)), Verdict::unsure);
    EXPECT_EQ(asked(hex("302902010004067075626c6963a01c")), Verdict::no);   // SNMP
    EXPECT_EQ(asked("0123456789"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::ldap
