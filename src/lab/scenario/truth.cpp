// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/truth.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "json/writer.hpp"
#include "lab/feeds/audit.hpp"
#include "lab/feeds/audit_terms.hpp"

namespace ward::lab {
namespace {

template <class Texts>
void list(json::Writer& writer, std::string_view name, const Texts& texts) {
    writer.key(name).begin_array();
    for (const auto& text : texts) writer.string(text);
    writer.end_array();
}

void write(json::Writer& writer, const std::vector<Forbidden>& all) {
    writer.key("must_not").begin_array();
    for (const auto& one : all) {
        writer.begin_object().member("action", one.action);
        list(writer, "targets", one.targets);
        writer.member("from", instant(one.from)).member("until", instant(one.until));
        writer.member("why", one.why).end_object();
    }
    writer.end_array();
}

}   // namespace

Truth::Truth(const Scenario& scenario) : deeds_(scenario.steps.size()) {
    for (std::uint32_t i = 0; i < deeds_.size(); ++i) deeds_[i].label = i + 1;
}

Deed& Truth::deed_at(std::uint32_t label, Moment at) {
    auto& deed = deeds_.at(label - 1);
    if (!deed.came_to_pass) deed.first = deed.last = at;
    deed.came_to_pass = true;
    deed.last = std::max(deed.last, at);
    return deed;
}

void Truth::see(const Act& act, const Story& story) {
    if (const auto* taken = std::get_if<StudyTaken>(&act.what)) console_use_.see(*taken, act.at, story);
    if (act.label == 0) return;
    auto& deed = deed_at(act.label, act.at);
    // What is broken or forged names somebody who has nothing to do with it.
    const auto* broken = std::get_if<EntryBroken>(&act.what);
    if (broken != nullptr) {
        const auto& from = story.network().at(broken->workstation);
        deed.systems.insert({from.name, to_text(from.address)});
    } else if (act.by && !std::holds_alternative<MessageForged>(act.what)) {
        deed.people.insert(story.hospital().at(*act.by).login);
    }
    if (const auto* opened = std::get_if<ChartOpened>(&act.what))
        deed.patients.insert(story.at(opened->patient).mrn);
    if (const auto* sent = std::get_if<MailSent>(&act.what)) note_letter(deed, *sent, story);
    if (const auto* touched = std::get_if<FileTouched>(&act.what)) {
        deed.people.insert(touched->user);
        if (touched->patient) deed.patients.insert(story.at(*touched->patient).mrn);
        deed.events.push_back(fmt::format("file:{}", act.number));
    }
    if (const auto* used = std::get_if<NetworkUsed>(&act.what)) note_use(deed, *used, story);
    if (const auto* forged = std::get_if<MessageForged>(&act.what)) note_forged(deed, *forged, story);
    if (const auto* moved = std::get_if<SystemMoved>(&act.what)) {
        const auto& to = story.network().at(moved->to);
        deed.systems.insert({to.name, to_text(to.address)});
    }
    if (is_audited(act)) deed.events.push_back(fmt::format("audit:{}", act.number));
}

/// Whoever got it is one of its people too, and the domain of a sender outside one of its systems.
void Truth::note_letter(Deed& deed, const MailSent& sent, const Story& story) {
    for (const auto reader : sent.readers) deed.people.insert(story.hospital().at(reader).login);
    const auto& address = sent.letter.from.address;
    if (sent.letter.checks) deed.systems.insert(address.substr(address.find('@') + 1));
    deed.events.push_back("mail:" + sent.letter.id);
}

void Truth::see(const Hl7Message& message, std::uint64_t place) {
    if (message.label == 0) return;
    const auto name = message.control_id.empty() ? fmt::format("@{}", place) : message.control_id;
    deed_at(message.label, message.at).events.push_back("hl7:" + name);
}

void Truth::note_entry(std::uint32_t label, Moment at, std::uint64_t place) {
    if (label != 0) deed_at(label, at).events.push_back(fmt::format("atna:@{}", place));
}

void Truth::note_forged(Deed& deed, const MessageForged& forged, const Story& story) {
    const auto& from = story.network().at(forged.from);
    deed.systems.insert({from.name, to_text(from.address)});
    if (const auto* changed = std::get_if<PatientChanged>(&forged.what)) {
        deed.patients.insert(story.at(changed->patient).mrn);
        if (changed->other) deed.patients.insert(story.at(*changed->other).mrn);
    }
    if (const auto* result = std::get_if<ForgedResult>(&forged.what))
        deed.patients.insert(story.at(story.at(story.at(result->order).encounter).patient).mrn);
}

void Truth::see(const Frame& frame) {
    if (frame.label == 0) return;
    auto& deed = deed_at(frame.label, frame.at);
    const auto key = flow_key(frame.bytes);
    if (key && deed.flows.insert(*key).second) deed.events.push_back("flow:" + community_id(*key));
}

/// From where, and where to: a sensor may know either by no name.
void Truth::note_use(Deed& deed, const NetworkUsed& used, const Story& story) {
    const auto& from = story.network().at(used.from);
    deed.systems.insert({from.name, to_text(from.address)});
    if (!used.account.empty()) deed.people.insert(used.account);
    if (const auto* called = std::get_if<SiteCalled>(&used.use))
        deed.systems.insert({called->host, to_text(address_outside(called->host))});
    const auto note_other = [&](DeviceId other) {
        deed.systems.insert({story.network().at(other).name, to_text(story.network().at(other).address)});
    };
    if (const auto* started = std::get_if<ProgramStarted>(&used.use)) note_other(started->on);
    if (const auto* taken = std::get_if<DeskTaken>(&used.use)) note_other(taken->on);
    const auto* spoken = std::get_if<OldSmbSpoken>(&used.use);
    if (spoken != nullptr && spoken->what == OldSmbSpoken::What::overrun) note_other(spoken->with);
    const auto* on_device = std::get_if<DeviceUse>(&used.use);
    if (const auto target = on_device != nullptr ? target_of(*on_device) : std::nullopt)
        deed.systems.insert({story.network().at(*target).name, to_text(story.network().at(*target).address)});
    note_edge(deed, used.use, story);
}

/// Who comes in from outside is known by where they come from; the address is not a name's.
void Truth::note_edge(Deed& deed, const NetworkUse& use, const Story& story) {
    if (const auto* tunnel = std::get_if<TunnelChanged>(&use)) deed.systems.insert(to_text(tunnel->from));
    if (const auto* called = std::get_if<PartnerCalled>(&use)) {
        const auto& partner = story.outsiders().at(called->partner);
        deed.systems.insert({partner.name, partner.host, to_text(called->from)});
    }
    if (const auto* came = std::get_if<VendorCame>(&use))
        deed.systems.insert({story.outsiders().at(came->vendor).name, to_text(came->from)});
    if (const auto* worked = std::get_if<MachineWorkedOn>(&use)) {
        const auto& target = story.network().at(worked->target);
        deed.systems.insert({target.name, to_text(target.address)});
    }
}

void Truth::note_silence(std::uint32_t label, std::vector<std::string> systems, Moment from, Moment until) {
    for (auto& system : systems) deed_at(label, from).systems.insert(std::move(system));
    deed_at(label, until);
}

std::string Truth::json(const Story& story, const Scenario& scenario, std::uint64_t seed) const {
    std::string json;
    json::Writer writer{json};
    writer.begin_object().member("scenario", scenario.name).member("title", scenario.title);
    writer.member("size", name_of(story.hospital().size)).key("seed").string(std::to_string(seed));
    writer.member("begin", instant(story.begin()));
    writer.member("end", instant(story.now()));
    writer.key("steps").begin_array();
    const Forbidding forbidding{story, scenario, deeds_, console_use_};
    for (const auto& deed : deeds_) {
        if (!deed.came_to_pass) continue;
        const auto& step = scenario.steps[deed.label - 1];
        writer.begin_object().member("id", step.id).key("attack").boolean(step.is_attack);
        writer.member("finding", step.find).member_unless_empty("technique", step.technique);
        writer.member("first", instant(deed.first)).member("last", instant(deed.last));
        if (step.is_attack)
            writer.member("find_by",
                          instant((step.is_due_from_first ? deed.first : deed.last) + step.within));
        list(writer, "people", deed.people);
        list(writer, "patients", deed.patients);
        list(writer, "systems", deed.systems);
        list(writer, "events", deed.events);
        write(writer, forbidding.of(deed));
        writer.end_object();
    }
    writer.end_array().end_object();
    json += '\n';
    return json;
}

}   // namespace ward::lab
