// SPDX-License-Identifier: Apache-2.0
// The index finds what reading everything finds.
#include <gmock/gmock.h>
#include <random>

#include "history/plan.hpp"
#include "history/storing_test.hpp"

namespace ward::history {
namespace {

using Random = std::mt19937;

std::string pick(Random& random, std::initializer_list<std::string_view> words) {
    return std::string{*std::next(words.begin(), static_cast<std::ptrdiff_t>(random() % words.size()))};
}

std::string some_address(Random& random) {
    if (random() % 8 == 0) return fmt::format("2001:db8:{}::{:x}", random() % 3, random() % 40);
    return fmt::format("10.{}.{}.{}", random() % 3, random() % 8, random() % 20);
}

std::string some_name(Random& random) {
    return fmt::format("{}{}.{}.Example{}", pick(random, {"pump", "PC", "printer"}), random() % 60,
                       pick(random, {"ward", "lab", "icu.west"}), pick(random, {"", ".org"}));
}

std::string some_event(Random& random, int number) {
    const auto type = pick(random, {"flow", "dns", "tls", "anomaly", "http"});
    auto rest =
        fmt::format(R"("event_type":"{}","src_ip":"{}","dest_ip":"{}","dest_port":{},"flow_id":{})", type,
                    some_address(random), some_address(random), random() % 200, random() % 9'000);
    if (type == "dns")
        rest += fmt::format(R"(,"dns":{{"rrname":"{}","answers":[{{"rdata":"{}"}},{{"rdata":"{}"}}]}})",
                            some_name(random), some_address(random), some_name(random));
    if (type == "tls")
        rest += fmt::format(R"(,"tls":{{"sni":"{}","ja4":"t13d{}"}})", some_name(random), random() % 30);
    if (type == "http") rest += fmt::format(R"(,"http":{{"hostname":"{}"}})", some_name(random));
    return event_at(std::chrono::milliseconds{number * 700}, rest);
}

std::string some_condition(Random& random) {
    switch (random() % 9) {
        case 0: return "ip = " + some_address(random);
        case 1:
            return fmt::format("src_ip = {}/{}", "10." + std::to_string(random() % 3) + ".4.0",
                               12 + random() % 21);
        case 2: return fmt::format("dest_port in ({}, {})", random() % 200, random() % 200);
        case 3: return "dns.rrname = " + some_name(random);
        case 4:
            return "name = " +
                   pick(random, {"*.lab.example", "*.example.org", "*.west.example", "pump1*", "*"});
        case 5: return fmt::format("flow_id = {}.0", random() % 9'000);
        case 6: return "event_type != " + pick(random, {"dns", "flow"});
        case 7: return "dns.answers.rdata = " + some_address(random);
        default: return fmt::format("tls.ja4 = T13D{}", random() % 40);
    }
}

std::string some_filter(Random& random, int depth) {
    if (depth == 0 || random() % 3 == 0) return some_condition(random);
    const auto left = some_filter(random, depth - 1), right = some_filter(random, depth - 1);
    switch (random() % 4) {
        case 0: return fmt::format("({} or {})", left, right);
        case 1: return fmt::format("not ({})", left);
        default: return fmt::format("({} and {})", left, right);
    }
}

TEST_F(Storing, TheIndexFindsWhatReadingEverythingFinds) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Random random{seed};
    std::vector<std::string> all;
    for (int i = 0; i < 20'000; ++i) all.push_back(some_event(random, i));
    auto history = open();
    for (std::size_t first = 0; first < all.size(); first += 5'000) {
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
        ASSERT_TRUE(append(*history, first + 1, {begin, begin + 5'000}));
    }
    std::vector<json::Document> events;
    for (const auto& line : all) events.push_back(std::move(*json::Document::parse(line)));
    int planned = 0;
    for (int i = 0; i < 80; ++i) {
        const auto query = some_filter(random, 2);
        const auto filter = parse_filter(query);
        ASSERT_TRUE(filter) << query << ": " << filter.error().what;
        planned += plan_for(*filter) ? 1 : 0;
        std::vector<std::string> wanted;
        for (auto event = events.rbegin(); event != events.rend(); ++event)
            if (filter->matches(event->root())) wanted.push_back(event->source());
        ASSERT_EQ(lines(query, 40'000), wanted) << query;
    }
    EXPECT_GT(planned, 25);
}

}   // namespace
}   // namespace ward::history
