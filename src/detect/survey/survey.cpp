// SPDX-License-Identifier: Apache-2.0
#include "detect/survey/survey.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "detect/evidence.hpp"

namespace ward::detect {
namespace {

/// What says of which kind an entry is, and nothing of which one.
bool names_a_kind(std::string_view attribute) {
    static constexpr std::array kinds{"objectCategory",     "objectClass", "sAMAccountType",
                                      "userAccountControl", "groupType",   "adminCount"};
    return std::ranges::find(kinds, attribute) != kinds.end();
}

bool is_list(const Seen& seen) {
    if (!seen.is("ldap") || seen.text("operation") != "search_request" || seen.text("scope") == "base_object")
        return false;
    const auto by = seen.own["filter_attributes"].items();
    return std::ranges::all_of(by, [](json::Value attribute) { return names_a_kind(attribute.text()); });
}

}   // namespace

void Survey::see(const Seen& seen, Findings& findings) {
    if (!seen.has_ends() || !is_list(seen)) return;
    const auto entries = count_of(seen.own["entries"]);
    if (entries < limits_.entries_min) return;
    auto& host = hosts_.at(seen.client, limits_);
    host.lists.forget(seen.now);
    if (std::ranges::find(host.lists, entries, &List::entries) != host.lists.end()) return;
    host.lists.add({seen.at, entries, conversation_of(seen)}, seen.now);
    if (host.lists.size() <= limits_.lists_max) return;
    if (host.told && seen.now - *host.told < limits_.told_for) return;
    host.told = seen.now;
    findings.push_back(told(seen, host));
}

Finding Survey::told(const Seen& seen, const Host& host) const {
    std::uint64_t entries = 0;
    Evidence evidence;
    for (const auto& list : host.lists) {
        entries += list.entries;
        evidence.add(list.event);
    }
    Finding finding{
        .kind = "directory-survey",
        .at = seen.now,
        .severity = seen.client_serves ? Severity::medium : Severity::high,
        .confidence = 50,
        .sentence = fmt::format("The computer {} lists who and what there is in the hospital's directory, as "
                                "somebody does who looks for where to go next.",
                                to_text(seen.client))};
    finding.facts = {{fmt::format("lists in {} minutes, each of another kind", limits_.window.count()),
                      fmt::format("at most {}", limits_.lists_max), std::to_string(host.lists.size())},
                     {"entries in them", "the few that a program looks up", std::to_string(entries)},
                     {"others that this computer serves", "many, of a server that keeps accounts",
                      seen.client_serves ? "many" : "few or none"}};
    weigh_serving(seen, finding);
    finding.harmless_if = "an inventory of accounts and computers is made from here";
    finding.techniques = {"T1087.002", "T1018", "T1069.002", "T1482"};
    finding.systems = {to_text(seen.client), to_text(seen.server)};
    finding.events = evidence.ids();
    return finding;
}

}   // namespace ward::detect
