// SPDX-License-Identifier: Apache-2.0
#include "fhir/query.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ward::fhir {
namespace {

using Pairs = std::vector<FormField>;

Checked<Query> parse(Pairs pairs, QueryOptions options = {}, ResourceType type = ResourceType::observation) {
    return parse_query(type, pairs, options);
}

// The code of the refusal, or "accepted".
std::string refusal(Pairs pairs, QueryOptions options = {}, ResourceType type = ResourceType::observation) {
    const auto query = parse(std::move(pairs), options, type);
    return query ? "accepted" : std::string{code_of(query.error().type)};
}

template <class T>
T only_term(Pairs pairs, QueryOptions options = {}) {
    const auto query = parse(std::move(pairs), options);
    EXPECT_TRUE(query) << query.error().diagnostics;
    EXPECT_EQ(query->filters.size(), 1u);
    return std::get<T>(query->filters.at(0).any_of.at(0));
}

TEST(Query, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(refusal({{"colour", "red"}}), "not-supported");
    EXPECT_EQ(refusal({{"birthdate", "1970"}}), "not-supported");   // a parameter of Patient
    EXPECT_EQ(refusal({{"Code", "x"}}), "not-supported");
    EXPECT_EQ(refusal({{"", "x"}}), "invalid");
    EXPECT_EQ(refusal({{"code", ""}}), "invalid");
    EXPECT_EQ(refusal({{"code", "a,,b"}}), "invalid");
}

TEST(Query, RefusesWhatIsSpecial) {
    for (const auto* name : {"_content", "_text", "_query", "_filter", "_list", "_score"})
        EXPECT_EQ(refusal({{name, "x"}}), "not-supported") << name;
    EXPECT_EQ(refusal({{"near", "1|2"}}, {}, *resource_type("Location")), "not-supported");
    EXPECT_EQ(refusal({{"_contained", "true"}}), "not-supported");
    EXPECT_EQ(refusal({{"_contained", "false"}}), "accepted");
}

TEST(Query, RefusesModifiersThatItCannotKeep) {
    for (const auto* name : {"code:in", "code:not-in", "code:below", "code:above", "code:of-type",
                             "code:", "subject:Nothing", "subject:below", "date:exact", "value-quantity:not",
                             "value-string:text", "code-value-quantity:missing", "_profile:contains"})
        EXPECT_EQ(refusal({{name, "true"}}), "not-supported") << name;
    EXPECT_EQ(refusal({{"subject:Medication", "m1"}}), "value");   // no target of Observation.subject
}

TEST(Query, TakesTheModifiersOfEachKind) {
    const auto only = [](Pairs pairs) { return parse(std::move(pairs))->filters.at(0); };
    EXPECT_EQ(refusal({{"value-string:exact", "A"}}), "accepted");
    EXPECT_EQ(refusal({{"value-string:contains", "A"}}), "accepted");
    EXPECT_EQ(refusal({{"subject:Patient", "p1"}}), "accepted");
    EXPECT_TRUE(only({{"code:not", "a"}}).negated);
    EXPECT_EQ(only({{"code:text", "a"}}).aspect, Aspect::text);
    EXPECT_EQ(only({{"subject:identifier", "s|v"}}).aspect, Aspect::identifier);
    EXPECT_EQ(only({{"identifier:of-type", "s|c|v"}}).combinations.size(), 1u);
    EXPECT_EQ(refusal({{"identifier:of-type", "s|c"}}), "value");
    EXPECT_TRUE(only({{"date:missing", "true"}}).negated);
    EXPECT_FALSE(only({{"date:missing", "false"}}).negated);
    EXPECT_EQ(refusal({{"date:missing", "yes"}}), "value");
}

TEST(Query, NumbersAndQuantitiesKeepWhatWasWritten) {
    const auto term = only_term<QuantityTerm>({{"value-quantity", "le5.40|http://unitsofmeasure.org|mg"}});
    EXPECT_EQ(term.prefix, Prefix::le);
    EXPECT_EQ(term.number.mantissa, 540);
    EXPECT_EQ(term.number.exponent, -2);
    EXPECT_EQ(term.system, "http://unitsofmeasure.org");
    EXPECT_EQ(term.code, "mg");
    for (const auto* value : {"x", "5|mg", "5|a|b|c", "gt", "gt|a|b"})
        EXPECT_EQ(refusal({{"value-quantity", value}}), "value") << value;
}

TEST(Query, CompositesHaveAValueForEachPart) {
    const auto query = parse({{"code-value-quantity", "8480-6$gt120,8462-4$80"}});
    ASSERT_TRUE(query) << query.error().diagnostics;
    ASSERT_EQ(query->filters.at(0).combinations.size(), 2u);
    const auto& first = query->filters[0].combinations[0];
    EXPECT_EQ(std::get<TokenTerm>(first.at(0)).code, "8480-6");
    EXPECT_EQ(std::get<QuantityTerm>(first.at(1)).prefix, Prefix::gt);
    EXPECT_EQ(refusal({{"code-value-quantity", "8480-6"}}), "value");
    EXPECT_EQ(refusal({{"code-value-quantity", "a$1$2"}}), "value");
    EXPECT_EQ(refusal({{"code-value-quantity", "$1"}}), "invalid");
}

// R4, search.html#chaining: "if the parameter is ambiguous, the type must be given"; those that have no such
// parameter are not meant.
TEST(Query, ChainsLeadToTheTypesThatHaveTheParameter) {
    const auto named = parse({{"subject:Patient.family", "Haddad"}});
    ASSERT_TRUE(named) << named.error().diagnostics;
    ASSERT_EQ(named->chains.at(0).targets.size(), 1u);
    EXPECT_EQ(named->chains[0].targets[0].type, ResourceType::patient);
    EXPECT_TRUE(named->filters.empty());
    const auto some = parse({{"subject.name", "x"}});
    ASSERT_TRUE(some);
    for (const auto& target : some->chains.at(0).targets)
        EXPECT_NE(search_parameter(target.type, "name"), nullptr) << name_of(target.type);
    EXPECT_EQ(refusal({{"subject:Patient.colour", "x"}}), "not-supported");
    EXPECT_EQ(refusal({{"subject:Medication.code", "x"}}), "value");
    EXPECT_EQ(refusal({{"subject:Patient.organization.name", "x"}}), "not-supported");
    EXPECT_EQ(refusal({{"code.text", "x"}}), "not-supported");
    EXPECT_EQ(refusal({{"focus.name", "x"}}), "value") << "a reference to anything";
}

TEST(Query, ReverseChainsNameTypeReferenceAndParameter) {
    const auto patient = ResourceType::patient;
    const auto query = parse({{"_has:Observation:patient:code", "1234-5"}}, {}, patient);
    ASSERT_TRUE(query) << query.error().diagnostics;
    EXPECT_EQ(query->reverses.at(0).source.type, ResourceType::observation);
    EXPECT_EQ(query->reverses[0].reference->code, "patient");
    EXPECT_EQ(query->reverses[0].source.filter.parameter->code, "code");
    EXPECT_EQ(refusal({{"_has:Observation:patient:_has:AuditEvent:entity:agent", "x"}}, {}, patient),
              "not-supported");
    EXPECT_EQ(refusal({{"_has:Nothing:patient:code", "x"}}, {}, patient), "value");
    EXPECT_EQ(refusal({{"_has:Observation:code:code", "x"}}, {}, patient), "not-supported");
    EXPECT_EQ(refusal({{"_has:Observation:device:code", "x"}}, {}, patient), "value");
}

TEST(Query, BoundsChainsIncludesAndKeys) {
    Pairs chains(9, {"subject:Patient.family", "x"});
    EXPECT_EQ(refusal(chains), "too-costly");
    EXPECT_EQ(refusal(Pairs(33, {"_include", "Observation:subject"})), "too-costly");
    EXPECT_EQ(refusal({{"_sort", "date,date,date,date,date,date,date,date,date"}}), "too-costly");
}

TEST(Query, IncludesNameTypeReferenceAndTarget) {
    const auto query = parse({{"_include", "Observation:subject:Patient"},
                              {"_include:iterate", "Patient:organization"},
                              {"_revinclude", "Provenance:target"},
                              {"_include", "*"}});
    ASSERT_TRUE(query) << query.error().diagnostics;
    ASSERT_EQ(query->includes.size(), 3u);
    EXPECT_EQ(query->includes[0].target, ResourceType::patient);
    EXPECT_TRUE(query->includes[1].iterate);
    EXPECT_EQ(query->includes[2].reference, nullptr);
    EXPECT_EQ(query->reverse_includes.at(0).reference->code, "target");
    EXPECT_EQ(refusal({{"_include", "Observation:code"}}), "not-supported");
    EXPECT_EQ(refusal({{"_include", "Nothing:subject"}}), "value");
    EXPECT_EQ(refusal({{"_include", "Observation:subject:Medication"}}), "value");
    EXPECT_EQ(refusal({{"_include:all", "Observation:subject"}}), "not-supported");
    EXPECT_EQ(refusal({{"_revinclude", "*"}}), "value");
}

TEST(Query, SteersTheAnswer) {
    const auto query =
        parse({{"_sort", "-date,code"}, {"_summary", "text"}, {"_elements", "a,b"}, {"_total", "none"}});
    ASSERT_TRUE(query) << query.error().diagnostics;
    EXPECT_TRUE(query->sort.at(0).descending);
    EXPECT_EQ(query->sort.at(1).parameter->code, "code");
    EXPECT_EQ(query->summary, Summary::text);
    EXPECT_EQ(query->elements.size(), 2u);
    EXPECT_EQ(query->total, Total::none);
    EXPECT_EQ(refusal({{"_sort", "colour"}}), "not-supported");
    EXPECT_EQ(refusal({{"_sort", "code-value-quantity"}}), "not-supported");
    EXPECT_EQ(refusal({{"_summary", "short"}}), "value");
    EXPECT_EQ(refusal({{"_total", "exact"}}), "value");
}

// R4, search.html#errors: with handling=lenient, what is unknown is passed over; but "Servers SHALL reject
// any search request that contains a modifier that the server does not support".
TEST(Query, PassesOverWhatNobodyKnowsOnlyIfThatIsAskedFor) {
    QueryOptions lenient;
    lenient.unknown = Unknown::ignored;
    const auto query = parse({{"colour", "red"}, {"code", "a"}, {"_content", "x"}}, lenient);
    ASSERT_TRUE(query) << query.error().diagnostics;
    EXPECT_EQ(query->ignored, (std::vector<std::string>{"colour", "_content"}));
    EXPECT_EQ(query->filters.size(), 1u);
    EXPECT_EQ(refusal({{"code:in", "x"}}, lenient), "not-supported");
    EXPECT_EQ(refusal({{"date", "yesterday"}}, lenient), "value");
}

TEST(Query, TellsTheClientWhichParameterIsWrong) {
    const auto query = parse({{"code", "a"}, {"colour", "red"}});
    ASSERT_FALSE(query);
    EXPECT_EQ(query.error().expression, "colour");
    EXPECT_NE(query.error().diagnostics.find("'colour'"), std::string::npos);
    EXPECT_EQ(query.error().diagnostics.find("red"), std::string::npos);
}

TEST(Query, AndsParametersAndOrsValues) {
    const auto query = parse({{"code", "a,b"}, {"code", "c"}, {"date", "ge2026"}});
    ASSERT_TRUE(query);
    ASSERT_EQ(query->filters.size(), 3u);
    EXPECT_EQ(query->filters[0].any_of.size(), 2u);
    EXPECT_EQ(query->filters[0].parameter, query->filters[1].parameter);
    EXPECT_EQ(query->filters[2].parameter->code, "date");
}

TEST(Query, ReadsTheFourFormsOfAToken) {
    using System = TokenTerm::System;
    const auto code = only_term<TokenTerm>({{"code", "8480-6"}});
    EXPECT_TRUE(code.system_kind == System::any && code.code == "8480-6");
    const auto both = only_term<TokenTerm>({{"code", "http://loinc.org|8480-6"}});
    EXPECT_TRUE(both.system_kind == System::named && both.system == "http://loinc.org" &&
                both.code == "8480-6");
    const auto none = only_term<TokenTerm>({{"code", "|8480-6"}});
    EXPECT_TRUE(none.system_kind == System::none && none.code == "8480-6");
    const auto system = only_term<TokenTerm>({{"code", "http://loinc.org|"}});
    EXPECT_TRUE(system.system_kind == System::named && system.code.empty());
    EXPECT_EQ(refusal({{"code", "|"}}), "value");
    EXPECT_EQ(refusal({{"code", "a|b|c"}}), "value");
}

// R4, search.html#escaping.
TEST(Query, TakesEscapedSeparatorsLiterally) {
    const auto term = only_term<TokenTerm>({{"code", R"(a\,b\|c\$d\\e)"}});
    EXPECT_EQ(term.code, R"(a,b|c$d\e)");
    EXPECT_EQ(parse({{"code", R"(a\\,b)"}})->filters[0].any_of.size(), 2u);
    EXPECT_EQ(refusal({{"code", R"(a\b)"}}), "value");
    EXPECT_EQ(refusal({{"code", R"(a\)"}}), "value");
}

TEST(Query, ReadsDatesWithTheirPrefix) {
    for (int i = 0; i < 9; ++i) {
        const auto prefix =
            std::array{"eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"}.at(std::size_t(i));
        const auto term = only_term<DateTerm>({{"date", std::string{prefix} + "2026-01"}});
        EXPECT_EQ(static_cast<int>(term.prefix), i);
        EXPECT_EQ(term.interval, parse_date("2026-01"));
    }
    EXPECT_EQ(only_term<DateTerm>({{"date", "2026"}}).prefix, Prefix::eq);
    EXPECT_EQ(refusal({{"date", "xx2026"}}), "value");
    EXPECT_EQ(refusal({{"date", "ge"}}), "value");
    EXPECT_EQ(refusal({{"_lastUpdated", "gt2026-01-01T00:00:00Z"}}), "accepted");
}

TEST(Query, ReadsReferences) {
    EXPECT_EQ(only_term<ReferenceTerm>({{"subject", "Patient/p1"}}).type, "Patient");
    EXPECT_EQ(only_term<ReferenceTerm>({{"subject", "p1"}}).type, "");
    EXPECT_EQ(only_term<ReferenceTerm>({{"subject:Patient", "p1"}}).type, "Patient");
    EXPECT_EQ(only_term<ReferenceTerm>({{"subject", "http://h/Patient/p1"}}).url, "http://h/Patient/p1");
    EXPECT_EQ(only_term<ReferenceTerm>({{"subject", "urn:uuid:7"}}).url, "urn:uuid:7");
    EXPECT_EQ(refusal({{"subject", "Medication/m1"}}), "value");
    EXPECT_EQ(refusal({{"subject", "Nothing/x"}}), "value");
    EXPECT_EQ(refusal({{"subject", "../p1"}}), "value");
    EXPECT_EQ(refusal({{"subject:Patient", "Group/g1"}}), "value");
}

TEST(Query, TakesItsOwnAddressForALocalReference) {
    const QueryOptions options{.base_url = "https://ward.example/fhir", .limits = {}};
    const auto own = only_term<ReferenceTerm>({{"subject", "https://ward.example/fhir/Patient/p1"}}, options);
    EXPECT_TRUE(own.type == "Patient" && own.id == "p1" && own.url.empty());
    const auto foreign =
        only_term<ReferenceTerm>({{"subject", "https://ward.example/fhir2/Patient/p1"}}, options);
    EXPECT_TRUE(foreign.id.empty() && !foreign.url.empty());
}

TEST(Query, RefusesAStringThatWouldMatchEverything) {
    EXPECT_EQ(refusal({{"value-string", "  "}}), "value");
    EXPECT_EQ(refusal({{"value-string", "\xCC\x81"}}), "value");   // a combining accent alone
    EXPECT_EQ(only_term<StringTerm>({{"value-string", "Élan"}}).normalised, "elan");
}

TEST(Query, ReadsWhatSteersTheAnswer) {
    const auto query = parse({{"_count", "50"},
                              {"_page", "opaque"},
                              {"_format", "application/fhir+json;charset=utf-8"},
                              {"_pretty", "true"},
                              {"_id", "o1"}});
    ASSERT_TRUE(query);
    EXPECT_EQ(query->count, 50u);
    EXPECT_EQ(query->page, "opaque");
    EXPECT_EQ(query->filters.size(), 1u);
    EXPECT_EQ(refusal({{"_format", "xml"}}), "not-supported");
    EXPECT_EQ(refusal({{"_count", "-1"}}), "value");
    EXPECT_EQ(refusal({{"_count", "1x"}}), "value");
    EXPECT_EQ(refusal({{"_count", "1"}, {"_count", "2"}}), "invalid");
    EXPECT_EQ(refusal({{"_page", "a"}, {"_page", "b"}}), "invalid");
    EXPECT_EQ(refusal({{"_pretty", "1"}}), "value");
}

TEST(Query, RefusesWhatExceedsItsLimits) {
    QueryOptions options;
    options.limits = {.parameters_max = 2, .values_max = 3, .value_bytes_max = 8, .count_max = 10};
    EXPECT_EQ(refusal({{"code", "a"}, {"code", "b"}}, options), "accepted");
    EXPECT_EQ(refusal({{"code", "a"}, {"code", "b"}, {"code", "c"}}, options), "too-costly");
    EXPECT_EQ(refusal({{"code", "a,b"}, {"code", "c"}}, options), "accepted");
    EXPECT_EQ(refusal({{"code", "a,b"}, {"code", "c,d"}}, options), "too-costly");
    EXPECT_EQ(refusal({{"code", "12345678"}}, options), "accepted");
    EXPECT_EQ(refusal({{"code", "123456789"}}, options), "too-long");
    EXPECT_EQ(refusal({{"_count", "10"}}, options), "accepted");
    EXPECT_EQ(refusal({{"_count", "11"}}, options), "value");
    EXPECT_EQ(refusal({{std::string(129, 'a'), "x"}}), "too-long");
}

TEST(Query, RefusesWhatIsNotUtf8) {
    EXPECT_EQ(refusal({{"code", "\xFF"}}), "invalid");
    EXPECT_EQ(refusal({{"co\xC3", "x"}}), "invalid");
    EXPECT_EQ(refusal({{"co\xC3", std::string(3000, 'x')}}), "invalid") << "nor says it again";
}

}   // namespace
}   // namespace ward::fhir
