// SPDX-License-Identifier: Apache-2.0
#include "fhir/values.hpp"

#include <gtest/gtest.h>

namespace ward::fhir {
namespace {

json::Document parsed(std::string text) {
    auto document = json::Document::parse(std::move(text));
    EXPECT_TRUE(document);
    return *std::move(document);
}

// What a resource is found by under one parameter, one value a line.
std::string indexed(std::string_view code, const json::Document& resource) {
    const auto type = resource_type(resource["resourceType"].text());
    const auto values = index_values(*type, resource.root());
    EXPECT_TRUE(values);
    std::string out;
    for (const auto& [parameter, value] : *values) {
        if (parameter->code != code) continue;
        if (const auto* token = std::get_if<TokenValue>(&value)) {
            out += token->system_kind == TokenValue::System::implied ? "*" : token->system;
            out += "|" + token->code;
        } else if (const auto* string = std::get_if<StringValue>(&value)) {
            out += string->text + "=" + string->normalised;
        } else if (const auto* date = std::get_if<DateValue>(&value)) {
            out += std::to_string(date->interval.lower) + ".." + std::to_string(date->interval.upper);
        } else {
            const auto& reference = std::get<ReferenceValue>(value);
            out += reference.type + "/" + reference.id + " " + reference.url + " v" + reference.version +
                   " " + reference.identifier_system + "|" + reference.identifier_value;
        }
        out += '\n';
    }
    return out;
}

const json::Document& patient() {
    static const auto document = parsed(R"({
        "resourceType": "Patient", "id": "p1", "meta": {"lastUpdated": "2026-01-01T00:00:00.000Z",
            "tag": [{"system": "http://ward.example/tag", "code": "invented"}]},
        "active": true, "gender": "female", "birthDate": "1970-01-01",
        "identifier": [{"system": "http://ward.example/mrn", "value": "12-7"}, {"value": "bare"}],
        "name": [{"family": "Öz Müller", "given": ["Zoë", "Łucja"], "prefix": ["Dr."]}],
        "telecom": [{"system": "phone", "value": "555 0100"},
            {"system": "email", "value": "zoe@ward.example"}],
        "address": [{"line": ["1 Invented Way"], "city": "Nowhere", "postalCode": "00000"}],
        "maritalStatus": {"coding": [{"system": "http://s", "code": "M"}, {"code": "married"}],
            "text": "Married"},
        "generalPractitioner": [{"reference": "Practitioner/d1"},
            {"identifier": {"system": "http://ward.example/npi", "value": "77"}, "type": "Practitioner"}],
        "managingOrganization": {"reference": "https://other.example/fhir/Organization/o9"}})");
    return document;
}

TEST(IndexValues, ReadsTokensOfEveryType) {
    EXPECT_EQ(indexed("_id", patient()), "*|p1\n");
    EXPECT_EQ(indexed("_tag", patient()), "http://ward.example/tag|invented\n");
    EXPECT_EQ(indexed("active", patient()), "*|true\n");
    EXPECT_EQ(indexed("gender", patient()), "*|female\n");
    EXPECT_EQ(indexed("deceased", patient()), "*|false\n");
    EXPECT_EQ(indexed("identifier", patient()), "http://ward.example/mrn|12-7\n|bare\n");
    EXPECT_EQ(indexed("phone", patient()), "|555 0100\n");
    EXPECT_EQ(indexed("email", patient()), "|zoe@ward.example\n");
    EXPECT_EQ(indexed("telecom", patient()), "|555 0100\n|zoe@ward.example\n");
}

TEST(IndexValues, ReadsEveryCodingOfAConcept) {
    const auto condition = parsed(R"({"resourceType":"Condition","code":{"coding":[
        {"system":"http://snomed.info/sct","code":"1"},{"code":"2"},{"system":"http://only"},{"display":"x"}],
        "text":"y"}})");
    EXPECT_EQ(indexed("code", condition), "http://snomed.info/sct|1\n|2\nhttp://only|\n");
}

TEST(IndexValues, FindsNamesAndAddressesByTheirParts) {
    EXPECT_EQ(indexed("family", patient()), "Öz Müller=oz muller\n");
    EXPECT_EQ(indexed("name", patient()), "Öz Müller=oz muller\nZoë=zoe\nŁucja=lucja\nDr.=dr.\n");
    EXPECT_EQ(indexed("address", patient()), "1 Invented Way=1 invented way\nNowhere=nowhere\n00000=00000\n");
    EXPECT_EQ(indexed("address-city", patient()), "Nowhere=nowhere\n");
}

TEST(IndexValues, ReadsDatesAsIntervals) {
    EXPECT_EQ(indexed("birthdate", patient()), "0..86399999\n");
    EXPECT_EQ(indexed("_lastUpdated", patient()), "1767225600000..1767225600000\n");
    const auto encounter = [](std::string period) {
        return indexed("date", parsed(R"({"resourceType":"Encounter","period":)" + period + "}"));
    };
    EXPECT_EQ(encounter(R"({"start":"1970-01-01","end":"1970-01-02"})"), "0..172799999\n");
    EXPECT_EQ(encounter(R"({"start":"1970"})"), "0.." + std::to_string(DateInterval::open_upper) + "\n");
    EXPECT_EQ(encounter(R"({"end":"1970-01-01"})"),
              std::to_string(DateInterval::open_lower) + "..86399999\n");
    EXPECT_EQ(encounter("{}"), "");
    EXPECT_EQ(encounter(R"({"start":"soon"})"), "");
}

// R4, search.html#date: "only the outer limits matter".
TEST(IndexValues, ReadsATimingByItsOuterLimits) {
    const auto observation = [](std::string timing) {
        return indexed("date", parsed(R"({"resourceType":"Observation","effectiveTiming":)" + timing + "}"));
    };
    EXPECT_EQ(observation(R"({"event":["1970-01-03","1970-01-01T00:00:00Z"]})"), "0..259199999\n");
    EXPECT_EQ(observation(R"({"repeat":{"boundsPeriod":{"start":"1970-01-01","end":"1970-01-01"}}})"),
              "0..86399999\n");
    EXPECT_EQ(observation(R"({"repeat":{"frequency":2}})"), "");
}

TEST(IndexValues, ReadsReferences) {
    EXPECT_EQ(indexed("general-practitioner", patient()),
              "Practitioner/d1  v |\nPractitioner/  v http://ward.example/npi|77\n");
    EXPECT_EQ(indexed("organization", patient()), "/ https://other.example/fhir/Organization/o9 v |\n");
    const auto observation = parsed(R"({"resourceType":"Observation","subject":{"reference":"Group/g1"},
        "encounter":{"reference":"Encounter/e1/_history/3"},"device":{"reference":"#inside"}})");
    EXPECT_EQ(indexed("subject", observation), "Group/g1  v |\n");
    EXPECT_EQ(indexed("patient", observation), "");
    EXPECT_EQ(indexed("encounter", observation), "Encounter/e1  v3 |\n");
    EXPECT_EQ(indexed("device", observation), "");
}

TEST(IndexValues, ReadsCanonicalsAndContainedEntries) {
    const auto plan =
        parsed(R"({"resourceType":"CarePlan","instantiatesCanonical":["http://x/PlanDefinition/a|2.0"]})");
    EXPECT_EQ(indexed("instantiates-canonical", plan), "/ http://x/PlanDefinition/a v2.0 |\n");
    const auto bundle =
        parsed(R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Composition","id":"c"}}]})");
    EXPECT_EQ(indexed("composition", bundle), "Composition/c  v |\n");
}

TEST(IndexValues, LeavesOutWhatHasTheWrongShape) {
    const auto odd = parsed(R"({"resourceType":"Patient","gender":3,"name":"text","birthDate":["x",null,{}],
        "identifier":{"system":1,"value":2},"telecom":[[["a"]]],"generalPractitioner":[{"reference":7}]})");
    EXPECT_EQ(indexed("gender", odd), "");
    EXPECT_EQ(indexed("birthdate", odd), "");
    EXPECT_EQ(indexed("identifier", odd), "");
    EXPECT_EQ(indexed("general-practitioner", odd), "");
}

TEST(IndexValues, RefusesTooManyValues) {
    std::string tags = R"({"code":"0"})";
    for (int i = 1; i < 50; ++i) tags += ",{\"code\":\"" + std::to_string(i) + "\"}";
    const auto basic = parsed(R"({"resourceType":"Basic","meta":{"tag":[)" + tags + "]}}");
    const auto type = *resource_type("Basic");
    EXPECT_EQ(index_values(type, basic.root(), {.values_max = 50})->size(), 50u);
    EXPECT_EQ(index_values(type, basic.root(), {.values_max = 49}).error().code, Errc::limit_exceeded);
}

TEST(Normalise, FoldsCaseAccentsAndSpaces) {
    EXPECT_EQ(normalise("  Éva \t MÜLLER-Łoś "), "eva muller-los");
    EXPECT_EQ(normalise("E\xCC\x81va"), "eva");   // a combining acute accent
    EXPECT_EQ(normalise("Straße Æsir Þór Øre"), "strasse aesir thor ore");
    EXPECT_EQ(normalise("Nguyễn Thị Ước"), "nguyen thi uoc");
    EXPECT_EQ(normalise("ИВАН Ёж"), "иван ёж");
    EXPECT_EQ(normalise("ΣΊΣΥΦΟΣ"), "σΊσυφοσ");
    EXPECT_EQ(normalise("فاطمة 山田"), "فاطمة 山田");
    EXPECT_EQ(normalise(" \t "), "");
}

TEST(Normalise, SurvivesBytesThatAreNoText) {
    for (int byte = 0; byte < 256; ++byte) normalise(std::string{"a"} + static_cast<char>(byte));
}

TEST(ParseReference, TellsRelativeFromAbsolute) {
    EXPECT_EQ(parse_reference("Patient/p1").id, "p1");
    EXPECT_EQ(parse_reference("Patient/p1/_history/2").version, "2");
    EXPECT_EQ(parse_reference("Nothing/p1").url, "Nothing/p1");
    EXPECT_EQ(parse_reference("Patient/p1/x").url, "Patient/p1/x");
    EXPECT_EQ(parse_reference("urn:uuid:1").url, "urn:uuid:1");
    EXPECT_EQ(parse_reference("http://h/Patient/1/_history/4").url, "http://h/Patient/1");
    EXPECT_EQ(parse_reference("#c"), ReferenceValue{});
}

}   // namespace
}   // namespace ward::fhir
