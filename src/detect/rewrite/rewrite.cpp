// SPDX-License-Identifier: Apache-2.0
#include "detect/rewrite/rewrite.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <ranges>

#include "detect/evidence.hpp"

namespace ward::detect {
namespace {

std::string_view extension_of(json::Value file) { return file["extension"].text(); }

/// From an extension that programs have to one that none has. Office programs save by way of `tmp`.
bool is_made_unknown(const Seen& seen) {
    constexpr std::string_view unknown = "other";   // docs/formats/events.md
    const auto before = extension_of(seen.own["file"]);
    return seen.text("action") == "renamed" && extension_of(seen.own["renamed_to"]) == unknown &&
           before != unknown && before != "tmp" && !before.empty();
}

bool is_creation(const Seen& seen) {
    return seen.text("disposition") == "FILE_CREATE" && !seen.own["directory"].boolean().value_or(false);
}

}   // namespace

void Rewrite::see(const Seen& seen, Findings& findings) {
    if (!seen.is("smb") || !seen.has_ends()) return;
    const bool is_renamed = is_made_unknown(seen), is_created = is_creation(seen);
    const bool is_written = count_of(seen.own["transfer"]["written_bytes"]) > 0;
    if (!is_renamed && !is_created && !is_written) return;
    auto& client = clients_.at(seen.client, limits_);
    forget(client, seen.now);
    if (is_renamed) client.renamed.add({seen.at, conversation_of(seen)}, seen.now);
    if (is_created) {
        if (client.open.size() == limits_.open_max) client.open.erase(client.open.begin());
        const auto file = seen.own["file"];
        client.open.push_back({seen.at, seen.flow_id, std::hash<std::string_view>{}(extension_of(file)),
                               count_of(file["depth"])});
    }
    if (is_written) close(seen, client);
    if (client.renamed.size() <= limits_.renamed_max || client.written.size() <= limits_.renamed_max ||
        client.notes.empty() || (client.told && seen.now - *client.told < limits_.window))
        return;
    const auto notes = std::ranges::max(client.notes | std::views::values);
    if (notes <= limits_.notes_max) return;
    client.told = seen.now;
    findings.push_back(told(seen, client, notes));
}

/// A written file is closed: was it a new one?
void Rewrite::close(const Seen& seen, Client& client) {
    client.written.add({seen.at}, seen.now);
    const auto file = seen.own["file"];
    const auto extension = std::hash<std::string_view>{}(extension_of(file));
    const auto opened = std::ranges::find_if(client.open, [&](const Open& one) {
        return one.flow_id == seen.flow_id && one.extension == extension &&
               one.depth == count_of(file["depth"]);
    });
    if (opened == client.open.end()) return;
    client.open.erase(opened);
    const Note note{extension, count_of(seen.own["transfer"]["written_bytes"])};
    const auto uncount = [&client](const Left& gone) { client.uncount(gone.note); };
    if (client.left.add({seen.at, note}, seen.now, uncount)) ++client.notes[note];
}

void Rewrite::forget(Client& client, Time now) const {
    client.renamed.forget(now);
    client.written.forget(now);
    client.left.forget(now, [&client](const Left& gone) { client.uncount(gone.note); });
    std::erase_if(client.open, [&](const Open& one) { return now - one.at > limits_.window; });
}

Finding Rewrite::told(const Seen& seen, const Client& client, std::size_t notes) const {
    const auto minutes = limits_.window.count();
    const auto in_window = [&](std::string_view what) {
        return fmt::format("{} in {} minutes", what, minutes);
    };
    const auto at_most = [](std::size_t most) { return fmt::format("at most {}", most); };
    Finding finding{
        .kind = "ransomware",
        .at = seen.now,
        .severity = Severity::critical,
        .confidence = 90,
        .sentence = fmt::format("The computer {} is making the files of a share unreadable, and leaves "
                                "the same note in one folder after the other.",
                                to_text(seen.client))};
    finding.facts = {
        {in_window("files that got an extension that no program has"), at_most(limits_.renamed_max),
         std::to_string(client.renamed.size())},
        {in_window("files written"), "", std::to_string(client.written.size())},
        {in_window("new files of the same kind and size"), at_most(limits_.notes_max), std::to_string(notes)},
        {"share", "", std::string{seen.text("share")}}};
    weigh_serving(seen, finding);
    finding.harmless_if =
        "a program that converts or protects documents was started, and leaves a file of its own";
    finding.techniques = {"T1486"};
    finding.systems = {to_text(seen.client), to_text(seen.server)};
    Evidence evidence;
    for (const auto& one : client.renamed) evidence.add(one.event);
    finding.events = evidence.ids();
    return finding;
}

}   // namespace ward::detect
