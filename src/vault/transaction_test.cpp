// SPDX-License-Identifier: Apache-2.0
#include "vault/transaction.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "vault/hospital_test.hpp"

namespace ward::vault {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string bundle(std::string_view type, std::string_view entries) {
    return fmt::format(R"({{"resourceType":"Bundle","type":"{}","entry":[{}]}})", type, entries);
}

const std::string new_patient = R"({"fullUrl":"urn:uuid:aaaaaaaa-0000-4000-8000-000000000001",
  "resource":{"resourceType":"Patient","name":[{"family":"Okafor"}]},
  "request":{"method":"POST","url":"Patient"}})";
const std::string new_observation = R"({"fullUrl":"urn:uuid:aaaaaaaa-0000-4000-8000-000000000002",
  "resource":{"resourceType":"Observation","status":"final","code":{"text":"pulse"},
    "subject":{"reference":"urn:uuid:aaaaaaaa-0000-4000-8000-000000000001"}},
  "request":{"method":"POST","url":"Observation"}})";

std::vector<std::string> statuses_in(const http::Response& response) {
    std::vector<std::string> statuses;
    const auto answer = json::Document::parse(response.body);
    for (const auto entry : (*answer)["entry"].items())
        statuses.emplace_back(entry["response"]["status"].text().substr(0, 3));
    return statuses;
}

std::string location_of(const http::Response& response, std::size_t index) {
    const auto answer = json::Document::parse(response.body);
    for (const auto entry : (*answer)["entry"].items())
        if (index-- == 0) return std::string{entry["response"]["location"].text()};
    return {};
}

TEST(Transaction, LinksItsEntriesToEachOther) {
    Hospital hospital;
    const auto done = hospital.post("", bundle("transaction", new_observation + "," + new_patient));
    EXPECT_EQ(done.status, 200);
    EXPECT_THAT(statuses_in(done), ElementsAre("201", "201"));
    const auto patient = location_of(done, 1).substr(0, location_of(done, 1).find("/_history"));
    EXPECT_THAT(hospital.get(location_of(done, 0)).body,
                HasSubstr(fmt::format(R"("reference":"{}")", patient)));
    EXPECT_THAT(ids_in(hospital.get(patient + "/$everything")), SizeIs(2));
}

TEST(Transaction, IsAllOrNothing) {
    Hospital hospital;
    const std::string wrong = R"({"resource":{"resourceType":"Observation","id":"x"},
      "request":{"method":"PUT","url":"Observation/other"}})";
    EXPECT_EQ(hospital.post("", bundle("transaction", new_patient + "," + wrong)).status, 400);
    EXPECT_THAT(ids_in(hospital.get("Patient?family=Okafor")), SizeIs(0));
}

TEST(Transaction, ResolvesAConditionalReferenceOrFails) {
    Hospital hospital;
    hospital.put("Practitioner/d1", R"({"resourceType":"Practitioner","id":"d1",
      "identifier":[{"system":"urn:example:staff","value":"77"}]})");
    const auto encounter = [](std::string_view staff) {
        return fmt::format(
            R"({{"resource":{{"resourceType":"Encounter","status":"finished","class":{{"code":"AMB"}},
          "participant":[{{"individual":{{"reference":"Practitioner?identifier=urn:example:staff|{}"}}}}]}},
          "request":{{"method":"POST","url":"Encounter"}}}})",
            staff);
    };
    const auto done = hospital.post("", bundle("transaction", encounter("77")));
    EXPECT_THAT(statuses_in(done), ElementsAre("201"));
    EXPECT_THAT(hospital.get(location_of(done, 0)).body, HasSubstr(R"("reference":"Practitioner/d1")"));
    EXPECT_EQ(hospital.post("", bundle("transaction", encounter("78"))).status, 412);
}

const std::string with_number = R"({"resource":{"resourceType":"Practitioner",
      "identifier":[{"system":"urn:example:staff","value":"77"}]},
      "request":{"method":"POST","url":"Practitioner",
        "ifNoneExist":"identifier=urn:example:staff|77"}})";

TEST(Transaction, DeletesBeforeItLooksWhetherSomethingExists) {
    Hospital hospital;
    const auto first = hospital.post("", bundle("transaction", with_number));
    EXPECT_THAT(statuses_in(hospital.post("", bundle("transaction", with_number))), ElementsAre("200"));
    const auto id = location_of(first, 0).substr(0, location_of(first, 0).find("/_history"));
    const auto removal = fmt::format(R"({{"request":{{"method":"DELETE","url":"{}"}}}})", id);
    const auto done = hospital.post("", bundle("transaction", with_number + "," + removal));
    EXPECT_THAT(statuses_in(done), ElementsAre("201", "204"));
    EXPECT_EQ(hospital.get(id).status, 410);
    EXPECT_EQ(hospital.get(location_of(done, 0)).status, 200);
}

TEST(Transaction, ReadsWhatItHasWritten) {
    Hospital hospital;
    const auto done =
        hospital.post("", bundle("transaction", R"({"request":{"method":"GET","url":"Patient/p1"}},
      {"resource":{"resourceType":"Patient","id":"p1"},"request":{"method":"PUT","url":"Patient/p1"}})"));
    EXPECT_THAT(statuses_in(done), ElementsAre("200", "201"));
}

TEST(Transaction, DoesNothingWhenItCouldNotReadInTheEnd) {
    Hospital hospital;
    hospital.put("Patient/p1", R"({"resourceType":"Patient","id":"p1"})");
    const auto read = [](std::string_view url) {
        return fmt::format(R"({{"request":{{"method":"GET","url":"{}"}}}})", url);
    };
    const std::string removal = R"({"request":{"method":"DELETE","url":"Patient/p1"}})";
    EXPECT_EQ(hospital.post("", bundle("transaction", read("Patient/p1") + "," + removal)).status, 404);
    EXPECT_EQ(hospital.post("", bundle("transaction", read("Patient/p2") + "," + removal)).status, 404);
    hospital.set_scope("system/Patient.d");
    EXPECT_EQ(hospital.post("", bundle("transaction", read("Patient/p1") + "," + removal)).status, 403);
    EXPECT_EQ(hospital.post("", bundle("transaction", read("Patient?name=xy") + "," + removal)).status, 403);
    hospital.set_scope("system/*.cruds");
    EXPECT_EQ(hospital.get("Patient/p1").status, 200);
}

const std::string staff_77 = R"({"resource":{"resourceType":"Practitioner",
      "identifier":[{"system":"urn:example:staff","value":"77"}]},
      "request":{"method":"POST","url":"Practitioner"}})";
const std::string encounter_of_77 = R"({"resource":{"resourceType":"Encounter","status":"finished",
      "class":{"code":"AMB"},
      "participant":[{"individual":{"reference":"Practitioner?identifier=urn:example:staff|77"}}]},
      "request":{"method":"POST","url":"Encounter"}})";

TEST(Transaction, ResolvesAConditionalReferenceToWhatItsOwnEntriesWrite) {
    Hospital hospital;
    const auto done = hospital.post("", bundle("transaction", encounter_of_77 + "," + staff_77));
    ASSERT_THAT(statuses_in(done), ElementsAre("201", "201"));
    const auto staff = location_of(done, 1).substr(0, location_of(done, 1).find("/_history"));
    EXPECT_THAT(hospital.get(location_of(done, 0)).body,
                HasSubstr(fmt::format(R"("reference":"{}")", staff)));
    EXPECT_EQ(hospital.post("", bundle("transaction", encounter_of_77 + "," + staff_77)).status, 412)
        << "there are two of them now";
    Hospital other;
    const auto staff_first = other.post("", bundle("transaction", staff_77 + "," + encounter_of_77));
    ASSERT_THAT(statuses_in(staff_first), ElementsAre("201", "201"));
    const auto first = location_of(staff_first, 0).substr(0, location_of(staff_first, 0).find("/_history"));
    EXPECT_THAT(other.get(location_of(staff_first, 1)).body,
                HasSubstr(fmt::format(R"("reference":"{}")", first)));
    const auto renamed = fmt::format(R"({{"resource":{{"resourceType":"Practitioner","id":"{0}"}},
        "request":{{"method":"PUT","url":"Practitioner/{0}"}}}})",
                                     staff.substr(staff.find('/') + 1));
    EXPECT_EQ(hospital.post("", bundle("transaction", encounter_of_77 + "," + renamed)).status, 412)
        << "and then none";
}

TEST(Transaction, LeavesInItsAuditWhatItAskedThoughItFailed) {
    Hospital hospital;
    hospital.put("Patient/p1", R"({"resourceType":"Patient","id":"p1","name":[{"family":"Okafor"}]})");
    const std::string probe = R"({"resource":{"resourceType":"Patient"},
      "request":{"method":"POST","url":"Patient","ifNoneExist":"family=Okafor"}})";
    const std::string wrong = R"({"request":{"method":"GET","url":"Observation/nowhere"}})";
    EXPECT_EQ(hospital.post("", bundle("transaction", probe + "," + wrong)).status, 404);
    const auto trail = hospital.get("AuditEvent?patient=p1").body;
    EXPECT_THAT(trail, HasSubstr("Observation/nowhere")) << "the patient who was found is named";
    EXPECT_THAT(trail, HasSubstr(to_base64(as_bytes("Patient?family=Okafor"))));
}

TEST(Transaction, AsksTheTokenForEachEntry) {
    Hospital hospital;
    hospital.set_scope("system/Patient.c");
    EXPECT_EQ(hospital.post("", bundle("transaction", new_patient)).status, 200);
    EXPECT_EQ(hospital.post("", bundle("transaction", new_patient + "," + new_observation)).status, 403);
}

// R4, bundle.html#references: a relative reference belongs to the address of the entry that it stands in.
TEST(Transaction, KeepsTwoServersPatientsApart) {
    Hospital hospital;
    const auto patient = [](std::string_view server) {
        return fmt::format(R"({{"fullUrl":"http://{0}/fhir/Patient/1","resource":{{"resourceType":"Patient",
          "name":[{{"family":"{0}"}}]}},"request":{{"method":"POST","url":"Patient"}}}})",
                           server);
    };
    const std::string observation = R"({"fullUrl":"http://alpha/fhir/Observation/7",
      "resource":{"resourceType":"Observation","status":"final","subject":{"reference":"Patient/1"}},
      "request":{"method":"POST","url":"Observation"}})";
    const auto done = hospital.post(
        "", bundle("transaction", patient("alpha") + "," + observation + "," + patient("beta")));
    ASSERT_EQ(done.status, 200);
    const auto alpha = location_of(done, 0).substr(0, location_of(done, 0).find("/_history"));
    EXPECT_THAT(hospital.get(location_of(done, 1)).body,
                HasSubstr(fmt::format(R"("reference":"{}")", alpha)));
}

TEST(Batch, ShowsWhatAnOperationFound) {
    Hospital hospital;
    hospital.put("Patient/p1", R"({"resourceType":"Patient","id":"p1"})");
    const std::string everything = R"({"request":{"method":"POST","url":"Patient/p1/$everything"}})";
    const auto done = hospital.post("", bundle("batch", everything));
    EXPECT_THAT(statuses_in(done), ElementsAre("200"));
    EXPECT_THAT(done.body, HasSubstr(R"("fullUrl":"https://ward.example/fhir/Patient/p1")"));
}

TEST(Batch, EntriesFailAlone) {
    Hospital hospital;
    const auto done = hospital.post(
        "", bundle("batch", R"({"request":{"method":"GET","url":"Patient/nobody"}},)" + new_patient));
    EXPECT_EQ(done.status, 200);
    EXPECT_THAT(statuses_in(done), ElementsAre("404", "201"));
}

}   // namespace
}   // namespace ward::vault
