// SPDX-License-Identifier: Apache-2.0
#include "fhir/path.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fhir/search_parameters.hpp"

namespace ward::fhir {
namespace {

json::Document parsed(std::string text) {
    auto document = json::Document::parse(std::move(text));
    EXPECT_TRUE(document);
    return *std::move(document);
}

// What the path selects, as JSON, separated by spaces; with the type in brackets where it is known.
std::string select(std::string_view expression, std::string_view type, const json::Document& resource) {
    const auto path = Path::compile(expression, type);
    if (!path) return path.error().what;
    std::vector<NodeView> nodes;
    path->evaluate(resource.root(), nodes);
    std::string out;
    for (const auto& node : nodes) {
        if (!out.empty()) out += ' ';
        if (node.computed) out += *node.computed ? "true" : "false";
        out += node.value.raw();
        if (!node.type.empty()) out += "[" + std::string{node.type} + "]";
    }
    return out;
}

TEST(Path, EveryExpressionOfTheTableCompiles) {
    std::size_t count = 0;
    for (const auto& parameter : search_parameters()) {
        if (parameter.expression.empty()) continue;
        const auto path = Path::compile(parameter.expression, parameter.base);
        EXPECT_TRUE(path) << parameter.base << " " << parameter.code << ": " << path.error().what;
        ++count;
    }
    EXPECT_GT(count, 1690u);
}

TEST(Path, WalksThroughArraysInOrder) {
    const auto patient = parsed(R"({"name":[{"given":["A","B"]},{"given":["C"]},{"family":"D"}]})");
    EXPECT_EQ(select("Patient.name.given", "Patient", patient), R"("A" "B" "C")");
    EXPECT_EQ(select("Patient.name.suffix", "Patient", patient), "");
}

TEST(Path, KeepsOnlyBranchesOfItsType) {
    const auto resource = parsed(R"({"code":{"text":"x"},"id":"r1"})");
    EXPECT_EQ(select("Condition.code | Observation.code", "Observation", resource), R"({"text":"x"})");
    EXPECT_EQ(select("Condition.code | Observation.code", "Patient", resource), "");
    EXPECT_EQ(select("Resource.id", "Patient", resource), R"("r1")");
    EXPECT_EQ(select("Observation.code.text | Observation.id", "Observation", resource), R"("x" "r1")");
}

TEST(Path, ChoosesTheTypeOfAChoiceElement) {
    const auto quantity = parsed(R"({"valueQuantity":{"value":1.0}})");
    EXPECT_EQ(select("Observation.value", "Observation", quantity), R"({"value":1.0}[Quantity])");
    EXPECT_EQ(select("(Observation.value as Quantity)", "Observation", quantity),
              R"({"value":1.0}[Quantity])");
    EXPECT_EQ(select("(Observation.value as string)", "Observation", quantity), "");
    EXPECT_EQ(select("Observation.value.as(Quantity).value", "Observation", quantity), "1.0");
    const auto concept_text = parsed(R"({"valueCodeableConcept":{"text":"t"}})");
    const auto* both = "(Observation.value as string) | (Observation.value as CodeableConcept).text";
    EXPECT_EQ(select(both, "Observation", concept_text), R"("t")");
    EXPECT_EQ(select("(Goal.start as date)", "Goal", parsed(R"({"startDate":"2026"})")), R"("2026"[Date])");
}

TEST(Path, DoesNotMistakeALongerNameForAChoice) {
    EXPECT_EQ(select("Observation.value", "Observation", parsed(R"({"valueSet":"x","values":1})")), "");
    EXPECT_EQ(select("Observation.code", "Observation", parsed(R"({"codeSystem":"x","code":"y"})")),
              R"("y")");
}

TEST(Path, FiltersByAMember) {
    const auto patient = parsed(
        R"({"telecom":[{"system":"phone","value":"1"},{"system":"email","value":"2"},{"value":"3"}]})");
    EXPECT_EQ(select("Patient.telecom.where(system='email').value", "Patient", patient), R"("2")");
}

TEST(Path, FiltersByTheTypeAReferenceNames) {
    const auto* path = "Observation.subject.where(resolve() is Patient).reference";
    const auto selected = [&](std::string reference) {
        return select(
            path, "Observation",
            parsed(R"({"contained":[{"resourceType":"Patient","id":"c"},{"resourceType":"Group","id":"g"}],)"
                   R"("subject":{"reference":")" +
                   reference + "\"}}"));
    };
    EXPECT_EQ(selected("Patient/p1"), "\"Patient/p1\"");
    EXPECT_EQ(selected("Patient/p1/_history/2"), "\"Patient/p1/_history/2\"");
    EXPECT_EQ(selected("https://other.example/fhir/Patient/p1"), "\"https://other.example/fhir/Patient/p1\"");
    EXPECT_EQ(selected("#c"), "\"#c\"");
    EXPECT_EQ(selected("#g"), "");
    EXPECT_EQ(selected("Group/g1"), "");
    EXPECT_EQ(selected("NotPatient/p1"), "");
    EXPECT_EQ(selected("urn:uuid:5d0a1e4b-0000-4000-8000-000000000000"), "");
}

TEST(Path, TakesOneElementByIndex) {
    const auto bundle = parsed(R"({"entry":[{"resource":{"id":"a"}},{"resource":{"id":"b"}}]})");
    EXPECT_EQ(select("Bundle.entry[0].resource", "Bundle", bundle), R"({"id":"a"})");
    EXPECT_EQ(select("Bundle.entry[0].resource", "Bundle", parsed("{}")), "");
}

TEST(Path, ComputesWhetherSomebodyDied) {
    const auto* path = "Patient.deceased.exists() and Patient.deceased != false";
    EXPECT_EQ(select(path, "Patient", parsed("{}")), "false");
    EXPECT_EQ(select(path, "Patient", parsed(R"({"deceasedBoolean":false})")), "false");
    EXPECT_EQ(select(path, "Patient", parsed(R"({"deceasedBoolean":true})")), "true");
    EXPECT_EQ(select(path, "Patient", parsed(R"({"deceasedDateTime":"2026-01-01"})")), "true");
}

TEST(Path, RefusesWhatIsOutsideTheSubset) {
    for (const auto* expression :
         {"", "Patient.", "Patient.name.first()", "Patient.name |", "(Patient.name", "Patient.name)",
          "Patient.name[x]", "Patient.where(a='b", "Patient.where(a>1)", "Patient.name as HumanName",
          "a and b", "Patient.birthDate > 1", "Patient.extension('http://x')", "((((((((((a))))))))))",
          "Patient.name != 3", "Patient.name[99999999]"})
        EXPECT_FALSE(Path::compile(expression, "Patient")) << expression;
}

// The definitions as another package ships them, with every branch of every shared parameter.
TEST(Path, EveryPublishedExpressionCompiles) {
    const char* elsewhere = std::getenv("WARD_SHARED_DATA");
    const std::filesystem::path data = elsewhere ? elsewhere : WARD_SOURCE_DIR "/../shared/data";
    const auto file = data / "fhir/definitions/search-parameters.json";
    if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not here";
    std::ifstream stream{file};
    const auto bundle = parsed(std::string{std::istreambuf_iterator<char>{stream}, {}});
    std::size_t count = 0;
    for (const auto entry : bundle["entry"].items()) {
        const auto expression = entry["resource"]["expression"].text();
        if (expression.empty()) continue;
        for (const auto type : entry["resource"]["base"].items())
            EXPECT_TRUE(Path::compile(expression, type.text())) << expression;
        ++count;
    }
    EXPECT_EQ(count, 1375u);
}

}   // namespace
}   // namespace ward::fhir
