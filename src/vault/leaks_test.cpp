// SPDX-License-Identifier: Apache-2.0
// Two hospitals, alike but for what the caller may not see. Whatever that caller asks, both answer with the
// same status, headers and body; to somebody who may see it all they do not.
#include <fmt/format.h>
#include <functional>
#include <gmock/gmock.h>
#include <regex>

#include "vault/hospital_test.hpp"

namespace ward::vault {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A way to be one who may not see everything. The secrets are of patient p2, coded `hiv`, in no category
/// that anybody is interested in.
struct Blinder {
    std::string name;
    std::string scope;
    std::string patient;     // of the token
    std::string policy;      // none: there is no policy
    std::string provision;   // of a Consent of p2; none: there is no Consent
    bool is_sure_of_p2;      // whether the caller may see the Patient p2 itself

    friend std::ostream& operator<<(std::ostream& out, const Blinder& blinder) { return out << blinder.name; }
};

constexpr auto care = R"(ward policy 1
relation in-care is Encounter?participant={me}&status=in-progress
role nurse may read, search, create, update, delete everything of patients in-care for TREAT
role nurse may read, search everything of no patient
)";
constexpr auto not_hiv =
    R"({"type":"permit","provision":[{"type":"deny","code":[{"coding":[{"code":"hiv"}]}]}]})";

const std::vector<Blinder> blinders{
    {"AScopeOfAnotherType", "user/Patient.rs user/Encounter.rs user/Practitioner.rs", {}, {}, {}, true},
    {"ATokenOfAnotherPatient", "patient/*.cruds patient/Practitioner.rs", "p1", {}, {}, false},
    {"ARestrictedScope",
     "user/Patient.rs user/Encounter.rs user/Practitioner.rs "
     "user/Observation.cruds?category=urn:category|laboratory",
     {},
     {},
     {},
     true},
    {"AScopeRestrictedByWhatIsNot",
     "user/Patient.rs user/Encounter.rs user/Observation.cruds?code:not=hiv",
     {},
     {},
     {},
     true},
    {"APolicy", "user/*.cruds", {}, care, {}, false},
    {"AConsentAboutACode", "user/*.rs", {}, {}, not_hiv, true},
    {"AConsentAboutTheChart", "user/*.rs", {}, {}, R"({"type":"deny"})", false},
};

/// What differs from one run to the next whatever is stored: ids that the server chose, and sealed pages.
std::string comparable(std::string text) {
    static const std::regex uuid{"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"};
    static const std::regex page{"_page=[A-Za-z0-9_-]+"};
    return std::regex_replace(std::regex_replace(text, uuid, "UUID"), page, "_page=PAGE");
}

std::string comparable(const http::Response& response) {
    auto text = fmt::format("{}\n", response.status);
    for (const auto& [name, value] : response.headers) text += fmt::format("{}: {}\n", name, value);
    return comparable(text + response.body);
}

class Blinded : public ::testing::TestWithParam<Blinder> {
protected:
    Blinded() {
        put(with_secrets_, "Observation/s0", observation("s0", "p2", "hiv"));   // older than what is shown
        fill(with_secrets_);
        fill(without_);
        add_secrets(with_secrets_);
        become(GetParam());
    }

    static std::string observation(std::string_view id, std::string_view patient, std::string_view kind,
                                   std::string_view more = {}) {
        const auto [category, code, value] =
            kind == "hiv" ? std::tuple{"sensitive", "hiv", "42"} : std::tuple{"laboratory", "hb", "7"};
        return fmt::format(
            R"({{"resourceType":"Observation","id":"{}","status":"final",
               "category":[{{"coding":[{{"system":"urn:category","code":"{}"}}]}}],
               "code":{{"coding":[{{"code":"{}"}}]}},"valueQuantity":{{"value":{}}},
               "subject":{{"reference":"Patient/{}"}}{}}})",
            id, category, code, value, patient, more);
    }
    static void put(Hospital& hospital, std::string_view path, const std::string& body) {
        const auto stored = hospital.put(path, body);
        ASSERT_LT(stored.status, 300) << stored.body;
    }
    static void fill(Hospital& hospital) {
        put(hospital, "Practitioner/d1",
            R"({"resourceType":"Practitioner","id":"d1","name":[{"family":"House"}]})");
        for (const auto* id : {"p1", "p2"}) {
            put(hospital, fmt::format("Patient/{}", id),
                fmt::format(R"({{"resourceType":"Patient","id":"{}","name":[{{"family":"Haddad"}}]}})", id));
            put(hospital, fmt::format("Encounter/e-{}", id),
                fmt::format(R"({{"resourceType":"Encounter","id":"e-{0}","status":"in-progress",
                    "class":{{"code":"IMP"}},"subject":{{"reference":"Patient/{0}"}},
                    "participant":[{{"individual":{{"reference":"Practitioner/of-{0}"}}}}]}})",
                            id));
        }
        // It names what the caller may not see, as records do.
        put(hospital, "Observation/o1",
            observation("o1", "p1", "hb", R"(,"derivedFrom":[{"reference":"Observation/s1"},
                {"reference":"https://ward.example/fhir/Observation/s2"}],
                "focus":[{"reference":"Patient/p2"}])"));
        put(hospital, "Observation/o2",
            observation("o2", "p2", "hb", R"(,"hasMember":[{"reference":"Observation/s1"}])"));
        if (const auto& provision = GetParam().provision; !provision.empty())
            put(hospital, "Consent/c2",
                fmt::format(R"({{"resourceType":"Consent","id":"c2","status":"active",
                    "scope":{{"coding":[{{"code":"patient-privacy"}}]}},"category":[{{"text":"privacy"}}],
                    "patient":{{"reference":"Patient/p2"}},"provision":{}}})",
                            provision));
    }
    static void add_secrets(Hospital& hospital) {
        constexpr auto more = R"(,"identifier":[{"system":"urn:order","value":"S"}],
            "encounter":{"reference":"Encounter/e-p2"},"performer":[{"reference":"Practitioner/d1"}],
            "focus":[{"reference":"Patient/p1"}],"derivedFrom":[{"reference":"Observation/o2"}],
            "effectiveDateTime":"2026-03-01")";
        for (const auto* id : {"s1", "s2", "s3", "gone"})
            put(hospital, fmt::format("Observation/{}", id), observation(id, "p2", "hiv", more));
        put(hospital, "Observation/s1", observation("s1", "p2", "hiv", more));   // its second version
        put(hospital, "Provenance/of-s1", R"({"resourceType":"Provenance","id":"of-s1",
            "target":[{"reference":"Observation/s1"},{"reference":"Patient/p2"}],
            "recorded":"2026-03-01T09:00:00Z","agent":[{"who":{"reference":"Practitioner/d1"}}]})");
        ASSERT_EQ(hospital.remove("Observation/gone").status, 204);
    }
    void become(const Blinder& blinder) {
        for (auto* hospital : {&with_secrets_, &without_}) {
            hospital->set_scope(blinder.scope, blinder.patient);
            std::shared_ptr<const policy::Policy> policy;
            if (!blinder.policy.empty())
                policy =
                    std::make_shared<const policy::Policy>(policy::Policy::parse(blinder.policy).value());
            if (policy || !blinder.provision.empty())
                hospital->set_house(policy, {.user = "n1",
                                             .client = "chart-viewer",
                                             .fhir_user = "Practitioner/of-p1",
                                             .patient = {},
                                             .roles = {"nurse"},
                                             .purpose = "TREAT"});
        }
    }

    void is_alike(http::Method method, std::string_view path, const std::string& body = {},
                  const std::vector<http::Header>& headers = {}) {
        const auto hidden = comparable(with_secrets_.ask(method, path, body, headers));
        const auto absent = comparable(without_.ask(method, path, body, headers));
        EXPECT_EQ(hidden, absent) << path;
        if (body.empty() && method != http::Method::del)
            asked_.push_back(
                [=](Hospital& hospital) { return comparable(hospital.ask(method, path, {}, headers)); });
    }
    void is_alike(std::string_view path) { is_alike(http::Method::get, path); }

    /// A question that nobody gets a telling answer to proves nothing.
    void TearDown() override {
        for (auto* hospital : {&with_secrets_, &without_}) {
            hospital->set_scope("system/*.cruds");
            hospital->set_no_house();
        }
        for (std::size_t i = 0; i < asked_.size(); ++i)
            EXPECT_NE(asked_[i](with_secrets_), asked_[i](without_))
                << "question " << i << " tells nobody anything";
    }

    Hospital with_secrets_;
    Hospital without_;
    std::vector<std::function<std::string(Hospital&)>> asked_;
};

INSTANTIATE_TEST_SUITE_P(By, Blinded, ::testing::ValuesIn(blinders),
                         [](const auto& instance) { return instance.param.name; });

TEST_P(Blinded, LearnsNothingByReverseChains) {
    is_alike("Patient?family=had&_has:Observation:patient:code=hiv");
    is_alike("Patient?_id=p2&_has:Observation:subject:value-quantity=gt40");
    is_alike("Patient?_id=p2&_has:Observation:patient:_id=s1,gone");
    is_alike("Patient?_id=p2&_has:Observation:patient:identifier=urn:order|S&_summary=count");
    is_alike("Encounter?_id=e-p2&_has:Observation:encounter:date=2026-03");
    is_alike("Encounter?patient=p2&_has:Observation:encounter:combo-code=hiv&_total=accurate");
}

TEST_P(Blinded, LearnsNothingByChains) {
    is_alike("Observation?patient=p2&has-member:Observation.code=hiv");
    is_alike("Observation?patient=p2&has-member:Observation.identifier=urn:order|S");
    is_alike("Observation?patient=p2&has-member:Observation.value-quantity=42&_summary=count");
    is_alike("Patient/p2/Observation?has-member:Observation.performer=Practitioner/d1");
    is_alike("Encounter?patient=p2&_has:Observation:encounter:has-member:missing=true");
}

TEST_P(Blinded, LearnsNothingByCriteriaAndSorting) {
    is_alike("Observation?patient=p2&code=hiv");
    is_alike("Observation?_id=s1,s2,gone");
    is_alike("Observation?identifier=urn:order|S");
    is_alike("Observation?patient=Patient/p2&performer=Practitioner/d1");
    is_alike("Observation?subject=https://ward.example/fhir/Patient/p2&value-quantity=gt40");
    is_alike("Patient/p2/Observation?code=hiv");
    is_alike("Observation?patient=p2&_sort=-value-quantity");
    is_alike("Observation?patient=p1,p2&_sort=date,code&_elements=id");
}

TEST_P(Blinded, LearnsNothingByTotalsAndPages) {
    is_alike("Observation?patient=p2&_total=accurate");
    is_alike("Observation?patient=p1,p2&_summary=count");
    is_alike("Observation?patient=p2&_count=0");
    is_alike("Observation?patient=p2&_count=1");
    is_alike("Observation?patient=p1,p2&_count=2");
    is_alike("Observation?patient=p1,p2&_count=1&_sort=-date");
    is_alike("Observation?_id=o1,o2,s1&_count=2");
}

TEST_P(Blinded, LearnsNothingByIncludes) {
    is_alike("Observation?_id=o1&_include=Observation:derived-from");
    is_alike("Observation?patient=p1&_include=*&_include:iterate=Observation:subject");
    is_alike(
        "Observation?_id=o1&_include=Observation:derived-from&_include:iterate=Observation:derived-from");
    is_alike("Observation?_id=o2&_include=Observation:has-member");
    is_alike("Observation?_id=o2&_revinclude=Observation:derived-from");
    is_alike("Patient?_id=p2&_revinclude=Observation:subject");
    is_alike("Encounter?_id=e-p2&_revinclude=Observation:encounter");
}

TEST_P(Blinded, LearnsNothingByReading) {
    is_alike("Observation/s1");
    is_alike("Observation/s1/_history");
    is_alike("Observation/s1/_history/1");
    is_alike("Observation/s1/_history/2");
    is_alike("Observation/gone");
    is_alike("Observation/gone/_history");
    is_alike("Observation/gone/_history/1");
    is_alike("Observation/gone/_history/2");
    is_alike("Patient/p2/$everything");
    is_alike(http::Method::get, "Observation/s1", {}, {{"If-None-Match", "W/\"2\""}});
    is_alike(http::Method::head, "Observation/s1");
}

TEST_P(Blinded, LearnsNothingByWhatTellsOfOtherRecords) {
    with_secrets_.get("Observation/s1");   // what is withheld leaves a trail too
    is_alike("AuditEvent?patient=p2");
    is_alike("AuditEvent?patient=p2&entity=Observation/s1&_summary=count");
    is_alike("Provenance?patient=p2");
    is_alike("Provenance/of-s1");
    is_alike("Patient?_id=p2&_revinclude=Provenance:target&_revinclude=AuditEvent:patient");
    is_alike("Patient?_id=p2&_has:Provenance:target:agent=Practitioner/d1");
}

TEST_P(Blinded, LearnsNothingByChanging) {
    using enum http::Method;
    const auto laboratory = observation("s1", "p1", "hb");
    const std::string test = R"([{"op":"test","path":"/code/coding/0/code","value":"hiv"}])";
    const std::vector<http::Header> is_patch{{"Content-Type", "application/json-patch+json"}};
    auto second = is_patch;
    second.push_back({"If-Match", "W/\"2\""});
    is_alike(patch, "Observation/s1", test, is_patch);
    is_alike(patch, "Observation/s1", test, second);
    is_alike(patch, "Observation/gone", test, is_patch);
    is_alike(patch, "Observation?patient=p2&code=hiv", test, is_patch);
    is_alike(put, "Observation/s1", laboratory);
    is_alike(put, "Observation/s1", laboratory, {{"If-Match", "W/\"2\""}});
    is_alike(put, "Observation/s1", laboratory, {{"If-None-Match", "*"}});
    is_alike(put, "Observation?_id=s1", laboratory);
    is_alike(put, "Observation?patient=p2&identifier=urn:order|S", laboratory);
    is_alike(del, "Observation/s1", {}, {{"If-Match", "W/\"2\""}});
    EXPECT_NE(with_secrets_.get("Observation/s1").status, 200);
}

}   // namespace
}   // namespace ward::vault
