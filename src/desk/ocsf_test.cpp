// SPDX-License-Identifier: Apache-2.0
#include "desk/ocsf.hpp"

#include <gmock/gmock.h>

#include "desk/keeping_test.hpp"
#include "json/document.hpp"

namespace ward::desk {
namespace {

using ::testing::ElementsAre;

class AnOcsfFinding : public ADesk {
protected:
    /// The finding of the first case.
    json::Document written() {
        const auto book = desk_->book().value();
        const auto one = standing(1);
        Words words;
        for (const auto number : one.findings) words[number] = desk_->words(number).value();
        const auto text = to_ocsf(book, one, words, desk_->limits());
        return json::Document::parse(text.substr(0, text.find('\n'))).value();
    }
    void keep_one() {
        auto finding = found("lateral-movement", "10.0.0.1", 1h, {"10.0.0.2", "files.ward.example"});
        finding.techniques = {"T1021.001", "T1569"};
        finding.facts = {{"desks opened", "none", "2 in an hour"}};
        finding.harmless_if = "It is the administrator.";
        finding.events = {"flow:1:abc=", "flow:1:def="};
        keep({finding});
    }
};

std::string raw(json::Value value) { return std::string{value.raw()}; }

// OCSF 1.4.0, class Detection Finding [2004] and what it extends, Finding and Base Event: attributes whose
// requirement is `required`, each with the values that the schema allows.
TEST_F(AnOcsfFinding, HasWhatTheClassRequires) {
    keep_one();
    const auto told = written();
    EXPECT_EQ(raw(told["activity_id"]), "1");        // Finding: 1 Create, 2 Update, 3 Close
    EXPECT_EQ(raw(told["category_uid"]), "2");       // categories: 2 Findings
    EXPECT_EQ(raw(told["class_uid"]), "2004");       // category 2, class 4
    EXPECT_EQ(raw(told["type_uid"]), "200401");      // class_uid * 100 + activity_id
    EXPECT_EQ(raw(told["severity_id"]), "4");        // Base Event: 2 Low, 3 Medium, 4 High, 5 Critical
    EXPECT_EQ(raw(told["time"]), "1772413200000");   // timestamp_t: milliseconds since 1970
    EXPECT_TRUE(told["metadata"].is_object());
    EXPECT_TRUE(told["finding_info"].is_object());
}

// OCSF 1.4.0, objects Metadata and Product, Finding Information, Analytic, Related Event, Observable: their
// required attributes; and the constraints `at_least_one` of MITRE ATT&CK, Technique, Tactic, Evidence
// Artifacts, Network Endpoint and Product.
TEST_F(AnOcsfFinding, HasWhatItsObjectsRequire) {
    keep_one();
    const auto told = written();
    EXPECT_EQ(told["metadata"]["version"].text(), "1.4.0");
    EXPECT_EQ(told["metadata"]["product"]["vendor_name"].text(), "Ward");
    EXPECT_EQ(told["metadata"]["product"]["name"].text(), "Ward");
    const auto info = told["finding_info"];
    EXPECT_EQ(info["uid"].text(), "2026-03-02T05:00:00.000Z-1");
    EXPECT_EQ(info["title"].text(), "lateral-movement");
    EXPECT_EQ(raw(info["analytic"]["type_id"]), "2");
    EXPECT_EQ(info["analytic"]["name"].text(), "lateral-movement");
    std::vector<std::string> events, attacks, evidences, observables;
    for (const auto one : info["related_events"].items()) events.emplace_back(one["uid"].text());
    for (const auto one : info["attacks"].items())
        attacks.push_back(std::string{one["technique"]["uid"].text()} + " " +
                          std::string{one["sub_technique"]["uid"].text()} + " " +
                          std::string{one["tactic"]["name"].text()});
    for (const auto one : told["evidences"].items())
        evidences.push_back(raw(one["src_endpoint"]) + raw(one["dst_endpoint"]));
    for (const auto one : told["observables"].items())
        observables.push_back(std::string{one["name"].text()} + " " + raw(one["type_id"]) + " " +
                              std::string{one["value"].text()});
    EXPECT_THAT(events, ElementsAre("flow:1:abc=", "flow:1:def="));
    EXPECT_THAT(attacks, ElementsAre("T1021 T1021.001 Lateral Movement", "T1569  Execution"));
    EXPECT_THAT(evidences, ElementsAre(R"({"ip":"10.0.0.1"}{"ip":"10.0.0.2"})",
                                       R"({"ip":"10.0.0.1"}{"hostname":"files.ward.example"})"));
    EXPECT_THAT(observables, ElementsAre("evidences[0].src_endpoint.ip 2 10.0.0.1",
                                         "evidences[0].dst_endpoint.ip 2 10.0.0.2",
                                         "evidences[1].dst_endpoint.hostname 1 files.ward.example"));
}

TEST_F(AnOcsfFinding, SaysHowSureAndHowBadItIs) {
    keep_one();
    const auto told = written();
    EXPECT_EQ(raw(told["confidence_id"]), "3");
    EXPECT_EQ(raw(told["confidence_score"]), "80");
    EXPECT_EQ(raw(told["risk_level_id"]), "3");
    EXPECT_EQ(raw(told["risk_score"]), "56");
    EXPECT_EQ(told["message"].text(), "Something happened.");
    EXPECT_EQ(raw(told["unmapped"]["case"]), "1");
    EXPECT_EQ(told["unmapped"]["facts"].size(), 1U);
    EXPECT_EQ(told["unmapped"]["harmless_if"].text(), "It is the administrator.");
}

TEST_F(AnOcsfFinding, FollowsWhatPeopleSay) {
    keep_one();
    EXPECT_EQ(written()["status"].text(), "New");
    ASSERT_TRUE(desk_->acknowledge(1, "eve", "", now_));
    EXPECT_EQ(raw(written()["type_uid"]), "200402");
    EXPECT_EQ(written()["status"].text(), "In Progress");
    say(Said::benign, 1);
    EXPECT_EQ(raw(written()["type_uid"]), "200403");
    EXPECT_EQ(written()["status"].text(), "Suppressed");
    EXPECT_EQ(raw(written()["risk_level_id"]), "1");
}

TEST_F(AnOcsfFinding, ThatWasDoneToNobodyHasOneEvidence) {
    keep({found("kerberoasting", "ws-17", 1h)});
    const auto told = written();
    EXPECT_EQ(raw(told["evidences"]), R"([{"src_endpoint":{"hostname":"ws-17"}}])");
    EXPECT_EQ(told["observables"].size(), 1U);
}

}   // namespace
}   // namespace ward::desk
