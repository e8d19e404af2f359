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
    EXPECT_EQ(refusal({{"_sort", "date"}}), "not-supported");
    EXPECT_EQ(refusal({{"_include", "Observation:subject"}}), "not-supported");
    EXPECT_EQ(refusal({{"_has:Observation:patient:code", "1"}}), "not-supported");
    EXPECT_EQ(refusal({{"subject.name", "x"}}), "not-supported");
    EXPECT_EQ(refusal({{"Code", "x"}}), "not-supported");
    EXPECT_EQ(refusal({{"", "x"}}), "invalid");
    EXPECT_EQ(refusal({{"code", ""}}), "invalid");
    EXPECT_EQ(refusal({{"code", "a,,b"}}), "invalid");
}

TEST(Query, RefusesParametersOfKindsNotYetIndexed) {
    EXPECT_EQ(refusal({{"value-quantity", "5"}}), "not-supported");
    EXPECT_EQ(refusal({{"code-value-quantity", "1$2"}}), "not-supported");
    EXPECT_EQ(refusal({{"_profile", "http://x"}}), "not-supported");
    EXPECT_EQ(refusal({{"_content", "x"}}), "not-supported");
    EXPECT_EQ(refusal({{"_text", "x"}}), "not-supported");
    EXPECT_EQ(refusal({{"_query", "x"}}), "not-supported");
}

TEST(Query, RefusesModifiersButAFew) {
    for (const auto* name :
         {"code:missing", "code:not", "code:in", "code:below", "code:text", "subject:identifier",
          "date:missing", "code:", "subject:Nothing", "value-string:missing"})
        EXPECT_EQ(refusal({{name, "true"}}), "not-supported") << name;
    EXPECT_EQ(refusal({{"value-string:exact", "A"}}), "accepted");
    EXPECT_EQ(refusal({{"value-string:contains", "A"}}), "accepted");
    EXPECT_EQ(refusal({{"subject:Patient", "p1"}}), "accepted");
    EXPECT_EQ(refusal({{"subject:Medication", "m1"}}), "value");   // no target of Observation.subject
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
    EXPECT_EQ(only_term<DateTerm>({{"date", "2026"}}).prefix, DatePrefix::eq);
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
