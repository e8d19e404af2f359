// SPDX-License-Identifier: Apache-2.0
#include "segment/outside.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "detect/evidence.hpp"
#include "event/fields.hpp"

namespace ward::segment {

std::optional<Ends> outside_of(const Borders& borders, Roles& roles, const Talk& talk) {
    const Ends ends{borders.zone_of(talk.client, roles.of(talk.client)),
                    borders.zone_of(talk.server, roles.of(talk.server))};
    if (ends.from == borders.outside() && ends.to == borders.outside()) return std::nullopt;
    if (borders.allows(ends.from, ends.to, talk.protocol, talk.port)) return std::nullopt;
    if (!talk.is_whole && borders.allows(ends.to, ends.from, talk.protocol, talk.client_port))
        return std::nullopt;
    return ends;
}

void Outside::see(const Seen& seen) {
    roles_.learn(seen);
    if (!seen.is("flow")) return;
    const auto read = talk_of(seen);
    if (const auto* not_judged = std::get_if<NotJudged>(&read)) {
        ++(*not_judged == NotJudged::unrouted ? counts_.unrouted : counts_.other);
        return;
    }
    const auto& talk = std::get<Talk>(read);
    ++counts_.flows;
    const auto ends = outside_of(borders_, roles_, talk);
    if (!ends) return;
    ++counts_.outside;
    const Key key{ends->from, ends->to, talk.protocol, talk.port};
    if (rows_.size() >= limits_.rows_max && !rows_.contains(key)) {
        ++counts_.not_kept;
        return;
    }
    const auto [place, is_new] = rows_.try_emplace(key, Row{.from = ends->from,
                                                            .to = ends->to,
                                                            .protocol = talk.protocol,
                                                            .port = talk.port,
                                                            .first = seen.at,
                                                            .last = seen.at});
    auto& row = place->second;
    count(row, talk);
    row.first = std::min(row.first, seen.at);
    row.last = std::max(row.last, seen.at);
    auto id = detect::conversation_of(seen);
    if (!id.empty() && row.events.size() < limits_.events_max &&
        std::ranges::find(row.events, id) == row.events.end())
        row.events.push_back(std::move(id));
}

/// Space-saving (Metwally, Agrawal, El Abbadi 2005): whoever is frequent is among those that are counted.
void Outside::count(Row& row, const Talk& talk) const {
    ++row.flows;
    if (talk.is_answered) ++row.answered;
    for (auto& one : row.talkers)
        if (one.client == talk.client) {
            ++one.flows;
            return;
        }
    if (row.talkers.size() < limits_.talkers_max) {
        row.talkers.push_back({talk.client, talk.server, 1, 0});
        return;
    }
    const auto least = std::ranges::min_element(row.talkers, {}, &Talker::flows);
    *least = {talk.client, talk.server, least->flows + 1, least->flows};
}

std::vector<Outside::Row> Outside::rows() const {
    std::vector<Row> rows;
    for (const auto& [key, row] : rows_) {
        rows.push_back(row);
        auto& talkers = rows.back().talkers;
        std::ranges::stable_sort(talkers, std::ranges::greater{},
                                 [](const Talker& one) { return one.flows - one.others; });
        talkers.resize(std::min(talkers.size(), limits_.talkers_told));
    }
    std::ranges::stable_sort(rows, std::ranges::greater{}, &Row::flows);
    return rows;
}

std::string Outside::text() const {
    std::string out;
    for (const auto& row : rows()) {
        std::string first, last;
        event::append_text(first, row.first);
        event::append_text(last, row.last);
        out += fmt::format("{} to {}, {} {}: {} flows, {} answered, {} to {}\n", borders_.name(row.from),
                           borders_.name(row.to), name(row.protocol), row.port, row.flows, row.answered,
                           first.substr(0, 19), last.substr(0, 19));
        for (const auto& one : row.talkers)
            out += fmt::format("    {}, first to {}: {} flows\n", to_text(one.client), to_text(one.server),
                               one.flows - one.others);
    }
    return out;
}

std::string Outside::json() const {
    std::string out;
    for (const auto& row : rows()) {
        json::Writer writer{out};
        event::Fields fields{writer};
        writer.begin_object();
        fields("from", borders_.name(row.from));
        fields("to", borders_.name(row.to));
        fields("protocol", name(row.protocol));
        fields("port", row.port);
        fields("flows", row.flows);
        fields("answered", row.answered);
        fields("first", row.first);
        fields("last", row.last);
        writer.key("talkers").begin_array();
        for (const auto& one : row.talkers) {
            writer.begin_object();
            fields("client", one.client);
            fields("server", one.server);
            fields("flows", one.flows - one.others);
            writer.end_object();
        }
        writer.end_array();
        fields("events", row.events);
        writer.end_object();
        out += '\n';
    }
    return out;
}

}   // namespace ward::segment
