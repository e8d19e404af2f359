// SPDX-License-Identifier: Apache-2.0
#include "detect/silence/silence.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

constexpr auto look_each = 15s;
constexpr std::size_t ordered_max = 16;
constexpr std::size_t named_max = 8;   // ports and clients of one server

bool came_to_nothing(const Seen& seen) {
    const auto state = seen.whole["tcp"]["state"].text();
    return seen.protocol.empty() && (state == "syn_sent" || state == "reset");
}

bool is_order(std::string_view type) { return type.starts_with("OML") || type.starts_with("ORM"); }

std::string lasting(std::chrono::nanoseconds time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).count();
    return seconds < 600 ? fmt::format("{} seconds", seconds) : fmt::format("{} minutes", seconds / 60);
}

template <class One>
void add_to(std::vector<One>& all, const One& one) {
    if (all.size() < named_max && std::ranges::find(all, one) == all.end()) all.push_back(one);
}

}   // namespace

void Silence::see(const Seen& seen, Findings& findings) {
    // While nothing at all was captured, nobody was silent.
    if (now_ != Time{} && seen.now - now_ >= limits_.blind_min)
        for (auto& [key, feed] : feeds_) feed.last += seen.now - now_;
    now_ = seen.now;
    if (seen.is("hl7")) see_message(seen, findings);
    if (seen.is("astm")) see_report(seen);
    if (seen.is("flow")) see_flow(seen, findings);
    if (seen.now - looked_ >= look_each) pass(seen.now, findings);
}

void Silence::see_message(const Seen& seen, Findings& findings) {
    if (!seen.has_ends()) return;
    const bool is_from_client = seen.text("from") != "server";
    const auto type = seen.text("type");
    if (is_order(type)) {
        for (auto& [key, feed] : feeds_)
            if (feed.owes) feed.owes->order(seen.at);
        if (ordered_.size() == ordered_max) ordered_.pop_front();
        ordered_.push_back(conversation_of(seen));
    }
    const auto host = is_from_client ? seen.client : seen.server;
    sent(seen, host, std::string{seen.text("sending_application")});
    if (!is_from_client) return;
    const bool is_taken = seen.own["acknowledgement"].exists();
    auto* server = servers_.find(seen.server);
    if (is_taken) {
        served(seen, seen.text("receiving_application"));
        servers_.find(seen.server)->acknowledges = true;
    } else if (server != nullptr && server->acknowledges) {
        failed(seen, *server, findings);
    }
}

void Silence::see_report(const Seen& seen) {
    if (!seen.has_ends()) return;
    const bool is_from_client = seen.text("from") != "server";
    laboratories_.at(is_from_client ? seen.server : seen.client) = true;
    if (seen.text("outcome") == "complete") served(seen, seen.text("receiver"));
}

void Silence::see_flow(const Seen& seen, Findings& findings) {
    if (!came_to_nothing(seen) || !seen.has_ends()) return;
    auto* server = servers_.find(seen.server);
    if (server != nullptr && std::ranges::find(server->ports, seen.server_port) != server->ports.end())
        failed(seen, *server, findings);
}

Silence::Feed& Silence::feed_of(const IpAddress& host, const std::string& name) {
    const auto place = feeds_.find({host, name});
    if (place != feeds_.end()) return place->second;
    if (feeds_.size() == limits_.feeds_max) {
        // Names that somebody makes up make each other go, not those that are used.
        feeds_.erase(std::ranges::min_element(feeds_, {}, [](const auto& one) {
            return std::pair{one.second.messages, one.second.last};
        }));
        ++forgotten_;
    }
    return feeds_[{host, name}];
}

void Silence::sent(const Seen& seen, const IpAddress& host, std::string name) {
    if (name.empty()) return;
    auto& feed = feed_of(host, name);
    if (feed.messages == 0) feed.begun = feed.day = feed.last = seen.at;
    if (seen.at - feed.day >= 24h) {
        feed.longest_before = feed.longest;
        feed.longest = {};
        feed.day = seen.at;
    }
    feed.longest = std::max(feed.longest, seen.at - feed.last);
    feed.last = std::max(feed.last, seen.at);
    ++feed.messages;
    feed.event = conversation_of(seen);
    if (feed.is_told && feed.owes) feed.owes->forgive();
    feed.is_told = false;
    if (!seen.text("type").starts_with("ORU")) return;
    if (!feed.owes && laboratories_.find(host) != nullptr) feed.owes = std::make_unique<Turnaround>();
    if (feed.owes) feed.owes->result(seen.at);
}

bool Silence::never_pauses(const Feed& feed, Time now) const {
    return now - feed.begun >= limits_.learned_min &&
           std::max(feed.longest, feed.longest_before) <= limits_.pause_max;
}

void Silence::pass(Time now, Findings& findings) {
    looked_ = now;
    for (auto& one : feeds_) {
        auto& feed = one.second;
        if (feed.is_told) continue;
        const auto pause = std::max(feed.longest, feed.longest_before) * limits_.pauses;
        const bool stopped = never_pauses(feed, now) &&
                             now - feed.last > std::max<std::chrono::nanoseconds>(limits_.silent_min, pause);
        if (!stopped && (!feed.owes || feed.owes->owed(now) < limits_.owed_min)) continue;
        feed.is_told = true;
        findings.push_back(silent(one, now));
    }
}

Finding Silence::silent(const Feeds::value_type& one, Time now) const {
    const auto& [key, feed] = one;
    const auto& [host, name] = key;
    const auto since = lasting(now - feed.last);
    Finding finding{
        .kind = "feed-silent",
        .at = now,
        .severity = Severity::high,
        .confidence = 85,
        .sentence = fmt::format("{} has sent nothing for {}: what it would tell does not arrive. Call "
                                "whoever runs it, and use paper and telephone until then.",
                                name, since),
        .harmless_if = "it is being serviced, and those who wait for it know",
        .techniques = {"T1489"},
        .systems = {to_text(host), name}};
    finding.facts = {{"time since its last message",
                      fmt::format("at most {}", lasting(std::max(feed.longest, feed.longest_before))),
                      since}};
    if (const auto longest = std::max(feed.longest, feed.longest_before); longest >= now - feed.last)
        finding.against.push_back({"pauses of it before", "", "up to " + lasting(longest)});
    Evidence evidence;
    evidence.add(feed.event);
    if (feed.owes && feed.owes->owed(now) >= limits_.owed_min) {
        finding.facts.push_back({"results that orders should have brought meanwhile", "one",
                                 fmt::format("{:.0f}", feed.owes->missed(now))});
        for (const auto& order : ordered_) evidence.add(order);
    }
    finding.events = evidence.ids();
    return finding;
}

void Silence::served(const Seen& seen, std::string_view name) {
    auto& server = servers_.at(seen.server);
    add_to(server.ports, seen.server_port);
    if (!name.empty()) server.name = name;
    server.failed = 0;
    server.attempts.clear();
    server.clients.clear();
    server.is_told = false;
}

void Silence::failed(const Seen& seen, Server& server, Findings& findings) {
    if (server.failed++ == 0) server.failing = seen.at;
    server.attempts.add(conversation_of(seen));
    add_to(server.clients, seen.client);
    const auto lasted = seen.at - server.failing;
    if (server.is_told || server.failed < limits_.failed_min || lasted < limits_.failing_min) return;
    server.is_told = true;
    const auto host = to_text(seen.server);
    const auto& name = server.name.empty() ? host : server.name;
    Finding finding{
        .kind = "feed-silent",
        .at = seen.now,
        .severity = Severity::high,
        .confidence = 80,
        .sentence = fmt::format("{} has taken nothing for {} though others try to send to it: orders or "
                                "results pile up. Call whoever runs it.",
                                name, lasting(lasted)),
        .facts = {{"attempts to send to it that came to nothing", "none in a row",
                   std::to_string(server.failed)},
                  {"time since the first of them", "minutes, when it is restarted", lasting(lasted)}},
        .harmless_if = "it is being serviced, or was replaced by another",
        .techniques = {"T1489"},
        .systems = {host}};
    if (!server.name.empty()) finding.systems.push_back(server.name);
    if (server.clients.size() == 1)
        finding.against.push_back({"others that tried", "", "none: the fault may be that one's"});
    for (const auto& client : server.clients) finding.systems.push_back(to_text(client));
    finding.events = server.attempts.ids();
    findings.push_back(std::move(finding));
}

}   // namespace ward::detect
