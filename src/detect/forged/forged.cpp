// SPDX-License-Identifier: Apache-2.0
#include "detect/forged/forged.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ward::detect {
namespace {

/// A message that says something, and does so in earnest: table 0103 has D and T for what is tried only.
bool is_statement(const Seen& seen) {
    const auto processing = seen.text("processing_id");
    return seen.is("hl7") && seen.has_ends() && !seen.text("sending_application").empty() &&
           seen.text("acknowledged_id").empty() && processing != "D" && processing != "T";
}

/// "ADT^A40" of "ADT^A40^ADT_A39".
std::string_view short_type(std::string_view type) {
    const auto first = type.find('^');
    return type.substr(0, first == std::string_view::npos ? first : type.find('^', first + 1));
}

}   // namespace

Forged::Feed& Forged::feed_of(const Seen& seen, const IpAddress& receiver) {
    auto& feeds = receivers_.at(receiver).feeds;
    const auto application = seen.text("sending_application"), facility = seen.text("sending_facility");
    const auto known = std::ranges::find_if(feeds, [&](const Feed& feed) {
        return feed.application == application && feed.facility == facility;
    });
    if (known != feeds.end()) return *known;
    if (feeds.size() == limits_.feeds_max) feeds.erase(std::ranges::min_element(feeds, {}, &Feed::last));
    return feeds.emplace_back(Feed{.application = std::string{application},
                                   .facility = std::string{facility},
                                   .first = seen.at,
                                   .true_last = seen.at});
}

Forged::Sender& Forged::sender_of(Feed& feed, const IpAddress& host, Time at) const {
    auto& senders = feed.senders;
    const auto known = std::ranges::find(senders, host, &Sender::host);
    if (known != senders.end()) return *known;
    if (senders.size() == limits_.hosts_max)
        senders.erase(std::ranges::min_element(senders, {}, [](const Sender& one) {
            return std::pair{one.is_true, one.last};
        }));
    const bool is_learning = at - feed.first < limits_.learn || feed.true_messages < limits_.learn_messages;
    return senders.emplace_back(
        Sender{.host = host, .is_true = is_learning, .turns = {limits_.window, limits_.turns_max}});
}

void Forged::see(const Seen& seen, Findings& findings) {
    if (!is_statement(seen)) return;
    const bool by_server = seen.text("from") == "server";
    const auto& receiver = by_server ? seen.client : seen.server;
    auto& feed = feed_of(seen, receiver);
    auto& sender = sender_of(feed, by_server ? seen.server : seen.client, seen.at);
    feed.last = sender.last = seen.at;
    ++sender.messages;
    if (sender.is_true) {
        hear_true(seen, feed, receiver, findings);
    } else {
        hear_other(seen, feed, sender);
    }
}

void Forged::hear_true(const Seen& seen, Feed& feed, const IpAddress& receiver, Findings& findings) const {
    using Seconds = std::chrono::duration<double>;
    const auto longest = feed.usual_gap * limits_.gaps_max + Seconds{limits_.gap_more};
    const Seconds gap = seen.at - feed.true_last;
    for (auto& other : feed.senders) {
        if (other.is_true || other.since_true == 0) continue;
        other.since_true = 0;
        other.turns.forget(seen.now);
        other.turns.add({seen.at, gap <= longest}, seen.now);
        if (weight_of(other) < limits_.beside_min) continue;
        if (other.told && seen.now - *other.told < limits_.again) continue;
        other.told = seen.now;
        findings.push_back(told(seen, feed, other, receiver));
    }
    // The first gaps are taken as they are, later ones of a silence not longer than what ends one.
    const auto weight = std::min(++feed.true_messages, limits_.gap_memory);
    const auto taken = weight < limits_.gap_memory ? gap : std::min(gap, longest);
    feed.usual_gap += (taken - feed.usual_gap) / static_cast<double>(weight);
    feed.true_last = seen.at;
}

std::size_t Forged::weight_of(const Sender& sender) const {
    std::size_t sum = 0;
    for (const auto& turn : sender.turns) sum += turn.is_beside ? limits_.beside_weight : 1;
    return sum;
}

void Forged::hear_other(const Seen& seen, Feed& feed, Sender& sender) const {
    ++sender.since_true;
    sender.evidence.add(conversation_of(seen));
    const auto type = short_type(seen.text("type"));
    if (sender.types.size() < limits_.types_max &&
        std::ranges::find(sender.types, type) == sender.types.end())
        sender.types.emplace_back(type);
    if (sender.since_true >= limits_.moved_messages && seen.at - feed.true_last > limits_.moved_after)
        sender.is_true = true;
}

Finding Forged::told(const Seen& seen, const Feed& feed, const Sender& sender,
                     const IpAddress& receiver) const {
    const auto host = to_text(sender.host);
    std::vector<std::string> true_hosts;
    for (const auto& one : feed.senders)
        if (one.is_true) true_hosts.push_back(to_text(one.host));
    const auto true_ones = fmt::format("{}", fmt::join(true_hosts, ", "));
    Finding finding{
        .kind = "message-forged",
        .at = seen.now,
        .severity = Severity::high,
        .confidence = 75,
        .sentence = fmt::format("{} sends messages in the name of {}, while the true one at {} goes on "
                                "sending: what they say of patients may be false.",
                                host, feed.application, true_ones)};
    finding.facts = {{fmt::format("hosts that send to {} as {} of {}", to_text(receiver), feed.application,
                                  feed.facility.empty() ? "no facility" : feed.facility),
                      true_ones, host},
                     {"messages of this host between two of the true one", "none, or while that is silent",
                      fmt::format("{} times", sender.turns.size())},
                     {"messages of this host", "0", std::to_string(sender.messages)},
                     {"what they are", "", fmt::format("{}", fmt::join(sender.types, ", "))}};
    finding.harmless_if = "a second machine of that system was put into service, and both send from now on";
    finding.techniques = {"T1565.002"};
    finding.systems = {host, to_text(receiver)};
    finding.events = sender.evidence.ids();
    return finding;
}

}   // namespace ward::detect
