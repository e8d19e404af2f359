// SPDX-License-Identifier: Apache-2.0
#include "feeds/feeds.hpp"

#include <array>
#include <bit>
#include <netinet/in.h>
#include <sys/socket.h>

#include "core/unique_fd.hpp"
#include "feeds/ward_test.hpp"

namespace ward::feeds {
namespace {

TEST(MessageIds, GrowWhateverTheClockDoes) {
    MessageIds ids;
    std::string last;
    for (int i = 0; i < 10'000; ++i) {
        const auto id = ids.next(vault::test_start - std::chrono::milliseconds{i % 3});
        ASSERT_GT(id, last);
        last = id;
    }
}

TEST(Intake, AnswersOnceAMessageIsOnDiskAndTheRecordFollows) {
    FedHospital ward;
    EXPECT_THAT(ward.send(adt({.more = stay})), ElementsAre("MSA|AA|1"));
    const auto patient = ward.patient_with("4711");
    const auto read = ward.hospital.get("Patient/" + patient);
    EXPECT_THAT(read.body, HasSubstr(R"("family":"HADDAD")"));
    EXPECT_EQ(ward.count("Encounter?patient=" + patient), 1U);
    const auto state = ward.state();
    EXPECT_EQ(state.messages, 1);
    EXPECT_EQ(state.recent, 1);
    EXPECT_EQ(state.waiting, 0);
    EXPECT_EQ(state.as_of(), vault::test_start);
    EXPECT_TRUE(ward.hospital.verify());
}

TEST(Intake, ProvenanceLeadsToTheMessageAsItCame) {
    FedHospital ward;
    const auto message = adt({});
    ward.send(message);
    const auto bundle = ward.hospital.get("Provenance?patient=" + ward.patient_with("4711"));
    const auto document = json::Document::parse(bundle.body);
    const auto provenance = (*(*document)["entry"].items().begin())["resource"];
    const auto binary = (*provenance["entity"].items().begin())["what"]["reference"].text();
    ASSERT_THAT(std::string{binary}, StartsWith("Binary/"));
    const auto read = ward.hospital.get(binary);
    EXPECT_EQ(*message_of(read.body), message);
    EXPECT_THAT(bundle.body, HasSubstr(R"("display":"adt")"));
}

TEST(Intake, ProvenanceSaysWhatTheEventWas) {
    FedHospital ward;
    auto message = adt({.event = "A03", .more = stay});
    message.insert(message.find("\rPID"), "||02|9^Gray^Eva|20260911063000");
    ward.send(message);
    const auto bundle = ward.hospital.get("Provenance?patient=" + ward.patient_with("4711"));
    EXPECT_THAT(bundle.body, HasSubstr(R"("recorded":"2026-09-11T08:00:00Z")"));
    EXPECT_THAT(bundle.body, HasSubstr(R"("code":"TREAT")"));
    EXPECT_THAT(bundle.body, HasSubstr(R"("occurredDateTime":"2026-09-11T06:30:00Z")"));
    EXPECT_THAT(bundle.body, HasSubstr("Practitioner/" + ward.only_id("Practitioner?name=Gray")));
}

// What the chart withholds, the message it came with would tell.
TEST(Intake, AMessageLiesInTheChartsThatItChanged) {
    FedHospital ward;
    auto& hospital = ward.hospital;
    hospital.set_house(nullptr, {.user = "u",
                                 .client = "app",
                                 .fhir_user = "Practitioner/d1",
                                 .patient = {},
                                 .roles = {},
                                 .purpose = "TREAT"});
    ward.send(adt({.id = "1", .mrn = "4711"}));
    ward.send(adt({.id = "2", .mrn = "4712"}));
    const auto patient = ward.patient_with("4711");
    const auto other = ward.patient_with("4712");
    const auto message_about = [&](std::string_view whom) {
        const auto told =
            json::Document::parse(hospital.get(fmt::format("Provenance?patient={}", whom)).body);
        const auto provenance = (*(*told)["entry"].items().begin())["resource"];
        return std::string{(*provenance["entity"].items().begin())["what"]["reference"].text()};
    };
    const auto message = message_about(patient);
    const auto others = message_about(other);
    EXPECT_EQ(hospital.get(message).status, 200);
    const auto denied = fmt::format(
        R"({{"resourceType":"Consent","id":"c1","status":"active","patient":{{"reference":"Patient/{}"}},
            "scope":{{"coding":[{{"code":"patient-privacy"}}]}},"category":[{{"text":"c"}}],
            "provision":{{"type":"deny"}}}})",
        patient);
    ASSERT_EQ(hospital.put("Consent/c1", denied).status, 201);
    EXPECT_EQ(hospital.get(message).status, 404);
    EXPECT_EQ(hospital.get(message + "/_history/1").status, 404);
    EXPECT_EQ(hospital.get(others).status, 200);
    ward.send(adt({.event = "A40", .id = "3", .mrn = "4712", .more = "MRG|4711^^^CLIN^MR\r"}));
    EXPECT_EQ(hospital.get(message).status, 404) << "the consent went with the chart";
}

TEST(Intake, WhatAFeedChangedIsInTheTrailOfThePatient) {
    FedHospital ward;
    ward.send(adt({.more = stay}));
    const auto trail = ward.hospital.get("AuditEvent?patient=" + ward.patient_with("4711"));
    EXPECT_THAT(trail.body, HasSubstr(R"("code":"transaction")"));
    EXPECT_THAT(trail.body, HasSubstr(R"("who":{"identifier":{"value":"adt"}})"));
    EXPECT_THAT(trail.body, HasSubstr("Encounter/"));
}

TEST(Intake, TheSameMessageAgainIsAcknowledgedAndKeptOnce) {
    FedHospital ward;
    ward.send(adt({}));
    EXPECT_THAT(ward.send(adt({})), ElementsAre("MSA|AA|1"));
    EXPECT_EQ(ward.state().messages, 1);
    EXPECT_EQ(ward.intake->counters().duplicates, 1U);
    // Another message under the same control id is no duplicate: senders begin to count anew.
    ward.send(adt({.name = "HADDAD^NADIA^R"}));
    EXPECT_EQ(ward.state().messages, 2);
    EXPECT_EQ(ward.intake->counters().repeated_ids, 1U);
}

TEST(Intake, RefusesWhatDoesNotSayWhatItIs) {
    FedHospital ward;
    EXPECT_THAT(ward.send("HELO ward"), ElementsAre("MSA|AR|"));
    EXPECT_THAT(ward.send("MSH|^~\\&|A|B|||||ADT^A01||P|2.5\r"), ElementsAre("MSA|AE|"));
    EXPECT_THAT(ward.send("MSH|^~\\&|A|B|||||ADT^A01|7|P|3.0\r"), ElementsAre("MSA|AR|7"));
    EXPECT_THAT(ward.intake->take({adt({}), true}), ElementsAre(HasSubstr("MSA|AR|1\rERR||MSH^1|207")));
    EXPECT_EQ(ward.intake->counters().refused, 4U);
}

TEST(Intake, KeepsWhatItCannotMapAndListsIt) {
    FedHospital ward;
    EXPECT_THAT(ward.send(adt({.more = "ZPI|1|something of the site\r"})), ElementsAre("MSA|AA|1"));
    EXPECT_THAT(ward.send("MSH|^~\\&|ADT|CLIN|||||ADT^A01|2|P|2.5||||||KLINGON\rPID|1||1||M\xfcller\r"),
                ElementsAre("MSA|AA|2"));
    const auto unmapped = ward.unmapped();
    ASSERT_THAT(unmapped, SizeIs(2));
    EXPECT_THAT(unmapped[1].places, HasSubstr("ZPI unknown segment"));
    EXPECT_THAT(unmapped[0].places, HasSubstr("MSH-18"));
    EXPECT_EQ(ward.state().unmapped, 2);
}

TEST(Intake, TakesEachMessageOfABatch) {
    FedHospital ward;
    EXPECT_THAT(ward.send("FHS|^~\\&|A\rBHS|^~\\&|A\r" + adt({.id = "1"}) + adt({.id = "2", .mrn = "4712"}) +
                          "BTS|2\rFTS|1\r"),
                ElementsAre("MSA|AA|1", "MSA|AA|2"));
    EXPECT_EQ(ward.state().messages, 2);
    ward.patient_with("4711");
    ward.patient_with("4712");
}

TEST(Mapper, AMessageChangesOnlyWhatItSays) {
    FedHospital ward;
    ward.send(adt({.more = stay}));
    ward.send(
        "MSH|^~\\&|ADT|CLIN|||20260911090000||ADT^A08|2|P|2.5.1\r"
        "PID|1||4711^^^CLIN^MR||HADDAD-SMITH^NADIA||\"\"\r");
    const auto read = ward.hospital.get("Patient/" + ward.patient_with("4711"));
    EXPECT_THAT(read.body, HasSubstr("HADDAD-SMITH"));
    EXPECT_THAT(read.body, HasSubstr(R"("gender":"female")"));
    EXPECT_THAT(read.body, Not(HasSubstr("birthDate")));
}

TEST(Mapper, AnotherSystemDoesNotSayWhoThePatientIs) {
    FedHospital ward;
    ward.send(adt({.more = stay}));
    ward.send(
        "MSH|^~\\&|LAB|CLIN|||20260911090000||ORU^R01|9|P|2.5.1\r"
        "PID|1||4711^^^CLIN^MR||HADAD^N\r"
        "OBR|1|P1|F1|24323-8^CMP^LN|||20260911080000||||||||||||||||||F\r"
        "OBX|1|NM|2345-7^Glucose^LN||95|mg/dL|70-99|N|||F|||20260911080000\r");
    const auto patient = ward.patient_with("4711");
    EXPECT_THAT(ward.hospital.get("Patient/" + patient).body, HasSubstr("HADDAD"));
    EXPECT_EQ(ward.count("Observation?patient=" + patient + "&code=http://loinc.org|2345-7"), 1U);
}

TEST(Mapper, FindsAPatientWhoWasRegisteredByAnotherWay) {
    FedHospital ward;
    ward.send(adt({.id = "0"}));
    const auto as_mapped = ward.hospital.get("Patient/" + ward.patient_with("4711")).body;
    const auto document = json::Document::parse(as_mapped);
    const auto system = std::string{(*(*document)["identifier"].items().begin())["system"].text()};
    FedHospital other;
    other.hospital.put("Patient/p1", R"({"resourceType":"Patient","id":"p1","identifier":[{"system":")" +
                                         system + R"(","value":"4711"}],"active":true})");
    other.send(adt({.more = stay}));
    EXPECT_EQ(other.patient_with("4711"), "p1");
    EXPECT_EQ(other.count("Encounter?patient=p1"), 1U);
    EXPECT_THAT(other.hospital.get("Patient/p1").body, HasSubstr(R"("active":true)"));
}

std::string merge(std::string_view id, std::string_view surviving, std::string_view subsumed) {
    return adt({.event = "A40",
                .id = std::string{id},
                .mrn = std::string{surviving},
                .name = "HADDAD^NADIA",
                .more = fmt::format("MRG|{}^^^CLIN^MR\r", subsumed)});
}

TEST(Mapper, AMergeMovesTheChart) {
    FedHospital ward;
    ward.send(adt({.id = "1", .mrn = "4711"}));
    ward.send(adt({.id = "2", .mrn = "4712", .more = stay}));
    const auto survivor = ward.patient_with("4711"), old = ward.patient_with("4712");
    ward.send(merge("3", "4711", "4712"));
    EXPECT_EQ(ward.count("Encounter?patient=" + survivor), 1U);
    EXPECT_EQ(ward.count("Encounter?patient=" + old), 0U);
    EXPECT_THAT(ward.hospital.get("Patient/" + old).body,
                testing::AllOf(HasSubstr(R"("active":false)"), HasSubstr(R"("type":"replaced-by")"),
                               HasSubstr("Patient/" + survivor)));
    EXPECT_THAT(ward.hospital.get("Patient/" + survivor).body,
                testing::AllOf(HasSubstr(R"("type":"replaces")"), HasSubstr("4712")));
    // What comes later under the old number is about the survivor.
    ward.send(adt({.event = "A08", .id = "4", .mrn = "4712", .name = "HADDAD^NADIA^LATER"}));
    EXPECT_THAT(ward.hospital.get("Patient/" + survivor).body, HasSubstr("LATER"));
    EXPECT_TRUE(ward.hospital.verify());
}

TEST(Mapper, AMergeIsDoneOnceAndNeverInACircle) {
    FedHospital ward;
    ward.send(adt({.id = "1", .mrn = "4711"}));
    ward.send(adt({.id = "2", .mrn = "4712"}));
    const auto survivor = ward.patient_with("4711");
    ward.send(merge("3", "4711", "4712"));
    const auto once = ward.hospital.get("Patient/" + survivor).body;
    ward.send(merge("4", "4711", "4712"));
    EXPECT_EQ(ward.hospital.get("Patient/" + survivor).body, once);
    EXPECT_THAT(ward.unmapped(), IsEmpty());
    ward.send(merge("5", "4712", "4711"));
    ASSERT_THAT(ward.unmapped(), SizeIs(1));
    EXPECT_THAT(ward.unmapped().front().places, HasSubstr("circle"));
    EXPECT_THAT(ward.hospital.get("Patient/" + survivor).body, Not(HasSubstr("replaced-by")));
}

TEST(Mapper, WhatWaitsIsMappedAfterARestart) {
    FedHospital ward;
    ward.mapper.reset();
    EXPECT_THAT(ward.send(adt({.more = stay})), ElementsAre("MSA|AA|1"));
    EXPECT_EQ(ward.state().waiting, 1);
    EXPECT_EQ(ward.state().as_of(), vault::test_start);
    ward.close();
    ward.hospital.open();
    ward.open();
    ward.mapper->settle();
    EXPECT_EQ(ward.state().waiting, 0);
    ward.patient_with("4711");
}

TEST(Mapper, WaitsWhileNoMoreChartsMayBeOpenedAndLosesNothing) {
    FedHospital ward{{.burst = 3, .per_hour = 60}};
    for (int i = 0; i < 6; ++i) ward.send(adt({.id = std::to_string(i), .mrn = std::to_string(100 + i)}));
    ward.hospital.clock().advance(std::chrono::hours{2});
    ward.close();   // the keys in use are gone
    ward.hospital.open();
    ward.open();
    ward.mapper->settle();
    for (int i = 0; i < 6; ++i)
        EXPECT_THAT(ward.send(adt({.event = "A08",
                                   .id = std::to_string(10 + i),
                                   .mrn = std::to_string(100 + i),
                                   .name = "NEW^NAME"})),
                    ElementsAre(fmt::format("MSA|AA|{}", 10 + i)));
    EXPECT_GT(ward.state().waiting, 0);
    EXPECT_LT(ward.state().waiting, 6);
    while (ward.state().waiting > 0) ward.hospital.clock().advance(std::chrono::minutes{10});
}

TEST(Mapper, ABacklogThatHasToWaitIsNotTriedAgainWithEachMessage) {
    FedHospital ward{{.burst = 3, .per_hour = 60}};
    for (int i = 0; i < 6; ++i) ward.send(adt({.id = std::to_string(i), .mrn = std::to_string(100 + i)}));
    ward.hospital.clock().advance(std::chrono::hours{2});
    ward.close();   // the keys in use are gone
    ward.hospital.open();
    ward.open({.threads = 1, .pause = std::chrono::milliseconds{1}, .pause_max = std::chrono::hours{1}});
    const auto change = [](int i) {
        return adt({.event = "A08",
                    .id = std::to_string(10 + i),
                    .mrn = std::to_string(100 + i % 6),
                    .name = fmt::format("NEW^{}", i)});
    };
    for (int i = 0; i < 6; ++i) ward.intake->take({change(i), false});
    while (ward.mapper->counters().postponed < 8) std::this_thread::yield();   // 1, 2, 4 … 128 ms
    for (int i = 6; i < 40; ++i) ward.intake->take({change(i), false});
    EXPECT_LT(ward.mapper->counters().postponed, 20U);
    ward.hospital.clock().advance(std::chrono::hours{2});
    while (ward.mapper->counters().mapped == 0) std::this_thread::yield();
}

TEST(Mapper, WhatIsNewIsMappedWhileOneLaneWaitsAndIsNotTriedAgain) {
    FedHospital ward{{.burst = 3, .per_hour = 60}};
    for (const auto* const mrn : {"100", "101", "102"}) ward.send(adt({.id = mrn, .mrn = mrn}));
    ward.hospital.clock().advance(std::chrono::hours{2});
    ward.close();   // the keys in use are gone
    ward.hospital.open();
    ward.open({.threads = 16,
               .queued_bytes_max = 0,
               .pause = std::chrono::hours{1},
               .pause_max = std::chrono::hours{1}});
    for (const auto* const mrn : {"101", "102", "100"})
        ward.send(adt({.event = "A08", .id = "a", .mrn = mrn, .name = "X"}));
    ASSERT_EQ(ward.mapper->counters().postponed, 1U);
    for (int i = 0; i < 20; ++i) {
        const auto id = std::to_string(200 + i);
        ward.send(adt({.id = id, .mrn = id}));
        ward.send(adt({.event = "A08", .id = id, .mrn = "100", .name = id}));
    }
    EXPECT_EQ(ward.mapper->counters().postponed, 1U);
    EXPECT_GE(ward.mapper->counters().mapped, 10U);
    EXPECT_GE(ward.state().waiting, 21);
}

// Two that were made over FHIR, each replaced by the other.
void put_circle(vault::Hospital& hospital) {
    for (const auto& [id, other] : {std::pair{"p", "q"}, std::pair{"q", "p"}}) {
        const auto patient = fmt::format(
            R"({{"resourceType":"Patient","id":"{0}","identifier":[{{"system":"CLIN","value":"{0}"}}],
                "link":[{{"type":"replaced-by","other":{{"reference":"Patient/{1}"}}}}]}})",
            id, other);
        ASSERT_EQ(hospital.put(fmt::format("Patient/{}", id), patient).status, 201);
    }
}

TEST(Mapper, OneThatCannotBeMappedKeepsNobodyWaiting) {
    FedHospital ward;
    put_circle(ward.hospital);
    std::string batch = "BHS|^~\\&|A\r" + adt({.event = "A08", .id = "1", .mrn = "p"}) + merge("2", "8", "9");
    for (int i = 0; i < 20; ++i) batch += adt({.id = fmt::format("n{}", i), .mrn = std::to_string(100 + i)});
    ward.send(batch);
    EXPECT_EQ(ward.state().waiting, 0);
    ASSERT_THAT(ward.unmapped(), SizeIs(1));
    EXPECT_THAT(ward.unmapped().front().places, HasSubstr("circle"));
    ward.patient_with("119");
}

TEST(Mapper, OneThatCannotBeOpenedIsToldAsUnmapped) {
    FedHospital ward;
    ward.close();
    ward.hospital.set_violation(vault::OnViolation::serve_what_opens);
    ward.hospital.open();
    ward.open();
    ward.mapper.reset();
    ward.send(adt({.id = "1"}));
    auto database = *store::Database::open(ward.hospital.paths().records(), store::Mode::read_write_create);
    ASSERT_TRUE(database.execute("UPDATE version SET sealed = zeroblob(64) WHERE change = 4"));
    ward.open({.pause = std::chrono::milliseconds{1}, .pause_max = std::chrono::milliseconds{1}});
    ward.send(adt({.id = "2", .mrn = "4712"}) + merge("3", "8", "9"));
    ward.wait_until_mapped();
    ward.patient_with("4712");
    ASSERT_THAT(ward.unmapped(), SizeIs(1));
    EXPECT_EQ(ward.unmapped().front().places, "MSH the message cannot be opened");
    EXPECT_TRUE(ward.hospital.verify());
}

TEST(Mapper, NoPatientIsReplacedByItself) {
    FedHospital ward;
    const auto answer = ward.hospital.put("Patient/p", R"({"resourceType":"Patient","id":"p",
        "link":[{"type":"replaced-by","other":{"reference":"Patient/p"}}]})");
    EXPECT_EQ(answer.status, 422) << answer.body;
}

TEST(Mapper, MapsAgainWithoutMakingAnythingTwice) {
    FedHospital ward;
    ward.send(adt({.id = "1", .name = "OLD^NAME", .more = stay}));
    ward.send(adt({.event = "A08", .id = "2", .name = "NEW^NAME"}));
    const auto patient = ward.patient_with("4711");
    const auto before = ward.hospital.get("Patient/" + patient).body;
    ASSERT_EQ(*vault::replay(ward.hospital.vault(), {}, mapping_revision + 1), 2);
    ward.mapper->wake();
    ward.mapper->settle();
    EXPECT_EQ(ward.state().waiting, 0);
    EXPECT_EQ(ward.hospital.get("Patient/" + patient).body, before);
    EXPECT_EQ(ward.count("Encounter?patient=" + patient), 1U);
    EXPECT_EQ(ward.patient_with("4711"), patient);
}

class SilentFeeds : public testing::Test {
protected:
    SilentFeeds() {
        std::vector<FeedSetting> settings;
        for (const auto* const name : {"adt", "lab"}) {
            Feed feed;
            feed.name = name;
            feed.listen = "127.0.0.1:0";
            feed.silent_after = std::chrono::minutes{15};
            settings.push_back({feed, {}});
        }
        feeds_ = *Feeds::open(hospital_.vault(), std::move(settings));
    }

    void wait(std::chrono::minutes time) {
        hospital_.clock().advance(time);
        feeds_->watch(hospital_.clock().now());
    }
    /// What the record tells of this feed, oldest first.
    std::vector<std::string> told_of(std::string_view feed) {
        const auto found =
            hospital_.get(fmt::format("AuditEvent?type=http://dicom.nema.org/resources/ontology/DCM|110108"
                                      "&agent:identifier={}&_sort=date",
                                      feed));
        EXPECT_EQ(found.status, 200) << found.body;
        const auto bundle = json::Document::parse(found.body);
        std::vector<std::string> told;
        for (const auto entry : (*bundle)["entry"].items()) {
            const auto event = entry["resource"];
            told.push_back(fmt::format("{} {}", event["outcome"].text(), event["outcomeDesc"].text()));
        }
        return told;
    }
    void send(std::size_t feed) {
        const auto port = feeds_->status().at(feed).port;
        const UniqueFd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ASSERT_EQ(::connect(socket.get(), std::bit_cast<const sockaddr*>(&address), sizeof address), 0);
        const auto frame = '\v' + adt({}) + "\x1c\r";
        ASSERT_EQ(::send(socket.get(), frame.data(), frame.size(), 0), std::ssize(frame));
        std::array<char, 256> answer{};
        EXPECT_GT(::recv(socket.get(), answer.data(), answer.size(), 0), 0);
    }

    vault::Hospital hospital_;
    std::unique_ptr<Feeds> feeds_;
};

TEST_F(SilentFeeds, AreToldInTheRecordOnce) {
    wait(std::chrono::minutes{14});
    EXPECT_FALSE(feeds_->status().front().is_silent);
    EXPECT_THAT(told_of("adt"), IsEmpty());
    wait(std::chrono::minutes{1});
    EXPECT_TRUE(feeds_->status().front().is_silent);
    EXPECT_NE(feeds_->status().front().port, 0);
    wait(std::chrono::minutes{60});
    const std::string silent = "4 feed is silent; last heard 2026-11-22T09:00:00.000Z";
    EXPECT_THAT(told_of("adt"), ElementsAre(silent));
    EXPECT_THAT(told_of("lab"), ElementsAre(silent));
    EXPECT_EQ(hospital_.get("AuditEvent?type=rest").status, 403) << "the others lie in charts";
    EXPECT_TRUE(hospital_.verify());
}

TEST_F(SilentFeeds, AreToldWhenTheyAreHeardAgain) {
    wait(std::chrono::minutes{20});
    hospital_.clock().advance(std::chrono::minutes{10});
    feeds_->start();
    send(0);
    while (told_of("adt").size() < 2) std::this_thread::yield();   // who watches looks each second
    EXPECT_THAT(told_of("adt"), ElementsAre(StartsWith("4 feed is silent"),
                                            "0 feed is heard again; last heard 2026-11-22T09:30:00.000Z"));
    EXPECT_THAT(told_of("lab"), SizeIs(1));
}

TEST(Feeds, EachHasANameOfItsOwn) {
    const auto identity = *http::make_self_signed({.host_names = {"ward"}, .not_before = vault::test_start});
    EXPECT_TRUE(read_settings({"adt 127.0.0.1:0", "lab 127.0.0.1:0 tls"}, identity));
    EXPECT_FALSE(read_settings({"adt 127.0.0.1:0", "adt 127.0.0.1:1"}, identity));
    EXPECT_FALSE(read_settings({"adt 127.0.0.1:0 mutual=/nowhere/clients.pem"}, identity));
    const auto none = read_settings({"adt 127.0.0.1:0 mutual=/dev/null"}, identity);
    EXPECT_THAT(none.error().what, HasSubstr("feed adt: /dev/null holds no certificate"));
}

TEST(Mapper, MessagesAboutManyPatientsAreAllMapped) {
    FedHospital ward;
    std::string batch = "BHS|^~\\&|A\r";
    for (int i = 0; i < 60; ++i)
        batch += adt({.event = i < 20 ? "A01" : "A08",
                      .id = std::to_string(i),
                      .mrn = std::to_string(i % 20),
                      .name = fmt::format("NAME^{}", i),
                      .more = stay});
    EXPECT_THAT(ward.send(batch), SizeIs(60));
    EXPECT_EQ(ward.state().waiting, 0);
    for (int i = 0; i < 20; ++i)
        EXPECT_THAT(ward.hospital.get("Patient/" + ward.patient_with(std::to_string(i))).body,
                    HasSubstr(fmt::format(R"("given":["{}"])", i + 40)));
}

}   // namespace
}   // namespace ward::feeds
