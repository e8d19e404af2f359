// SPDX-License-Identifier: Apache-2.0
#include "detect/hoard/hoard.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "detect/evidence.hpp"

namespace ward::detect {

void Hoard::see(const Seen& seen, Findings& findings) {
    if (!seen.is("smb") || !seen.has_ends() || seen.text("share_type") == "PIPE") return;
    const auto transfer = seen.own["transfer"];
    const bool is_read = count_of(transfer["read_bytes"]) > 0,
               is_written = count_of(transfer["written_bytes"]) > 0;
    if (!is_read && !is_written) return;
    auto& host = hosts_.at(seen.client, limits_);
    host.read.forget(seen.now);
    host.written.forget(seen.now);
    end_window(host, seen.now);
    if (is_read) host.read.add({seen.at, conversation_of(seen)}, seen.now);
    if (is_written) host.written.add({seen.at}, seen.now);
    host.in_window = std::max(host.in_window, host.read.size());
    if (host.read.size() <= std::max(limits_.read_max, limits_.usual_factor * host.most) ||
        host.written.size() * limits_.written_share >= host.read.size() ||
        (host.told && seen.now - *host.told < std::chrono::hours{24}))
        return;
    host.told = seen.now;
    findings.push_back(told(seen, host));
}

/// What was told teaches nothing.
void Hoard::end_window(Host& host, Time now) const {
    if (now < host.window_end) return;
    const bool was_told = host.told && host.window_end - *host.told <= limits_.window;
    if (!was_told) host.most = std::max(host.most, host.in_window);
    host.in_window = 0;
    host.window_end = now + limits_.window;
}

Finding Hoard::told(const Seen& seen, const Host& host) const {
    const auto minutes = limits_.window.count();
    Finding finding{
        .kind = "share-theft",
        .at = seen.now,
        // Servers copy shares every night, a nurse's computer never does.
        .severity = seen.client_serves ? Severity::medium : Severity::high,
        .confidence = 70,
        .sentence = fmt::format("The computer {} reads one document after the other from a share, far more "
                                "than it ever does: somebody may be collecting them.",
                                to_text(seen.client))};
    finding.facts = {
        {fmt::format("files read in {} minutes", minutes),
         fmt::format("at most {} by this computer before", host.most), std::to_string(host.read.size())},
        {"files written meanwhile", "", std::to_string(host.written.size())},
        {"share", "", std::string{seen.text("share")}}};
    weigh_serving(seen, finding);
    if (host.most > 0)
        finding.against.push_back(
            {"files that it read at once before", "", fmt::format("up to {}", host.most)});
    finding.harmless_if = "somebody searches, backs up or moves the share from this computer, and said so";
    finding.techniques = {"T1039"};
    finding.systems = {to_text(seen.client), to_text(seen.server)};
    Evidence evidence;
    for (const auto& one : host.read) evidence.add(one.event);
    finding.events = evidence.ids();
    return finding;
}

}   // namespace ward::detect
