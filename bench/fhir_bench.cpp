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
#include "fhir/v2/mapping.hpp"
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

// Budget: parse and map in 100 us, a third of what 3,000 messages/s leave each on one core.
void map_message(benchmark::State& state, const std::string& text) {
    for (auto _ : state) {
        const auto message = hl7::Message::parse(text);
        benchmark::DoNotOptimize(v2::map(*message, [](ResourceType, std::string_view) { return "r1"; }));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

const std::string admission =
    "MSH|^~\\&|ADT|NORTH^1.2.3^ISO|WARD|WARD|20260131120000+0100||ADT^A01^ADT_A01|M1|P|2.5.1\r"
    "EVN|A01|20260131120000\r"
    "PID|1||77^^^NORTH&1.2.3&ISO^MR~123^^^SSA^SS||Meyer^Ada^B^^^^L||19700131|F|||1 Hill "
    "St^^Ulm^BW^89073^DEU^H||"
    "^PRN^PH^^49^731^5550100|^WPN^PH^^49^731^5550101|DE^German^ISO639|M^Married^HL70002\r"
    "NK1|1|Meyer^Otto^^^^^L|SPO^Spouse^HL70063|1 Hill St^^Ulm^BW^89073^DEU^H|^PRN^PH^^49^731^5550100\r"
    "PV1|1|I|4W^12^B^NORTH|E|||9^Gray^Eva^^^Dr^^^EHR|8^Brown^Max^^^Dr^^^EHR||MED||||1|||7^Ray^Ann^^^Dr^^^EHR|"
    "|"
    "V88^^^NORTH&1.2.3&ISO|||||||||||||||||||||||||20260131080000\r"
    "AL1|1|DA|PEN^Penicillin^L|SV|Hives\rDG1|1||J18.9^Pneumonia^I10C||20260130|A\r";

std::string results() {
    std::string text =
        "MSH|^~\\&|LAB|NORTH^1.2.3^ISO|WARD|WARD|20260131120000+0100||ORU^R01^ORU_R01|M2|P|2.5.1\r"
        "PID|1||77^^^NORTH&1.2.3&ISO^MR||Meyer^Ada^B^^^^L||19700131|F\r"
        "ORC|RE|P1^EHR|F1^LAB|||||||||9^Gray^Eva^^^Dr^^^EHR\r"
        "OBR|1|P1^EHR|F1^LAB|24323-8^Panel^LN|||20260131070000|||||||||9^Gray^Eva^^^Dr^^^EHR||||||"
        "20260131110000|"
        "||F\r";
    for (int i = 1; i <= 14; ++i)
        text.append("OBX|")
            .append(std::to_string(i))
            .append(
                "|NM|2345-7^Glucose^LN||5.60|mmol/L^mmol/"
                "L^UCUM|3.9-5.8|N^Normal^HL70078|||F|||20260131070500\r");
    return text.append("SPM|1|S1&EHR^S2&LAB||258500001^Swab^SCT|||||||||||||20260131070000|20260131080000\r");
}

void map_an_admission(benchmark::State& state) { map_message(state, admission); }
BENCHMARK(map_an_admission);

void map_a_panel(benchmark::State& state) { map_message(state, results()); }
BENCHMARK(map_a_panel);

}   // namespace
