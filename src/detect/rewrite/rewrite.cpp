// SPDX-License-Identifier: Apache-2.0
#include "detect/rewrite/rewrite.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ward::detect {
namespace {

constexpr std::size_t done_max = 8'192;   // kept of one client

bool has_another_extension(const Seen& seen) {
    return seen.text("action") == "renamed" && seen.own["renamed_to"].exists() &&
           seen.own["renamed_to"]["extension"].text() != seen.own["file"]["extension"].text();
}

}   // namespace

void Rewrite::see(const Seen& seen, Findings& findings) {
    if (!seen.is("smb")) return;
    const auto transfer = seen.own["transfer"];
    const auto read = transfer["read_bytes"].number().value_or(0);
    const auto written = transfer["written_bytes"].number().value_or(0);
    const bool is_renamed = has_another_extension(seen);
    if (read == 0 && written == 0 && !is_renamed) return;
    auto& client = clients_.at(seen.client);
    forget(client, seen.at);
    if (client.done.empty()) client.evidence.clear();
    if (read > 0) note(client, {seen.at, Doing::read});
    if (written > 0) note(client, {seen.at, Doing::written, static_cast<std::uint64_t>(written)});
    if (is_renamed) note(client, {seen.at, Doing::renamed});
    client.evidence.add(conversation_of(seen));
    const auto most = limits_.renamed_max;
    if (client.renamed <= most || client.written <= most || client.read <= most ||
        notes(client) <= limits_.notes_max || seen.at - client.told < limits_.window)
        return;
    client.told = seen.at;
    findings.push_back(told(seen, client));
}

void Rewrite::note(Client& client, Done done) {
    if (client.done.size() == done_max) return;
    client.done.push_back(done);
    client.read += done.doing == Doing::read ? 1 : 0;
    client.renamed += done.doing == Doing::renamed ? 1 : 0;
    if (done.doing != Doing::written) return;
    ++client.written;
    ++client.sizes[done.bytes];
}

void Rewrite::forget(Client& client, Time now) const {
    while (!client.done.empty() && now - client.done.front().at > limits_.window) {
        const auto& oldest = client.done.front();
        client.read -= oldest.doing == Doing::read ? 1 : 0;
        client.renamed -= oldest.doing == Doing::renamed ? 1 : 0;
        if (oldest.doing == Doing::written) {
            --client.written;
            const auto size = client.sizes.find(oldest.bytes);
            if (--size->second == 0) client.sizes.erase(size);
        }
        client.done.pop_front();
    }
}

/// New files that are all of one size: what is rewritten has many.
std::size_t Rewrite::notes(const Client& client) {
    std::size_t most = 0;
    for (const auto& [_, count] : client.sizes) most = std::max(most, count);
    return most;
}

Finding Rewrite::told(const Seen& seen, const Client& client) const {
    const auto minutes = limits_.window.count();
    const auto usual = [&](std::size_t most) {
        return fmt::format("at most {} in {} minutes", most, minutes);
    };
    Finding finding{
        .kind = "ransomware",
        .at = seen.at,
        .severity = Severity::critical,
        .confidence = 90,
        .sentence = fmt::format("The computer {} is making the files of a share unreadable, and leaves "
                                "a note in each folder.",
                                to_text(seen.client))};
    finding.facts = {
        {"files that got another extension", usual(limits_.renamed_max), std::to_string(client.renamed)},
        {"files rewritten", usual(limits_.renamed_max), std::to_string(client.written)},
        {"files of the same size among them", usual(limits_.notes_max), std::to_string(notes(client))},
        {"share", "", std::string{seen.text("share")}}};
    finding.harmless_if =
        "a program that converts or protects documents was started, and leaves a file of its own";
    finding.techniques = {"T1486"};
    finding.systems = {to_text(seen.client), to_text(seen.server)};
    finding.events = client.evidence.ids();
    return finding;
}

}   // namespace ward::detect
