// SPDX-License-Identifier: Apache-2.0
#include "detect/upload/upload.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "core/clock.hpp"

namespace ward::detect {
namespace {

std::string megabytes(double bytes) { return fmt::format("{:.1f} MB", bytes / 1e6); }

}   // namespace

double Upload::Sum::at(Time now, std::chrono::nanoseconds half_life) const {
    if (now <= last) return bytes;
    return bytes *
           std::exp2(-static_cast<double>((now - last).count()) / static_cast<double>(half_life.count()));
}

void Upload::Sum::add(double more, Time now, std::chrono::nanoseconds half_life) {
    bytes = at(now, half_life) + more;
    last = std::max(last, now);
}

void Upload::see(const Seen& seen, Findings& findings) {
    if (!seen.is("flow") || !seen.has_ends() || !seen.client.is_private() || !is_outside(seen.server)) return;
    const auto sent = static_cast<double>(count_of(seen.own["bytes_toserver"]));
    auto& all = hosts_.at(seen.client);
    all.add(sent, seen.now, limits_.half_life);
    auto& pair = pairs_.at({seen.client, seen.server});
    if (pair.flows++ == 0) pair.first = seen.at;
    pair.sent.add(sent, seen.now, limits_.half_life);
    pair.received.add(static_cast<double>(count_of(seen.own["bytes_toclient"])), seen.now, limits_.half_life);
    // So what is kept of a pair is bounded by what it sends.
    if (sent > limits_.bytes_min / Finding::events_max) pair.evidence.add(conversation_of(seen));
    const auto usual = all.at(seen.now, limits_.half_life) - pair.sent.bytes;
    if (pair.sent.bytes < limits_.bytes_min ||
        pair.sent.bytes < limits_.times_received_min * pair.received.bytes ||
        pair.sent.bytes < limits_.times_usual_min * usual)
        return;
    if (pair.told != Time::min() && seen.now - pair.told < limits_.told_for) return;
    pair.told = seen.now;
    findings.push_back(told(seen, pair, usual));
}

Finding Upload::told(const Seen& seen, const Sent& sent, double usual) const {
    const auto host = to_text(seen.client), address = to_text(seen.server);
    const auto target = seen.server_name.empty() ? address : std::string{seen.server_name};
    Finding finding{.kind = "exfiltration",
                    .at = seen.now,
                    .severity = Severity::medium,
                    .confidence = 50,
                    .sentence = fmt::format("The computer {} sends much to {} on the internet, to which it "
                                            "hardly ever sent anything.",
                                            host, target)};
    finding.facts = {
        {fmt::format("sent to {}", target), fmt::format("less than {}", megabytes(limits_.bytes_min)),
         megabytes(sent.sent.bytes)},
        {"sent to all others outside, in the same days", "more than that", megabytes(usual)},
        {fmt::format("received from {}", target), "more than what is sent", megabytes(sent.received.bytes)},
        {"its first connection there", "long ago",
         to_instant(std::chrono::floor<std::chrono::seconds>(sent.first))}};
    if (seen.now - sent.first >= std::chrono::hours{24})
        finding.against.push_back({"days since its first connection there", "",
                                   std::to_string((seen.now - sent.first) / std::chrono::hours{24})});
    weigh_serving(seen, finding);
    finding.harmless_if = "somebody hands over films, drafts or a backup that a contract says may go there";
    finding.techniques = {"T1567", "T1048"};
    finding.systems = {host, address};
    if (!seen.server_name.empty()) finding.systems.push_back(std::string{seen.server_name});
    finding.events = sent.evidence.ids();
    return finding;
}

}   // namespace ward::detect
