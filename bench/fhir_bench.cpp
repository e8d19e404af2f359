// SPDX-License-Identifier: Apache-2.0
// Budget: parse and index an Observation in 25 us (3,000 imported resources/s leave 660 us each on two
// cores); an AuditEvent in 2 us, since every request writes one (8,000/s).
#include <array>
#include <vector>

#include <benchmark/benchmark.h>

#include "core/assert.hpp"
#include "fhir/audit_event.hpp"
#include "fhir/match.hpp"
#include "fhir/rewrite.hpp"
#include "fhir/values.hpp"

namespace {

using namespace ward;
using namespace ward::fhir;

const std::string observation =
    R"({"resourceType":"Observation","id":"o1","status":"final","category":[{"coding":[
    {"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs",
    "display":"vital-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"85354-9",
    "display":"Blood Pressure"}],"text":"Blood Pressure"},"subject":{"reference":"Patient/p1"},
    "encounter":{"reference":"Encounter/e1"},"effectiveDateTime":"2026-01-31T09:05:00+01:00",
    "issued":"2026-01-31T09:05:00.123+01:00","component":[{"code":{"coding":[{"system":"http://loinc.org",
    "code":"8462-4","display":"Diastolic Blood Pressure"}]},"valueQuantity":{"value":81.0,"unit":"mm[Hg]",
    "system":"http://unitsofmeasure.org","code":"mm[Hg]"}},{"code":{"coding":[{"system":"http://loinc.org",
    "code":"8480-6","display":"Systolic Blood Pressure"}]},"valueQuantity":{"value":121.0,"unit":"mm[Hg]",
    "system":"http://unitsofmeasure.org","code":"mm[Hg]"}}]})";

void parse_and_index(benchmark::State& state) {
    for (auto _ : state) {
        const auto document = json::Document::parse(observation);
        benchmark::DoNotOptimize(index_values(ResourceType::observation, document->root()));
    }
}
BENCHMARK(parse_and_index);

void filter_exactly(benchmark::State& state) {
    const auto document = json::Document::parse(observation);
    const std::vector<FormField> pairs{
        {"patient", "p1"}, {"code", "http://loinc.org|85354-9"}, {"date", "ge2026"}};
    const auto query = parse_query(ResourceType::observation, pairs);
    for (auto _ : state) benchmark::DoNotOptimize(matches(*query, document->root(), Time{}));
}
BENCHMARK(filter_exactly);

void write_with_links(benchmark::State& state) {
    const auto document = json::Document::parse(observation);
    const LinkMap links = [](std::string_view link) -> std::optional<std::string> {
        if (link != "Patient/p1") return std::nullopt;
        return "Patient/p2";
    };
    std::string out;
    for (auto _ : state) {
        out.clear();
        write_resource(document->root(), {.id = "o2", .version_id = "1", .last_updated = {}, .links = &links},
                       out);
        benchmark::DoNotOptimize(out.data());
    }
}
BENCHMARK(write_with_links);

void audit_a_read(benchmark::State& state) {
    constexpr std::array<std::string_view, 1> patients{"p1"};
    constexpr std::array<std::string_view, 1> entities{"Observation/o1/_history/1"};
    const AuditFactsView facts{.id = "e1",
                               .version_id = "1",
                               .time = Time{},
                               .interaction = Interaction::read,
                               .outcome = AuditOutcome::success,
                               .outcome_description = {},
                               .user_id = "nurse-7",
                               .user_name = "Invented Nurse",
                               .client_id = "app",
                               .client_address = "192.0.2.7",
                               .purpose = "TREAT",
                               .server_url = "https://ward.example/fhir",
                               .source_site = "here",
                               .patients = patients,
                               .entities = entities,
                               .query = {},
                               .request_id = "r-1"};
    for (auto _ : state) {
        std::string out;
        write_audit_event(facts, out);
        benchmark::DoNotOptimize(out.data());
    }
}
BENCHMARK(audit_a_read);

}   // namespace
