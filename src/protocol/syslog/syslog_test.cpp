// SPDX-License-Identifier: Apache-2.0
#include "protocol/syslog/syslog.hpp"

#include "protocol/bed_test.hpp"

namespace ward::protocol::syslog {
namespace {

using event::AtnaAudit;
using event::SyslogMessage;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// The examples of RFC 5424, 6.5, and RFC 3164, 5.4.
const std::string new_form =
    "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - 'su root' failed for lonvick on "
    "/dev/pts/8";
const std::string old_form = "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8";

// In the form of DICOM PS3.15, A.5.2.
const std::string audit =
    "<85>1 2026-08-21T10:00:00Z pacs1 ARR 42 IHE+RFC-3881 - \xEF\xBB\xBF<?xml version=\"1.0\"?><AuditMessage>"
    "<EventIdentification EventActionCode=\"R\" EventDateTime=\"2026-08-21T10:00:00Z\" "
    "EventOutcomeIndicator=\"4\">"
    "<EventID csd-code=\"110112\" codeSystemName=\"DCM\" originalText=\"Query\"/>"
    "<EventTypeCode csd-code=\"ITI-18\" codeSystemName=\"IHE Transactions\"/></EventIdentification>"
    "<ActiveParticipant UserID=\"dr.house\" UserIsRequestor=\"true\" NetworkAccessPointID=\"10.1.2.3\" "
    "NetworkAccessPointTypeCode=\"2\"/><ActiveParticipant UserID=\"PACS\" UserIsRequestor=\"false\"/>"
    "<AuditSourceIdentification AuditSourceID=\"PACS-1\" AuditEnterpriseSiteID=\"SITE\"/>"
    "<ParticipantObjectIdentification ParticipantObjectID='4711^^^&amp;1.2.3&amp;ISO' "
    "ParticipantObjectTypeCode=\"1\" ParticipantObjectTypeCodeRole=\"1\">"
    "<ParticipantObjectName>HADDAD^NADIA</ParticipantObjectName></ParticipantObjectIdentification>"
    "<ParticipantObjectIdentification ParticipantObjectID=\"q\" ParticipantObjectTypeCode=\"2\" "
    "ParticipantObjectTypeCodeRole=\"24\"/></AuditMessage>";

std::string counted(const std::string& message) { return std::to_string(message.size()) + " " + message; }
Bed stream() { return Bed{open_stream()}; }
Bed datagrams() { return Bed{open_datagrams()}; }

TEST(Syslog, ReadsTheHeaderAndDropsTheText) {
    auto talk = datagrams();
    talk.client(new_form);
    const auto& told = talk.one<SyslogMessage>();
    EXPECT_EQ(told.facility, "auth");
    EXPECT_EQ(told.severity, "crit");
    EXPECT_EQ(told.format, "RFC 5424");
    EXPECT_EQ(told.framing, "datagram");
    EXPECT_EQ(told.hostname, "mymachine.example.com");
    EXPECT_EQ(told.appname, "su");
    EXPECT_EQ(told.procid, "");
    EXPECT_EQ(told.msgid, "ID47");
    EXPECT_EQ(told.size, new_form.size());
    EXPECT_THAT(talk.json(), Not(HasSubstr("lonvick")));
}

TEST(Syslog, ReadsTheOldForm) {
    auto talk = datagrams();
    talk.client(old_form).client("<13>Feb  5 17:32:18 10.0.0.99 sshd[4123]: x").client("<191>anything");
    const auto told = talk.all<SyslogMessage>();
    ASSERT_EQ(told.size(), 3u);
    EXPECT_EQ(told[0]->format, "RFC 3164");
    EXPECT_EQ(told[1]->hostname, "10.0.0.99");
    EXPECT_EQ(told[1]->appname, "sshd");
    EXPECT_EQ(told[1]->procid, "4123");
    EXPECT_EQ(told[2]->facility, "local7");
    EXPECT_EQ(told[2]->severity, "debug");
    EXPECT_EQ(told[2]->format, "other");
}

TEST(Syslog, WhatMayBeANameIsNoHostAndNoTag) {
    const auto told = [](const std::string& text) {
        const auto message = read_message("<13>Aug 21 10:00:00 " + text);
        return message ? message->hostname + "|" + message->appname + "|" + message->procid : "nothing";
    };
    EXPECT_EQ(told("Haddad: pump stopped"), "||");
    EXPECT_EQ(told("Nadia Haddad: alarm"), "||");
    EXPECT_EQ(told("Patient Zorbanek[4711]: admitted"), "||");
    EXPECT_EQ(told("Dr. Haddad: alarm"), "||");
    EXPECT_EQ(told("10.0.0.5 Haddad: alarm"), "10.0.0.5||");
    EXPECT_EQ(told("10.0.0.5 Nadia Haddad"), "||");
    EXPECT_EQ(told("pump7 infusiond[12]: alarm"), "pump7|infusiond|12");
    EXPECT_EQ(told("pump7 infusiond[Haddad]: alarm"), "pump7||");
    EXPECT_EQ(told("fe80::1 kernel[1]: x"), "fe80::1|kernel|1");
    EXPECT_EQ(told("10.0.0.5"), "||");
    EXPECT_EQ(told("MRN7740913 his: x"), "||");
    EXPECT_EQ(told("Zorbanek.Quilithe his[4]: x"), "||");
    EXPECT_EQ(told("zorbanek.quilithe his[4]: x"), "||");
    EXPECT_EQ(told("1959-03-07 his[4]: x"), "||");
    EXPECT_EQ(told("4711 his[4]: x"), "||");
    EXPECT_EQ(told("192.168.100.23 his[4]: x"), "192.168.100.23|his|4");
    EXPECT_EQ(told("pump.ward.example his[4]: x"), "pump.ward.example|his|4");
}

TEST(Syslog, AHeaderWithoutStructuredDataMayBeTheText) {
    const auto told = [](const std::string& text) {
        const auto message = read_message("<134>1 " + text);
        return message ? std::string{message->format} + '|' + message->hostname + '|' + message->appname +
                             '|' + message->procid
                       : "nothing";
    };
    EXPECT_EQ(told("- alarm: patient Smith, John MRN 123"), "other|||");
    EXPECT_EQ(told("- alarm: patient Smith John - MRN 123"), "other|||");
    EXPECT_EQ(told("- pump7 infusiond 12 - - alarm"), "RFC 5424|pump7|infusiond|12");
    EXPECT_EQ(told("- - infusiond 12 - [x@1 a=\"b\"] alarm"), "RFC 5424||infusiond|12");
    EXPECT_EQ(told("2026-08-21T10:00:00Z pump7 patient Smith John MRN"), "RFC 5424|||");
}

TEST(Syslog, ALossInsideOfAMessageThatIsTooLongDoesNotCostThePlace) {
    for (const std::size_t lost : {199'000U, 198'999U}) {
        auto talk = stream();
        talk.client("200000 " + std::string(1000, 'x')).lose(Side::client, lost);
        talk.client(std::string(199'000 - lost, 'x') + counted(new_form));
        EXPECT_EQ(talk.one<SyslogMessage>().format, "RFC 5424") << lost;
        EXPECT_EQ(talk.out.violation, "") << lost;
    }
}

TEST(Syslog, ATextThatOnlyBeginsLikeAHeaderIsNone) {
    auto talk = datagrams();
    talk.client("<13>1 2 tablets for Haddad Nadia Rose").client("<13>May Haddad 2026 10.0.0.5 Rose[1]: x");
    for (const auto* told : talk.all<SyslogMessage>()) EXPECT_EQ(told->format, "other");
    for (const char* value : {"Haddad", "Nadia", "Rose"}) EXPECT_THAT(talk.json(), Not(HasSubstr(value)));
}

TEST(Syslog, AccessPointsAreMachinesAndNotSoMany) {
    auto talk = datagrams();
    std::string text = "<85>1 2026-08-21T10:00:00Z pacs1 ARR 42 IHE+RFC-3881 - <AuditMessage>";
    const auto add = [&](const std::string& kind, const std::string& id) {
        text += "<ActiveParticipant NetworkAccessPointID=\"" + id + "\" NetworkAccessPointTypeCode=\"" +
                kind + "\"/>";
    };
    add("3", "+49 30 4711");
    add("4", "nadia@haddad.example");
    add("5", "http://s/fhir/Patient/4711");
    add("1", "Haddad");
    add("2", "MRN7740913");
    add("1", "pacs1");
    talk.client(text + "</AuditMessage>");
    EXPECT_THAT(talk.one<AtnaAudit>().access_points, ElementsAre("pacs1"));
    for (int i = 0; i < 40; ++i) add("2", "10.0.0." + std::to_string(i));
    auto many = datagrams();
    many.client(text + "</AuditMessage>");
    EXPECT_EQ(many.one<AtnaAudit>().access_points.size(), limits.access_points_max);
}

TEST(Syslog, ReadsAnAuditMessageWithoutItsPatient) {
    auto talk = stream();
    const Pseudonymise by_length = [](std::string_view id) {
        return event::Pseudonym{"key:" + std::to_string(id.size())};
    };
    talk.out.pseudonymise = &by_length;
    talk.client(counted(audit));
    EXPECT_EQ(talk.one<SyslogMessage>().msgid, "IHE+RFC-3881");
    const auto& told = talk.one<AtnaAudit>();
    EXPECT_EQ(told.event_code, "110112");
    EXPECT_EQ(told.event_name, "Query");
    EXPECT_EQ(told.type_code, "ITI-18");
    EXPECT_EQ(told.action, "read");
    EXPECT_EQ(told.outcome, "minor failure");
    EXPECT_EQ(told.source_id, "PACS-1");
    EXPECT_EQ(told.site_id, "SITE");
    EXPECT_EQ(told.active_participants, 2u);
    EXPECT_THAT(told.access_points, ElementsAre("10.1.2.3"));
    EXPECT_EQ(told.participant_objects, 2u);
    EXPECT_EQ(told.patients, 1u);
    EXPECT_EQ(told.patient.text, "key:4");
    EXPECT_EQ(talk.out.patient_items, 2u);
    EXPECT_EQ(talk.out.patient_messages, 1u);
    for (const char* value : {"4711", "HADDAD", "house"}) EXPECT_THAT(talk.json(), Not(HasSubstr(value)));
}

TEST(Syslog, AnAuditsWordsAreDicomsOwn) {
    auto words = audit;
    words.replace(words.find("\"Query\""), 7, "\"Query for HADDAD\"");
    words.replace(words.find("ITI-18"), 6, "HADDAD");
    auto talk = datagrams();
    talk.client(words);
    EXPECT_EQ(talk.one<AtnaAudit>().event_name, "Query");
    EXPECT_EQ(talk.one<AtnaAudit>().type_code, "");
    EXPECT_THAT(talk.json(), Not(HasSubstr("HADDAD")));
    words.replace(words.find("110112"), 6, "110200");
    auto unknown = datagrams();
    unknown.client(words);
    EXPECT_EQ(unknown.one<AtnaAudit>().event_name, "");
}

TEST(Syslog, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_stream,
        {{Side::client, counted(audit) + counted(new_form) + old_form + "\n" + new_form + "\r\n"}});
}

TEST(Syslog, AMessageThatIsTooLongIsSkippedAndTheNextOneRead) {
    auto talk = stream();
    talk.client(counted(std::string(200'000, 'x')) + counted(new_form));
    EXPECT_EQ(talk.all<SyslogMessage>().size(), 1u);
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::cap)], 200'000u);
    auto pieces = stream();
    for (const char c : counted(std::string(70'000, '\n')) + counted(new_form)) pieces.client({&c, 1});
    EXPECT_EQ(pieces.all<SyslogMessage>().size(), 1u);
    EXPECT_EQ(pieces.out.uninspected[static_cast<std::size_t>(Uninspected::cap)], 70'000u);
    auto halves = stream();
    halves.client("70000 <34>half").client(std::string(69'992, '\n') + counted(new_form));
    EXPECT_EQ(halves.all<SyslogMessage>().size(), 1u);
    auto endless = stream();
    endless.client("<34>1 ");
    for (int i = 0; i < 1000; ++i) endless.client(std::string(1000, 'x'));
    EXPECT_LT(endless.memory(), 160u << 10);
}

TEST(Syslog, GoesOnAfterGarbageAndAfterALoss) {
    auto talk = stream();
    talk.client("<34>1 2003-10-11T22").lose(Side::client, 90).client(counted(new_form));
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 19u);
    EXPECT_EQ(talk.all<SyslogMessage>().size(), 1u);
    talk.client("no priority\n" + old_form + "\n");
    EXPECT_EQ(talk.out.violation, "log message without priority");
    EXPECT_EQ(talk.all<SyslogMessage>().size(), 2u);
}

TEST(Syslog, IsRecognisedByItsContent) {
    const auto asked = [](std::string_view first) { return probe_stream(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(new_form), Verdict::yes);
    EXPECT_EQ(asked(counted(audit)), Verdict::yes);
    EXPECT_EQ(asked(old_form), Verdict::yes);
    EXPECT_EQ(asked("<34"), Verdict::unsure);
    EXPECT_EQ(asked("107 "), Verdict::unsure);
    EXPECT_EQ(asked("<34>hello"), Verdict::unsure);
    EXPECT_EQ(asked("<HEL.R01>"), Verdict::no);
    EXPECT_EQ(asked("<192>1 2003"), Verdict::no);
    EXPECT_EQ(asked("220 mail.example.com ESMTP"), Verdict::no);
    EXPECT_EQ(probe_datagram(as_bytes(old_form), Side::client), Verdict::yes);
    EXPECT_EQ(probe_datagram(as_bytes(old_form), Side::server), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::syslog
