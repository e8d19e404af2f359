// SPDX-License-Identifier: Apache-2.0
#include "detect/collected/collected.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "detect/evidence.hpp"

namespace ward::detect {
namespace {

/// PS3.4, annex C: of the models to query and retrieve, not of worklists.
bool is_query(const Seen& seen, std::string_view command) {
    return seen.text("command") == command && seen.text("from") == "client" &&
           seen.text("sop_class_name").find("QueryRetrieve") != std::string_view::npos;
}

bool is_retrieval(const Seen& seen) {
    return (is_query(seen, "C-MOVE") || is_query(seen, "C-GET")) &&
           (seen.text("status_meaning") == "success" || count_of(seen.own["suboperations"]["completed"]) > 0);
}

}   // namespace

void Collected::see(const Seen& seen, Findings& findings) {
    newcomers_.see(seen);
    if (!seen.is("dicom") || !seen.has_ends()) return;
    const bool is_search = is_query(seen, "C-FIND");
    if (!is_search && !is_retrieval(seen)) return;
    auto& host = hosts_.at(seen.client, limits_);
    if (is_search) ++host.searches;
    if (is_search || !fetch(seen, host)) return;
    const bool is_new = newcomers_.is_new(seen.client, seen.now);
    if (!is_too_much(host, is_new)) return;
    if (host.told && seen.now - *host.told < limits_.window) return;
    host.told = seen.now;
    findings.push_back(told(seen, host, is_new));
}

/// False if it was of a study that counts already.
bool Collected::fetch(const Seen& seen, Host& host) const {
    const auto level = seen.own["query"]["level"].text();
    if (level == "SERIES" || level == "IMAGE") {
        const bool is_more = host.last_part && seen.at - *host.last_part < limits_.series;
        host.last_part = seen.at;
        if (is_more) return false;
    }
    if (seen.at - host.day_begin >= limits_.usual_day) {
        if (host.of_day > 0) host.busiest = std::max(host.of_day, host.busiest.value_or(0));
        host.day_begin = seen.at;
        host.of_day = 0;
    }
    ++host.of_day;
    host.studies.forget(seen.now);
    const auto destination = seen.text("move_destination");
    const bool is_own = destination.empty() || destination == seen.text("calling");
    return host.studies.add(
        {seen.at, seen.server, is_own ? std::string{} : std::string{destination}, conversation_of(seen)},
        seen.now);
}

bool Collected::is_too_much(const Host& host, bool is_new) const {
    const auto studies = host.studies.size();
    if (is_new) return studies > limits_.new_max;
    return host.busiest && studies > limits_.known_max && studies > limits_.usual_times * *host.busiest;
}

Finding Collected::told(const Seen& seen, const Host& host, bool is_new) const {
    const auto who = to_text(seen.client);
    const auto studies = host.studies.size();
    const auto elsewhere =
        std::ranges::count_if(host.studies, [](const Study& one) { return !one.sent_to.empty(); });
    Finding finding{
        .kind = "images-collected",
        .at = seen.now,
        .severity = Severity::high,
        .confidence = is_new ? 65 : 55,
        .sentence = is_new ? fmt::format("{}, which nobody saw in the network before today, fetches the "
                                         "pictures of one patient after the other from the archive.",
                                         who)
                           : fmt::format("{} fetches the pictures of far more patients from the archive "
                                         "than it ever does.",
                                         who)};
    finding.facts = {{fmt::format("studies fetched in {} hours", limits_.window.count()),
                      is_new ? fmt::format("at most {} of a host that is new", limits_.new_max)
                             : fmt::format("at most {} in a day", *host.busiest),
                      std::to_string(studies)},
                     {"searches in the archive", "", std::to_string(host.searches)},
                     {"studies that it had sent to other machines", "few", std::to_string(elsewhere)},
                     {"in the network since", is_new ? "long ago" : "", is_new ? "today" : "before today"}};
    if (!is_new) finding.against.push_back({"in the network since", "", "before today"});
    weigh_serving(seen, finding);
    if (elsewhere == 0) finding.against.push_back({"studies that it had sent to other machines", "", "none"});
    finding.harmless_if = "a workstation for pictures, or an archive, was put into service";
    finding.techniques = {"T1213"};
    finding.systems = {who, to_text(seen.server)};
    Evidence evidence;
    for (const auto& one : host.studies) evidence.add(one.event);
    finding.events = evidence.ids();
    return finding;
}

}   // namespace ward::detect
