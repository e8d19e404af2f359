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

class SilentFeeds : public testing::Test {
protected:
    SilentFeeds() { open(); }

    void open() {
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
    const std::string silent = "4 feed is silent; never heard";
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

TEST_F(SilentFeeds, AreKnownAfterARestart) {
    feeds_->start();
    send(0);
    feeds_.reset();
    hospital_.clock().advance(std::chrono::hours{1});
    open();
    wait(std::chrono::minutes{20});
    EXPECT_THAT(told_of("adt"), ElementsAre("4 feed is silent; last heard 2026-11-22T09:00:00.000Z"));
    open();
    wait(std::chrono::minutes{1});
    EXPECT_THAT(told_of("adt"), SizeIs(1)) << "a start is nothing that was heard";
    EXPECT_THAT(told_of("lab"), ElementsAre("4 feed is silent; never heard"));
    feeds_->start();
    send(0);
    while (told_of("adt").size() < 2) std::this_thread::yield();
    EXPECT_THAT(told_of("adt").back(), StartsWith("0 feed is heard again"));
}

TEST(Feeds, AreMappedAgainOneWhollyOrAllWhereTheMappingIsNewer) {
    FedHospital ward;
    ward.send(adt({}));
    ward.mapper.reset();
    EXPECT_TRUE(remap(ward.hospital.vault(), {}));
    EXPECT_TRUE(remap(ward.hospital.vault(), "lab"));
    EXPECT_EQ(ward.state().waiting, 0);
    EXPECT_TRUE(remap(ward.hospital.vault(), "adt"));
    EXPECT_EQ(ward.state().waiting, 1);
}

TEST(Feeds, EachHasANameOfItsOwn) {
    const auto identity = *http::make_self_signed({.host_names = {"ward"}, .not_before = vault::test_start});
    EXPECT_TRUE(read_settings({"adt 127.0.0.1:0", "lab 127.0.0.1:0 tls"}, identity));
    EXPECT_FALSE(read_settings({"adt 127.0.0.1:0", "adt 127.0.0.1:1"}, identity));
    EXPECT_FALSE(read_settings({"adt 127.0.0.1:0 mutual=/nowhere/clients.pem"}, identity));
    const auto none = read_settings({"adt 127.0.0.1:0 mutual=/dev/null"}, identity);
    EXPECT_THAT(none.error().what, HasSubstr("feed adt: /dev/null holds no certificate"));
}

}   // namespace
}   // namespace ward::feeds
