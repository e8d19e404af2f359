// SPDX-License-Identifier: Apache-2.0
#include "protocol/krb5/krb5.hpp"

#include "event/krb5.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::krb5 {
namespace {

using event::Krb5;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string value(int tag, const std::string& content) {
    std::string bytes{static_cast<char>(tag)};
    if (content.size() >= 0x80) bytes += '\x82', bytes += static_cast<char>(content.size() >> 8U);
    return bytes + static_cast<char>(content.size() & 255U) + content;
}
std::string tagged(int number, const std::string& content) { return value(0xa0 | number, content); }
std::string integer(int number) { return value(2, std::string(1, static_cast<char>(number))); }
std::string text(const std::string& content) { return value(0x1b, content); }
std::string name(int type, const std::string& parts) {
    return value(0x30, tagged(0, integer(type)) + tagged(1, value(0x30, parts)));
}
const std::string krbtgt = name(2, text("krbtgt") + text("WARD.LOCAL"));

std::string as_request(const std::string& client, const std::string& encryptions, bool timestamp) {
    const auto padata =
        timestamp ? tagged(3, value(0x30, value(0x30, tagged(1, integer(2)) + tagged(2, value(4, "x")))))
                  : "";
    const auto body = tagged(1, name(1, text(client))) + tagged(2, text("WARD.LOCAL")) + tagged(3, krbtgt) +
                      tagged(8, value(0x30, encryptions));
    return value(0x6a, value(0x30, tagged(1, integer(5)) + tagged(2, integer(10)) + padata +
                                       tagged(4, value(0x30, body))));
}
std::string encrypted(int type) {
    return value(0x30, tagged(0, integer(type)) + tagged(2, value(4, "secret")));
}
std::string ticket(const std::string& service, int type) {
    return value(0x61, value(0x30, tagged(0, integer(5)) + tagged(1, text("WARD.LOCAL")) +
                                       tagged(2, service) + tagged(3, encrypted(type))));
}
std::string reply(int number, const std::string& client, const std::string& issued) {
    return value(
        0x60 | number,
        value(0x30, tagged(0, integer(5)) + tagged(1, integer(number)) + tagged(3, text("WARD.LOCAL")) +
                        tagged(4, name(1, text(client))) + tagged(5, issued) + tagged(6, encrypted(18))));
}
std::string as_reply(const std::string& client, int type) { return reply(11, client, ticket(krbtgt, type)); }

const std::string database = name(2, text("MSSQLSvc") + text("pacs.ward.local:1433"));
// The ticket that a TGS-REQ shows is one of the data for authentication before it (RFC 4120, 5.2.7.1).
std::string tgs_request(const std::string& service, const std::string& encryptions) {
    const auto padata = tagged(3, value(0x30, value(0x30, tagged(1, integer(1)) + tagged(2, value(4, "x")))));
    const auto body =
        tagged(2, text("WARD.LOCAL")) + tagged(3, service) + tagged(8, value(0x30, encryptions));
    return value(0x6c, value(0x30, tagged(1, integer(5)) + tagged(2, integer(12)) + padata +
                                       tagged(4, value(0x30, body))));
}
std::string ap_request(const std::string& shown) {
    return value(0x6e, value(0x30, tagged(0, integer(5)) + tagged(1, integer(14)) +
                                       tagged(2, value(3, std::string(5, '\0'))) + tagged(3, shown) +
                                       tagged(4, encrypted(18))));
}
std::string error(int code) {
    return value(0x7e, value(0x30, tagged(0, integer(5)) + tagged(1, integer(30)) + tagged(6, integer(code)) +
                                       tagged(9, text("WARD.LOCAL")) + tagged(10, krbtgt)));
}
std::string record(const std::string& message) {
    return std::string{"\0\0", 2} + static_cast<char>(message.size() >> 8U) +
           static_cast<char>(message.size() & 255U) + message;
}
const std::string aes_and_rc4 = integer(18) + integer(23);

TEST(Krb5, JoinsARequestAndItsTicket) {
    Bed talk{open_tcp_session()};
    talk.client(record(as_request("PUMP7$", aes_and_rc4, true))).after(std::chrono::milliseconds{4});
    talk.server(record(as_reply("PUMP7$", 23)));
    const auto& told = talk.one<Krb5>();
    EXPECT_EQ(told.request, "KRB_AS_REQ");
    EXPECT_EQ(told.msg_type, "KRB_AS_REP");
    EXPECT_EQ(told.cname, "PUMP7$");
    EXPECT_EQ(told.realm, "WARD.LOCAL");
    EXPECT_EQ(told.sname, "krbtgt/WARD.LOCAL");
    EXPECT_THAT(told.requested_encryption, ElementsAre("aes256-cts-hmac-sha1-96", "rc4-hmac"));
    EXPECT_EQ(told.ticket_encryption, "rc4-hmac");
    EXPECT_EQ(told.encryption, "aes256-cts-hmac-sha1-96");
    EXPECT_TRUE(told.weak_encryption);
    EXPECT_FALSE(told.weak_requested);
    EXPECT_EQ(told.preauthenticated, true);
    EXPECT_EQ(told.latency_us, 4000);
}

TEST(Krb5, APersonIsToldByPseudonym) {
    Bed talk{open_udp_session()};
    const Pseudonymise by_key = [](std::string_view id) {
        return event::Pseudonym{"key:" + std::to_string(id.size())};
    };
    talk.out.pseudonymise = &by_key;
    talk.client(as_request("nadia.haddad", integer(23), false)).server(error(25));
    const auto& told = talk.one<Krb5>();
    EXPECT_EQ(told.user.text, "key:12");
    EXPECT_EQ(told.error_code, "KDC_ERR_PREAUTH_REQUIRED");
    EXPECT_EQ(told.preauthenticated, false);
    EXPECT_TRUE(told.weak_requested);
    EXPECT_THAT(talk.json(), Not(HasSubstr("nadia")));
}

// Whoever asks for a ticket with RC4 to a service with a password guesses that password at home.
TEST(Krb5, ATicketToAServiceTellsItsNameAndItsEncryption) {
    Bed talk{open_tcp_session()};
    talk.client(record(tgs_request(database, integer(23))));
    talk.server(record(reply(13, "nadia.haddad", ticket(database, 23))));
    const auto& told = talk.one<Krb5>();
    EXPECT_EQ(told.request, "KRB_TGS_REQ");
    EXPECT_EQ(told.msg_type, "KRB_TGS_REP");
    EXPECT_EQ(told.sname, "MSSQLSvc/pacs.ward.local:1433");
    EXPECT_EQ(told.ticket_encryption, "rc4-hmac");
    EXPECT_TRUE(told.weak_encryption);
    EXPECT_TRUE(told.weak_requested);
    EXPECT_EQ(told.preauthenticated, true);
    EXPECT_THAT(talk.json(), Not(HasSubstr("nadia")));
}

TEST(Krb5, ATicketThatIsShownToAServiceIsTold) {
    Bed talk{open_tcp_session()};
    talk.client(record(ap_request(ticket(database, 17)))).end();
    const auto& told = talk.one<Krb5>();
    EXPECT_EQ(told.request, "KRB_AP_REQ");
    EXPECT_EQ(told.sname, "MSSQLSvc/pacs.ward.local:1433");
    EXPECT_EQ(told.ticket_encryption, "aes128-cts-hmac-sha1-96");
    EXPECT_FALSE(told.weak_encryption);
}

TEST(Krb5, AnAnswerBelongsToARequestOfItsKind) {
    Bed talk{open_udp_session()};
    talk.client(as_request("A$", integer(18), false)).client(tgs_request(database, integer(18)));
    talk.server(reply(13, "A$", ticket(database, 18))).server(as_reply("A$", 18));
    const auto told = talk.all<Krb5>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0]->request, "KRB_TGS_REQ");
    EXPECT_EQ(told[1]->request, "KRB_AS_REQ");
}

TEST(Krb5, WhatWaitsBeforeALossIsToldWithoutAnswer) {
    Bed talk{open_tcp_session()};
    talk.client(record(as_request("A$", integer(18), false))).lose(Side::server, 100);
    talk.client(record(as_request("B$", integer(18), false))).server(record(as_reply("B$", 18)));
    const auto told = talk.all<Krb5>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0]->cname, "A$");
    EXPECT_EQ(told[0]->msg_type, "");
    EXPECT_EQ(told[1]->cname, "B$");
}

// RFC 4120, 6.2: the type of a name tells services from people, who may have a slash too.
TEST(Krb5, APersonWithASlashIsAPerson) {
    Bed talk{open_udp_session()};
    const Pseudonymise echo = [](std::string_view id) {
        return event::Pseudonym{"<" + std::string{id} + ">"};
    };
    talk.out.pseudonymise = &echo;
    talk.server(reply(11, "Nadia/Admin", ticket(krbtgt, 18)));
    EXPECT_EQ(talk.one<Krb5>().user.text, "<nadia/admin>");
    EXPECT_EQ(talk.one<Krb5>().cname, "");
}

TEST(Krb5, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(open_tcp_session,
                                           {{Side::client, record(as_request("PUMP7$", aes_and_rc4, true))},
                                            {Side::server, record(as_reply("PUMP7$", 18))}});
}

TEST(Krb5, TellsAnAnswerAloneAndAQuestionWithoutAnswer) {
    Bed talk{open_udp_session()};
    talk.server(error(6)).client(as_request("A$", integer(18), false)).end();
    const auto told = talk.all<Krb5>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0]->error_code, "KDC_ERR_C_PRINCIPAL_UNKNOWN");
    EXPECT_EQ(told[0]->request, "");
    EXPECT_EQ(told[1]->msg_type, "");
}

TEST(Krb5, QuestionsWithoutAnswerAreBounded) {
    Bed talk{open_udp_session()};
    for (int i = 0; i < 1000; ++i) talk.client(as_request("A$", aes_and_rc4, false));
    EXPECT_LT(talk.memory(), 64u << 10);
    EXPECT_EQ(talk.end().all<Krb5>().size(), 1000u);
}

TEST(Krb5, FindsTheNextRecordAfterALoss) {
    Bed talk{open_tcp_session()};
    const auto question = record(as_request("PUMP7$", aes_and_rc4, true));
    talk.client(question.substr(0, 40))
        .lose(Side::client, 60)
        .client(question.substr(100))
        .client(question)
        .end();
    EXPECT_EQ(talk.all<Krb5>().size(), 1u);
    EXPECT_EQ(talk.out.violation, "not a Kerberos message");
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 40u);
}

TEST(Krb5, IsRecognisedByItsContent) {
    const auto asked = [](std::string_view first) { return probe_tcp(as_bytes(first), Side::client); };
    const auto question = as_request("PUMP7$", aes_and_rc4, true);
    EXPECT_EQ(asked(record(question)), Verdict::yes);
    EXPECT_EQ(asked(record(question).substr(0, 6)), Verdict::unsure);
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n"), Verdict::no);
    EXPECT_EQ(probe_udp(as_bytes(question), Side::client), Verdict::yes);
    EXPECT_EQ(probe_udp(as_bytes(question + "x"), Side::client), Verdict::no);
    EXPECT_EQ(probe_udp(as_bytes("jjjjjjjj"), Side::client), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::krb5
