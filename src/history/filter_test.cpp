// SPDX-License-Identifier: Apache-2.0
#include "history/filter.hpp"

#include <gtest/gtest.h>

#include "history/vocabulary.hpp"

namespace ward::history {
namespace {

constexpr std::string_view question =
    R"({"timestamp":"2026-03-02T08:00:00.500000+0000","event_type":"dns","src_ip":"10.20.0.7",)"
    R"("src_port":53123,"dest_ip":"2001:db8::1","dest_port":53,"community_id":"1:Qc3n+w/uHEQ=",)"
    R"("dns":{"rrname":"Pump7.Example",)"
    R"("tc":false,"answers":[{"rdata":"10.1.2.3","ttl":60},{"rdata":"10.1.2.4","ttl":600}]}})";

/// Whether the filter finds the question above.
bool finds(std::string_view filter) {
    const auto event = json::Document::parse(std::string{question});
    const auto parsed = parse_filter(filter);
    EXPECT_TRUE(parsed) << filter << ": " << parsed.error().what;
    return parsed && parsed->matches(event->root());
}

std::string complaint(std::string_view filter) {
    const auto parsed = parse_filter(filter);
    return parsed ? "none" : parsed.error().what;
}

TEST(Filter, AnEmptyOneFindsEverything) {
    EXPECT_TRUE(finds(""));
    EXPECT_TRUE(finds(" \n"));
}

TEST(Filter, AFieldHasAValue) {
    EXPECT_TRUE(finds("event_type = dns"));
    EXPECT_FALSE(finds("event_type = tls"));
    EXPECT_TRUE(finds("event_type != tls"));
    EXPECT_TRUE(finds("community_id = 1:Qc3n+w/uHEQ=")) << "a value ends at a blank";
    EXPECT_TRUE(finds("no.such.field != anything"));
    EXPECT_FALSE(finds("no.such.field = anything"));
}

TEST(Filter, LettersOfEitherCaseAreTheSame) {
    EXPECT_TRUE(finds("dns.rrname = pump7.example"));
    EXPECT_TRUE(finds(R"(dns.rrname = "PUMP7.EXAMPLE")"));
}

TEST(Filter, NumbersAreComparedAsNumbers) {
    EXPECT_TRUE(finds("dest_port = 53"));
    EXPECT_TRUE(finds("dest_port = 53.0"));
    EXPECT_TRUE(finds("src_port > 1023 and src_port <= 53123"));
    EXPECT_FALSE(finds("src_port < 1024"));
    EXPECT_TRUE(finds("dns.tc = false"));
}

TEST(Filter, TimesAreComparedAsTimes) {
    EXPECT_TRUE(finds("timestamp >= 2026-03-02T09:00:00+01:00"));
    EXPECT_FALSE(finds("timestamp > 2026-03-02T08:00:00.5Z"));
}

TEST(Filter, AddressesAreComparedAsAddresses) {
    EXPECT_TRUE(finds("src_ip = 10.20.0.0/16"));
    EXPECT_FALSE(finds("src_ip = 10.21.0.0/16"));
    EXPECT_TRUE(finds("dest_ip = 2001:0DB8:0:0::1"));
    EXPECT_TRUE(finds("ip = 10.20.0.7 and ip = 2001:db8::/32"));
    EXPECT_TRUE(finds("src_ip = 0.0.0.0/0")) << "which no address of another family is in";
    EXPECT_FALSE(finds("dest_ip = 0.0.0.0/0"));
}

TEST(Filter, AnyElementOfAListWillDo) {
    EXPECT_TRUE(finds("dns.answers.rdata = 10.1.2.4"));
    EXPECT_TRUE(finds("dns.answers.ttl > 500"));
    EXPECT_FALSE(finds("dns.answers.rdata = 10.1.2.5"));
}

TEST(Filter, AStarIsAnything) {
    EXPECT_TRUE(finds(R"(dns.rrname = "*.example")"));
    EXPECT_TRUE(finds("dns.rrname = p*7*le"));
    EXPECT_FALSE(finds("dns.rrname = *.example.org"));
    EXPECT_FALSE(finds("dns.rrname = pump7.example*e")) << "what is before and behind do not overlap";
    EXPECT_TRUE(finds("dns.answers = * or dns.rrname = *"));
    EXPECT_FALSE(finds("dns.rcode = *"));
    EXPECT_FALSE(finds(R"(dns.rrname = "pump\*")"));
}

TEST(Filter, AndBindsTighterThanOrAndNotTighterThanBoth) {
    EXPECT_TRUE(finds("event_type = dns or event_type = tls and dest_port = 1"));
    EXPECT_FALSE(finds("(event_type = dns or event_type = tls) and dest_port = 1"));
    EXPECT_TRUE(finds("not event_type = tls and dest_port = 53"));
    EXPECT_FALSE(finds("NOT (event_type = tls OR dest_port = 53)"));
}

TEST(Filter, AListNamesSeveralValues) {
    EXPECT_TRUE(finds("dest_port in (53, 5353)"));
    EXPECT_FALSE(finds("dest_port not in (53, 5353)"));
    EXPECT_TRUE(finds(R"(event_type in ("tls",dns))"));
}

TEST(Filter, ErrorsNameThePlaceAndWhatWouldFit) {
    EXPECT_EQ(complaint("ip = 10.0.0.1 annd x = 1"),
              "character 15: `and`, `or` or the end expected, not `annd`");
    EXPECT_EQ(complaint("ip ~ 1"), "character 4: =, !=, <, <=, >, >= or `in` expected, not `~`");
    EXPECT_EQ(complaint("ip ="), "character 5: a value expected, not the end");
    EXPECT_EQ(complaint("= 5"), "character 1: the name of a field expected, not `=`");
    EXPECT_EQ(complaint("(a = 1"), "character 7: `)` expected, not the end");
    EXPECT_EQ(complaint("a in (1, 2"), "character 11: `,` or `)` expected, not the end");
    EXPECT_EQ(complaint("a = \"x"), "character 5: a quote does not end");
    EXPECT_EQ(complaint("a > dns"), "character 5: a number or a time expected, not `dns`");
    EXPECT_EQ(complaint("a = 1 and or"), "character 11: the name of a field expected, not `or`");
    EXPECT_EQ(complaint("a not 1"), "character 7: `in` expected, not `1`");
    EXPECT_EQ(complaint("a..b = 1"), "character 1: the name of a field expected, not `a..b`");
}

TEST(Filter, NamesOfFieldsAreThoseOfAnEvent) {
    Names known;
    add_names(json::Document::parse(std::string{question})->root(), known);
    EXPECT_TRUE(known.contains("dns.answers.rdata"));
    EXPECT_TRUE(known.contains("dns.answers"));
    EXPECT_FALSE(known.contains("dns.rdata"));
    EXPECT_EQ(names_in(*parse_filter("not (port = 1 or a.b = 2) and a.b > 3")),
              (Names{"a.b", "dest_port", "src_port"}));
}

TEST(Filter, HasLimits) {
    EXPECT_NE(complaint(std::string(40, '(') + "a = 1" + std::string(40, ')')), "none");
    EXPECT_NE(complaint(std::string(FilterLimits::bytes_max, ' ') + "a = 1"), "none");
    std::string values = "1";
    for (std::size_t i = 0; i < FilterLimits::conditions_max; ++i) values += ",1";
    EXPECT_NE(complaint("a in (" + values + ")"), "none");
}

}   // namespace
}   // namespace ward::history
