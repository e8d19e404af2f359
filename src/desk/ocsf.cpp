// SPDX-License-Identifier: Apache-2.0
#include "desk/ocsf.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <span>

#include "core/address.hpp"
#include "desk/pattern.hpp"
#include "desk/technique.hpp"
#include "event/fields.hpp"

namespace ward::desk {
namespace {

struct Named {
    std::int64_t id;
    std::string_view name;
};
constexpr Named created{1, "Create"}, updated{2, "Update"}, closed{3, "Close"};
constexpr Named new_one{1, "New"}, in_progress{2, "In Progress"}, suppressed{3, "Suppressed"};

struct Progress {
    Named activity;
    Named status;
};

Progress progress_of(const Book& book, const KeptFinding& finding, const Standing& standing) {
    const auto effect = effect_of(book, finding);
    if (effect.is_explained()) return {closed, suppressed};
    if (effect.what == Effect::What::raised || standing.state == State::acknowledged ||
        standing.state == State::true_attack)
        return {updated, in_progress};
    return {created, new_one};
}

Named severity_of(detect::Severity severity) {
    constexpr std::array severities{Named{2, "Low"}, Named{3, "Medium"}, Named{4, "High"},
                                    Named{5, "Critical"}};
    return severities.at(static_cast<std::size_t>(severity));
}

Named confidence_of(int percent) {
    if (percent > 66) return {3, "High"};
    return percent > 33 ? Named{2, "Medium"} : Named{1, "Low"};
}

Named risk_level_of(double risk, const DeskLimits& limits) {
    constexpr std::array levels{Named{1, "Low"}, Named{2, "Medium"}, Named{3, "High"}, Named{4, "Critical"}};
    return levels.at(static_cast<std::size_t>(class_of(risk, limits)));
}

std::int64_t milliseconds(Time time) {
    return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

/// Numbers alone are those of one desk.
std::string uid(Time when, std::int64_t number) { return fmt::format("{}-{}", instant(when), number); }

void write_named(json::Writer& writer, std::string_view key, std::string_view key_of_id, Named named) {
    writer.key(key_of_id).number(named.id).member(key, named.name);
}

void write_attack(json::Writer& writer, std::string_view technique) {
    const auto dot = technique.find('.');
    writer.begin_object().member("version", "15");
    if (const auto tactic = tactic_of(technique); !tactic.empty())
        writer.key("tactic").begin_object().member("name", tactic).end_object();
    writer.key("technique").begin_object().member("uid", technique.substr(0, dot)).end_object();
    if (dot != std::string_view::npos)
        writer.key("sub_technique").begin_object().member("uid", technique).end_object();
    writer.end_object();
}

void write_conclusion(json::Writer& writer, const KeptFinding& finding, json::Value words) {
    writer.key("finding_info").begin_object();
    writer.member("uid", uid(finding.kept, finding.number)).member("title", finding.kind);
    writer.member("desc", words["sentence"].text());
    writer.key("types").begin_array().string(finding.kind).end_array();
    writer.key("created_time").number(milliseconds(finding.at));
    writer.key("analytic").begin_object().member("name", finding.kind).member("uid", finding.kind);
    write_named(writer, "type", "type_id",
                finding.kind == "foreign-alert" ? Named{1, "Rule"} : Named{2, "Behavioral"});
    writer.end_object();
    writer.key("attacks").begin_array();
    for (const auto technique : words["techniques"].items()) write_attack(writer, technique.text());
    writer.end_array();
    writer.key("related_events").begin_array();
    for (const auto event : words["events"].items())
        writer.begin_object().member("uid", event.text()).end_object();
    writer.end_array();
    writer.end_object();
}

std::string_view endpoint_key(const std::string& system) {
    return parse_ip_address(system) ? "ip" : "hostname";
}

void write_endpoint(json::Writer& writer, std::string_view key, const std::string& system) {
    writer.key(key).begin_object().member(endpoint_key(system), system).end_object();
}

/// Who did it, and to whom: one of each.
void write_evidences(json::Writer& writer, const KeptFinding& finding) {
    writer.key("evidences").begin_array();
    const auto reached = std::span{finding.systems}.subspan(1);
    for (std::size_t i = 0; i < std::max<std::size_t>(1, reached.size()); ++i) {
        writer.begin_object();
        write_endpoint(writer, "src_endpoint", finding.who());
        if (i < reached.size()) write_endpoint(writer, "dst_endpoint", reached[i]);
        writer.end_object();
    }
    writer.end_array();
}

void write_observables(json::Writer& writer, const KeptFinding& finding) {
    writer.key("observables").begin_array();
    for (std::size_t i = 0; i < finding.systems.size(); ++i) {
        const auto& system = finding.systems[i];
        const auto key = endpoint_key(system);
        writer.begin_object();
        writer.member("name", fmt::format("evidences[{}].{}.{}", i == 0 ? 0 : i - 1,
                                          i == 0 ? "src_endpoint" : "dst_endpoint", key));
        write_named(writer, "type", "type_id", key == "ip" ? Named{2, "IP Address"} : Named{1, "Hostname"});
        writer.member("value", system);
        writer.end_object();
    }
    writer.end_array();
}

/// What the schema has no place for, as Ward names it.
void write_unmapped(json::Writer& writer, const Standing& standing, json::Value words) {
    writer.key("unmapped").begin_object();
    writer.key("case").number(standing.in_case).member("state", name(standing.state));
    writer.key("level").number(standing.level);
    for (const auto* key : {"facts", "against", "harmless_if"})
        if (words[key].exists()) writer.key(key).value(words[key]);
    writer.end_object();
}

void append(std::string& out, const Book& book, const Standing& standing, const KeptFinding& finding,
            json::Value words, const DeskLimits& limits) {
    constexpr std::int64_t category = 2, class_uid = 2004;
    const auto [activity, status] = progress_of(book, finding, standing);
    json::Writer writer{out};
    writer.begin_object();
    write_named(writer, "activity_name", "activity_id", activity);
    writer.key("category_uid").number(category).member("category_name", "Findings");
    writer.key("class_uid").number(class_uid).member("class_name", "Detection Finding");
    writer.key("type_uid").number(class_uid * 100 + activity.id);
    writer.key("time").number(milliseconds(finding.at));
    writer.member("message", words["sentence"].text());
    write_named(writer, "severity", "severity_id", severity_of(finding.severity));
    write_named(writer, "status", "status_id", status);
    write_named(writer, "confidence", "confidence_id", confidence_of(finding.confidence));
    writer.key("confidence_score").number(finding.confidence);
    write_named(writer, "risk_level", "risk_level_id", risk_level_of(standing.risk, limits));
    writer.key("risk_score").number(std::lround(standing.risk * 100));
    writer.key("metadata").begin_object().member("version", "1.4.0").member("event_code", finding.kind);
    writer.member("correlation_uid", uid(standing.opened, standing.in_case));
    writer.key("product").begin_object().member("name", "Ward").member("vendor_name", "Ward").end_object();
    writer.end_object();
    write_conclusion(writer, finding, words);
    write_evidences(writer, finding);
    write_observables(writer, finding);
    write_unmapped(writer, standing, words);
    writer.end_object();
    out += '\n';
}

}   // namespace

std::string to_ocsf(const Book& book, const Standing& standing, const Words& words,
                    const DeskLimits& limits) {
    std::string out;
    for (const auto number : standing.findings) {
        const auto document = json::Document::parse(words.at(number));
        if (document) append(out, book, standing, book.finding(number), document->root(), limits);
    }
    return out;
}

}   // namespace ward::desk
