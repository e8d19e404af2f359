// SPDX-License-Identifier: Apache-2.0
#include "feeds/mapper.hpp"

#include "feeds/ward_test.hpp"

namespace ward::feeds {
namespace {

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

TEST(Mapper, AnUpdateLeavesWhoWasDischargedDischarged) {
    FedHospital ward;
    ward.send(adt({.id = "1", .more = stay}));
    ward.send(adt({.event = "A03", .id = "2", .more = stay}));
    ward.send(adt({.event = "A08", .id = "3", .name = "HADDAD^NADIA^R", .more = stay}));
    const auto patient = ward.patient_with("4711");
    EXPECT_EQ(ward.count("Encounter?patient=" + patient + "&status=finished"), 1U);
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

TEST(Mapper, TheNumberOfAVisitFindsNoPatient) {
    FedHospital ward;
    ward.hospital.put("Patient/p1", R"({"resourceType":"Patient","id":"p1","identifier":[{"system":"CLIN",
        "type":{"coding":[{"code":"VN"}]},"value":"V0001"}]})");
    ward.send(
        "MSH|^~\\&|ADT|CLIN|||20260911080000||ADT^A04|1|P|2.5.1\r"
        "PID|1||4711^^^CLIN^MR~V0001^^^CLIN^VN||HADDAD^NADIA\r");
    EXPECT_NE(ward.patient_with("4711"), "p1");
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
    EXPECT_EQ(ward.state().lag(vault::test_start + std::chrono::minutes{2}), std::chrono::minutes{2});
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

TEST(Mapper, AMergeIsDoneThoughItWasFollowedByAnother) {
    FedHospital ward;
    for (const auto* const mrn : {"1", "2", "3"}) ward.send(adt({.id = mrn, .mrn = mrn}));
    ward.send(merge("4", "2", "1"));
    ward.send(merge("5", "3", "2"));
    ward.send(merge("6", "2", "1"));
    EXPECT_THAT(ward.unmapped(), IsEmpty());
}

TEST(Mapper, AMergeFindsAPatientWhoWasRegisteredByAnotherWay) {
    FedHospital ward;
    ward.send(adt({.id = "1", .mrn = "4711"}));
    ward.hospital.put("Patient/p2", R"({"resourceType":"Patient","id":"p2",
        "identifier":[{"system":"CLIN","value":"4712"}]})");
    ward.hospital.put("Observation/o1", R"({"resourceType":"Observation","id":"o1","status":"final",
        "code":{"text":"x"},"subject":{"reference":"Patient/p2"}})");
    const auto survivor = ward.patient_with("4711");
    ward.send(merge("2", "4711", "4712"));
    EXPECT_EQ(ward.count("Observation?patient=" + survivor), 1U);
    EXPECT_THAT(ward.hospital.get("Patient/p2").body, HasSubstr("replaced-by"));
    EXPECT_EQ(ward.count("Patient?identifier=CLIN|4712"), 2U) << "who it was, and who it is";
}

TEST(Mapper, AMergeMovesAChartOfAnySize) {
    FedHospital ward;
    ward.send(adt({.id = "1", .mrn = "4711"}));
    ward.send(adt({.id = "2", .mrn = "4712"}));
    const auto survivor = ward.patient_with("4711"), old = ward.patient_with("4712");
    for (int i = 0; i < 7; ++i)
        ward.hospital.put(fmt::format("Observation/o{}", i),
                          fmt::format(R"({{"resourceType":"Observation","id":"o{}","status":"final",
            "code":{{"text":"x"}},"subject":{{"reference":"Patient/{}/_history/1"}},
            "note":[{{"text":"{}"}}]}})",
                                      i, old, std::string(std::size_t{20} << 20, 'x')));
    ward.send(merge("3", "4711", "4712"));
    EXPECT_THAT(ward.unmapped(), IsEmpty());
    EXPECT_THAT(ward.hospital.get("Observation?_summary=count&patient=" + survivor).body,
                HasSubstr(R"("total":7)"));
    EXPECT_EQ(ward.count("Observation?patient=" + old), 0U);
    EXPECT_THAT(ward.hospital.get("Patient/" + old).body, HasSubstr("replaced-by"));
    EXPECT_TRUE(ward.hospital.verify());
}

TEST(Mapper, TwoMessagesAtOnceMakeOnePatient) {
    FedHospital ward;
    for (int i = 0; i < 30; ++i) {
        ward.intake->take({fmt::format("MSH|^~\\&|ADT|CLIN|||20260911080000||ADT^A04|a{0}|P|2.5.1\r"
                                       "PID|1||{0}^^^CLIN^MR~9{0}^^^CLIN^PI||HADDAD^NADIA\r",
                                       i),
                           false});
        ward.intake->take({fmt::format("MSH|^~\\&|LAB|CLIN|||20260911080000||ORU^R01|b{0}|P|2.5.1\r"
                                       "PID|1||9{0}^^^CLIN^PI||HADDAD^NADIA\rOBR|1||F{0}|x^y^z\r",
                                       i),
                           false});
    }
    ward.mapper->settle();
    for (int i = 0; i < 30; ++i) EXPECT_EQ(ward.count(fmt::format("Patient?identifier=CLIN|9{}", i)), 1U);
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
    ward.mapper.reset();
    ward.hospital.clock().advance(std::chrono::minutes{1});
    ward.send(adt({.event = "A08", .id = "3", .mrn = "4712"}));
    ward.open();
    ward.mapper->settle();
    const auto as_of = ward.state().as_of();
    ward.mapper.reset();
    ASSERT_EQ(*vault::replay(ward.hospital.vault(), {}, mapping_revision + 1), 3);
    EXPECT_EQ(ward.state().as_of(), as_of) << "what waits to be mapped again is in the record";
    ward.open();
    ward.mapper->settle();
    EXPECT_EQ(ward.state().waiting, 0);
    EXPECT_EQ(ward.hospital.get("Patient/" + patient).body, before);
    EXPECT_EQ(ward.count("Encounter?patient=" + patient), 1U);
    EXPECT_EQ(ward.patient_with("4711"), patient);
}

TEST(Mapper, MapsAgainWithoutUndoingWhatPeopleDid) {
    FedHospital ward;
    ward.send(adt({.name = "WRONG^NAME", .more = stay}));
    const auto patient = ward.patient_with("4711");
    const auto encounter = ward.only_id("Encounter?patient=" + patient);
    auto corrected = ward.hospital.get("Patient/" + patient).body;
    corrected.replace(corrected.find("WRONG"), 5, "RIGHT");
    EXPECT_THAT(corrected, HasSubstr("urn:uuid:"));
    EXPECT_EQ(ward.hospital.put("Patient/" + patient, corrected).status, 200);
    EXPECT_EQ(ward.hospital.remove("Encounter/" + encounter).status, 204);
    for (int i = 0; i < 2; ++i) {
        ward.replay();
        EXPECT_THAT(ward.hospital.get("Patient/" + patient).body,
                    testing::AllOf(HasSubstr("RIGHT"), Not(HasSubstr("urn:uuid:"))));
        EXPECT_EQ(ward.hospital.get("Encounter/" + encounter).status, 410);
    }
    ward.send(adt({.event = "A08", .id = "2", .name = "LATER^NAME", .more = stay}));
    EXPECT_THAT(ward.hospital.get("Patient/" + patient).body, HasSubstr("LATER"));
    EXPECT_EQ(ward.count("Encounter?patient=" + patient), 1U);
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
