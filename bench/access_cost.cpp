// SPDX-License-Identifier: Apache-2.0
// What it costs to ask who may: reads of an Observation by callers under more and more rules, and of one that
// the caller may not see beside one that is not there. In process; `read` is the look-up alone, `answered`
// has the audit and its commit too.
//   access_cost [READS]
// Budget: consents add at most 30 % to an answered read. Cases take turns, so that what else runs is the same
// for all.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <functional>
#include <vector>

#include "core/assert.hpp"
#include "vault/hospital_test.hpp"
#include "vault/reading.hpp"

namespace ward {
namespace {

using Clock = std::chrono::steady_clock;
using vault::Hospital;

constexpr int patients = 100;   // of each kind of chart: all their keys stay in use
constexpr int others = 50;      // Observations beside the one that is read

constexpr auto care = R"(ward policy 1
relation in-care is Encounter?participant={me}&status=in-progress
role nurse may read, search everything of patients in-care for TREAT
)";
constexpr auto denied_code =
    R"({"type":"permit","provision":[{"type":"deny","code":[{"coding":[{"code":"hiv"}]}]}]})";

std::string entry(const std::string& type, const std::string& id, const std::string& members) {
    return fmt::format(R"({{"resource":{{"resourceType":"{0}","id":"{1}",{2}}},)"
                       R"("request":{{"method":"PUT","url":"{0}/{1}"}}}},)",
                       type, id, members);
}

std::string observation(const std::string& patient, const std::string& id, const char* code) {
    return entry("Observation", id,
                 fmt::format(R"("status":"final","code":{{"coding":[{{"code":"{}"}}]}},)"
                             R"("subject":{{"reference":"Patient/{}"}},"valueQuantity":{{"value":7.5}})",
                             code, patient));
}

/// "KIND-NUMBER": a chart with so many consents, which all deny what is coded hiv.
std::string chart_of(const std::string& patient, int consents) {
    auto text = entry("Patient", patient, R"("gender":"female")");
    text += entry("Encounter", "e-" + patient,
                  fmt::format(R"("status":"in-progress","class":{{"code":"IMP"}},)"
                              R"("subject":{{"reference":"Patient/{}"}},)"
                              R"("participant":[{{"individual":{{"reference":"Practitioner/n1"}}}}])",
                              patient));
    text += observation(patient, "seen-" + patient, "hb") + observation(patient, "hidden-" + patient, "hiv");
    for (int i = 0; i < others; ++i) text += observation(patient, fmt::format("{}-{}", patient, i), "ph");
    for (int i = 0; i < consents; ++i)
        text += entry("Consent", fmt::format("c-{}-{}", patient, i),
                      fmt::format(R"("status":"active","scope":{{"coding":[{{"code":"patient-privacy"}}]}},)"
                                  R"("category":[{{"text":"privacy"}}],)"
                                  R"("patient":{{"reference":"Patient/{}"}},"provision":{})",
                                  patient, denied_code));
    text.pop_back();
    return R"({"resourceType":"Bundle","type":"transaction","entry":[)" + text + "]}";
}

struct Case {
    const char* name;
    const char* id;   // of the Observation, before the chart
    std::function<void(Hospital&)> become;
    std::vector<double> read{};       // microseconds
    std::vector<double> answered{};   // microseconds
};

void under_scopes(Hospital& hospital) {
    hospital.set_scope("user/*.rs");
    hospital.set_no_house();
}

void under_rules(Hospital& hospital, const char* text, const char* who) {
    hospital.set_scope("user/*.rs");
    std::shared_ptr<const policy::Policy> policy;
    if (*text != 0) policy = std::make_shared<const policy::Policy>(policy::Policy::parse(text).value());
    hospital.set_house(policy, {.user = "n1",
                                .client = "bench",
                                .fhir_user = who,
                                .patient = {},
                                .roles = {"nurse"},
                                .purpose = "TREAT"});
}

void under_consents(Hospital& hospital) { under_rules(hospital, "", "Practitioner/n1"); }
void under_policy(Hospital& hospital) { under_rules(hospital, care, "Practitioner/n1"); }
void as_a_stranger(Hospital& hospital) { under_rules(hospital, care, "Practitioner/n2"); }
void as_another_patient(Hospital& hospital) {
    under_scopes(hospital);
    hospital.set_scope("patient/*.rs", "somebody-else");
}

double since(Clock::time_point start) {
    return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

void measure(Hospital& hospital, Case& one, int patient) {
    one.become(hospital);
    const auto id = fmt::format("{}-{}", one.id, patient);
    const auto caller = hospital.caller();
    vault::AuditTrail trail;
    auto start = Clock::now();
    const auto read =
        vault::read(hospital.vault(), caller, fhir::ResourceType::observation, id, trail).has_value();
    one.read.push_back(since(start));
    const bool is_there = std::string_view{one.id}.starts_with("seen");
    WARD_ASSERT(read == is_there);
    start = Clock::now();
    WARD_ASSERT(hospital.get("Observation/" + id).status == (is_there ? 200 : 404));
    one.answered.push_back(since(start));
}

double median(std::vector<double>& times) {
    std::ranges::sort(times);
    return times[times.size() / 2];
}

int run(int reads) {
    Hospital hospital{{.burst = 1'000'000, .per_hour = 1'000'000}};
    for (int i = 0; i < patients; ++i)
        for (const auto& [kind, consents] : {std::pair{"none", 0}, std::pair{"one", 1}, std::pair{"ten", 10}})
            WARD_ASSERT(hospital.post("", chart_of(fmt::format("{}-{}", kind, i), consents)).status == 200);
    std::vector<Case> cases{
        {"scopes alone", "seen-none", under_scopes},
        {"and consents, of which there is none", "seen-none", under_consents},
        {"one consent", "seen-one", under_consents},
        {"ten consents", "seen-ten", under_consents},
        {"a policy with a relation, no consent", "seen-none", under_policy},
        {"absent, for a caller under consents", "absent-one", under_consents},
        {"denied by a consent", "hidden-one", under_consents},
        {"absent, for a caller under a policy", "absent-none", as_a_stranger},
        {"of a patient who is not in their care", "hidden-none", as_a_stranger},
        {"absent, for a token of another patient", "absent-none", as_another_patient},
        {"another patient's", "hidden-none", as_another_patient},
    };
    for (int i = 0; i < reads; ++i)
        for (auto& one : cases) measure(hospital, one, i % patients);
    std::printf("| reading one Observation | read | answered |\n|---|---|---|\n");
    for (auto& one : cases)
        std::printf("| %s | %.0f us | %.0f us |\n", one.name, median(one.read), median(one.answered));
    return 0;
}

}   // namespace
}   // namespace ward

int main(int argc, char** argv) {
    int reads = 5'000;
    if (argc > 1) {
        const std::string_view text{argv[1]};
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), reads);
        if (parsed.ec != std::errc{} || reads < 1) {
            std::fprintf(stderr, "usage: access_cost [READS]\n");
            return 2;
        }
    }
    return ward::run(reads);
}
