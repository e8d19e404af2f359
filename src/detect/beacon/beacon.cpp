// SPDX-License-Identifier: Apache-2.0
#include "detect/beacon/beacon.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "detect/domain.hpp"

namespace ward::detect {
namespace {

constexpr std::size_t evidence_max = 8;   // of one pair: the calls are all alike

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

}   // namespace

Beacon::Rhythm Beacon::rhythm_of(const Calls& calls) {
    const std::vector<double> apart{calls.apart.begin(), calls.apart.end()};
    Rhythm rhythm{.median = median(apart)};
    std::vector<double> off;
    for (const auto one : apart) off.push_back(std::abs(one - rhythm.median));
    rhythm.spread = median(std::move(off)) / rhythm.median;
    rhythm.pause = std::ranges::max(apart) / rhythm.median;
    return rhythm;
}

void Beacon::count_caller(const Seen& seen, std::string_view name) {
    const auto count = [&](Callers& callers) {
        if (callers.size() <= limits_.callers_max && std::ranges::find(callers, seen.client) == callers.end())
            callers.push_back(seen.client);
    };
    count(sites_.at(seen.server));
    if (const auto domain = domain_of(name); !domain.empty()) count(domains_.at(std::string{domain}));
}

std::size_t Beacon::callers_of(const Seen& seen, std::string_view name) {
    const auto domain = domain_of(name);
    const auto of_domain = domain.empty() ? 0 : domains_.at(std::string{domain}).size();
    return std::max(of_domain, sites_.at(seen.server).size());
}

void Beacon::see(const Seen& seen, Findings& findings) {
    if ((!seen.is("flow") && !seen.is("tls")) || !seen.has_ends() || !seen.client.is_private() ||
        !is_outside(seen.server))
        return;
    // Clocks and resolvers keep time too. Over UDP, QUIC (RFC 9000) is what malware calls home with.
    if (seen.whole["proto"].text() != "TCP" && seen.server_port != 443) return;
    auto& calls = pairs_.at({seen.client, seen.server, seen.server_port});
    if (seen.is("tls")) {
        calls.name = seen.text("sni");
        return;
    }
    if (calls.name.empty()) calls.name = seen.server_name;
    const auto start = parse_timestamp(seen.own["start"].text()).value_or(seen.at);
    if (calls.count > 0 && start - calls.last < limits_.apart_min) return;
    if (calls.count == 0) {
        calls.first = start;
    } else {
        if (calls.apart.size() == limits_.kept_max) calls.apart.pop_front();
        calls.apart.push_back(std::chrono::duration<float>(start - calls.last).count());
    }
    calls.last = start;
    calls.sent += count_of(seen.own["bytes_toserver"]);
    if (++calls.count <= evidence_max) calls.evidence.add(conversation_of(seen));
    if (calls.count == limits_.often) count_caller(seen, calls.name);
    if (calls.told || calls.count < limits_.calls_min || start - calls.first < limits_.span_min) return;
    const auto callers = callers_of(seen, calls.name);
    if (callers > limits_.callers_max) return;
    const auto rhythm = rhythm_of(calls);
    if (rhythm.spread > limits_.spread_max || rhythm.pause > limits_.pause_max) return;
    calls.told = true;
    findings.push_back(told(seen, calls, rhythm, callers));
}

Finding Beacon::told(const Seen& seen, const Calls& calls, const Rhythm& rhythm, std::size_t callers) {
    const auto host = to_text(seen.client), address = to_text(seen.server);
    const auto site = calls.name.empty() ? address : calls.name;
    const auto hours = std::chrono::duration_cast<std::chrono::hours>(calls.last - calls.first).count();
    Finding finding{.kind = "beacon",
                    .at = seen.now,
                    // Servers ask their makers for news day and night; what people work at does so for fewer.
                    .severity = seen.client_serves ? Severity::medium : Severity::high,
                    .confidence = 50,
                    .sentence = fmt::format(
                        "The computer {} calls {} on the internet over and over, day and night, which "
                        "hardly another computer does: a program may be waiting for orders.",
                        host, site)};
    finding.facts = {
        {"time between calls, in minutes", "as people work", fmt::format("{:.0f}", rhythm.median / 60)},
        {"how far that varies", "as people do", fmt::format("by {:.0f} %", 100 * rhythm.spread)},
        {"calls", "none when nobody works", fmt::format("{} in {} hours", calls.count, hours)},
        {"computers that call it again and again", "many, of what many have installed",
         std::to_string(callers)},
        {"bytes of a call", "", std::to_string(calls.sent / calls.count)}};
    weigh_serving(seen, finding);
    if (callers > 1)
        finding.against.push_back({"computers that call it as well", "", std::to_string(callers - 1)});
    finding.harmless_if = "a program that only this computer has asks its maker for news";
    finding.techniques = {"T1071", "T1573"};
    finding.systems = {host, address};
    if (!calls.name.empty()) finding.systems.push_back(calls.name);
    finding.events = calls.evidence.ids();
    return finding;
}

}   // namespace ward::detect
