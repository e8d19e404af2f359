// SPDX-License-Identifier: Apache-2.0
#include "feeds/charting.hpp"

#include <algorithm>
#include <deque>
#include <fmt/format.h>
#include <set>

#include "feeds/intake.hpp"
#include "feeds/update.hpp"
#include "fhir/audit_event.hpp"
#include "hl7/charset.hpp"
#include "json/writer.hpp"
#include "vault/search.hpp"
#include "vault/tokens.hpp"
#include "vault/writing.hpp"

namespace ward::feeds {
namespace {

using fhir::ResourceType;
using fhir::v2::Mapped;
using fhir::v2::Mapping;

constexpr std::size_t places_bytes_max = 2'000;                  // of the list of what was not mapped
constexpr std::size_t targets_max = 5'000;                       // of a Provenance
constexpr std::size_t moved_bytes_max = std::size_t{16} << 20;   // of a chart, in one commit

/// Where things stand that were not mapped, as "ZPI-1 unknown_segment; …".
class Places {
public:
    void add(std::string_view segment, std::size_t occurrence, std::size_t field, std::string_view reason) {
        ++count_;
        if (text_.size() > places_bytes_max) return;
        if (!text_.empty()) text_ += "; ";
        // A name comes from the message: what is none may be somebody's.
        const bool is_name = segment.size() == 3 && std::ranges::all_of(segment, [](char c) {
                                 return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
                             });
        text_ += is_name ? segment : "?";
        if (occurrence > 1) text_ += fmt::format("[{}]", occurrence);
        if (field > 0) text_ += fmt::format("-{}", field);
        text_ += fmt::format(" {}", reason);
    }
    void add_more(std::size_t count) { count_ += count; }
    std::size_t count() const { return count_; }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
    std::size_t count_ = 0;
};

/// What is staged of one resource: what it says now, to be sealed once all is known.
struct Staged {
    ResourceType type{};
    std::string id;
    std::optional<vault::StoredVersion> replaces;
    std::string json;
    const fhir::LinkMap* links = nullptr;
};

class Charting {
public:
    Charting(vault::Vault& vault, Placing& placing, const Feed& feed, const Received& message)
        : vault_(vault), placing_(placing), feed_(feed), message_(message) {
        caller_.client_id = feed.name;
        caller_.sight = sight_of_feeds();
        caller_.now = vault.clock().now();
    }

    Result<vault::ChangeSet> run() {
        const auto text = hl7::to_utf8(message_.text, feed_.charset);
        if (!text) return conclude_unread(text.error());
        const auto parsed = hl7::Message::parse(*text);
        if (!parsed) return conclude_unread(parsed.error());
        is_administrative_ = parsed->header()[9][1].raw() == "ADT";
        auto mapping = TRY(mapped(*parsed));
        if (!mapping.event.empty()) event_ = TRY(json::Document::parse(mapping.event));
        for (const auto& resource : mapping.resources) TRY(stage(resource));
        for (const auto& merge : mapping.merges) {
            TRY(stage_merge(merge));
            if (!moves_on_from_.empty()) return conclude_part();
        }
        for (const auto& missed : mapping.unmapped)
            places_.add(missed.segment, missed.occurrence, missed.field, fhir::v2::name_of(missed.reason));
        places_.add_more(mapping.unmapped_total - std::min(mapping.unmapped_total, mapping.unmapped.size()));
        for (auto& staged : staged_) TRY(seal(staged));
        if (!mapping.merges.empty()) placing_.forget_all();
        return conclude();
    }

    Result<vault::ChangeSet> conclude_unread(const hl7::Fault& fault) {
        places_.add(fault.segment, fault.occurrence, fault.field, fault.what);
        return conclude();
    }

private:
    /// Maps, and once more if a patient turns out to be one whom the hospital knows under another id.
    Result<Mapping> mapped(const hl7::Message& message) {
        const auto ids = [this](ResourceType type, std::string_view identity) {
            return placing_.id_of(type, identity);
        };
        const fhir::v2::Sender sender{.name = feed_.name, .zone = feed_.zone};
        auto mapping = fhir::v2::map(message, ids, sender);
        bool again = false;
        for (const auto& resource : mapping.resources)
            if (resource.type == ResourceType::patient && TRY(find_patient(resource))) again = true;
        for (const auto& merge : mapping.merges)
            if (TRY(find_patient(merge.subsumed))) again = true;
        return again ? fhir::v2::map(message, ids, sender) : std::move(mapping);
    }

    /// Whether the identity means another record than was assumed.
    Result<bool> find_patient(const Mapped& patient) {
        auto id = TRY(placing_.merges_of(patient.id)).back();
        if (id == patient.id && !TRY(exists(patient.id))) {
            auto known = TRY(placing_.known_patient(patient));
            if (!known.id.empty()) id = std::move(known.id);
            // Nor may a message that is mapped at the same time make one.
            if (id == patient.id) std::ranges::move(known.observed, std::back_inserter(changes_.observed));
        }
        if (id == patient.id) return false;
        placing_.remember(patient.identity, id);
        return true;
    }

    Result<bool> exists(std::string_view patient) const {
        return vault::is_there(TRY(stored(vault_, ResourceType::patient, patient)).row);
    }

    /// Admissions say how patients and their stays are; of other messages, what they repeat of it is taken
    /// only where nothing is known yet.
    bool keeps_stored(ResourceType type) const {
        return !is_administrative_ && (type == ResourceType::patient || type == ResourceType::encounter);
    }

    Result<> stage(const Mapped& resource) {
        // The message is kept whole, and Provenance leads to it: that is more than a MessageHeader says.
        if (resource.type == ResourceType::message_header) return {};
        const auto said =
            TRY(json::Document::parse(resource.json, {.bytes_max = vault::BodyLimits{}.json_bytes_max}));
        auto current = TRY(stored(vault_, resource.type, resource.id));
        if (current.document && keeps_stored(resource.type)) return {};
        const bool is_superseded = current.row && current.row->seq > message_.seq;
        if (is_superseded && !current.document) return {};   // whoever removed it knew of the message
        auto json = updated({current.resource(), said.root(), resource.cleared, resource.assumed, message_.id,
                             is_superseded});
        if (json.empty()) return {};
        staged_.push_back({resource.type, resource.id, std::move(current.row), std::move(json), nullptr});
        said_.emplace(resource.type, resource.id);
        return {};
    }

    Result<> stage_merge(const fhir::v2::Merge& merge);
    Result<> move_chart(const std::string& from, const std::string& to);
    std::string patient_with_link(json::Value patient, std::string_view id, std::string_view other,
                                  std::string_view type, json::Value further_identifiers) const;
    Staged& staged_patient(const std::string& id);

    Result<> seal(Staged& staged) {
        const auto document =
            TRY(json::Document::parse(staged.json, {.bytes_max = vault::BodyLimits{}.json_bytes_max}));
        auto prepared = vault::prepare(
            vault_, caller_, {staged.type, staged.id, std::move(staged.replaces), vault::IdFrom::feed},
            document.root(), staged.links);
        if (!prepared) return tl::unexpected(error_of(prepared.error()));
        targets_.push_back(fmt::format("{}/{}/_history/{}", fhir::name_of(staged.type), staged.id,
                                       prepared->change.version.number));
        for (auto& patient : prepared->patients)
            if (std::ranges::find(patients_, patient) == patients_.end())
                patients_.push_back(std::move(patient));
        changes_.versions.push_back(std::move(prepared->change));
        return {};
    }

    /// For who asks what happened to a chart, as after any other change.
    Result<> tell() {
        if (targets_.empty()) return {};
        const auto now = vault_.clock().now();
        const auto id = vault::uuid_v7(now);
        const std::vector<std::string_view> patients{patients_.begin(), patients_.end()};
        std::vector<std::string_view> entities{targets_.begin(), targets_.end()};
        entities.resize(std::min(entities.size(), targets_max));
        fhir::AuditFactsView facts;
        facts.id = id;
        facts.version_id = "1";
        facts.time = now;
        facts.interaction = fhir::Interaction::transaction;
        facts.client_id = feed_.name;
        facts.server_url = vault_.base_url();
        facts.patients = patients;
        facts.entities = entities;
        std::string json;
        fhir::write_audit_event(facts, json);
        changes_.versions.push_back(TRY(vault_.sealer().seal_audit(id, json, patients_, now)));
        return {};
    }

    /// No more than what moves of a chart. All else waits until the rest has moved.
    Result<vault::ChangeSet> conclude_part() {
        for (auto& staged : staged_)
            if (staged.links == &link_maps_.back()) TRY(seal(staged));
        if (std::ranges::find(patients_, moves_on_from_) != patients_.end())
            return fail(Errc::malformed, "something of the chart does not move");
        TRY(add_provenance());
        return std::move(changes_);
    }

    Result<vault::ChangeSet> conclude() {
        TRY(add_provenance());
        changes_.conclusions.push_back({message_.seq, changes_.versions.size() - 1, mapping_revision,
                                        static_cast<std::int64_t>(places_.count()), places_.take()});
        return std::move(changes_);
    }

    Result<> add_provenance() {
        TRY(tell());
        const auto provenance = TRY(json::Document::parse(provenance_json()));
        auto prepared = vault::prepare(
            vault_, caller_,
            {ResourceType::provenance, vault::uuid_v7(vault_.clock().now()), {}, vault::IdFrom::feed},
            provenance.root(), nullptr);
        if (!prepared) return tl::unexpected(error_of(prepared.error()));
        changes_.versions.push_back(std::move(prepared->change));
        return {};
    }

    /// R4, provenance.html: what the message changed, or where it changed nothing, the message itself.
    std::string provenance_json() const {
        std::string json;
        json::Writer writer{json};
        const auto reference = [&writer](std::string_view to) {
            writer.begin_object().member("reference", to).end_object();
        };
        const auto source = [&] {   // of a message that cannot be opened nobody knows the id
            if (!message_.id.empty()) return reference(fmt::format("Binary/{}", message_.id));
            writer.begin_object().member("display", fmt::format("entry {}", message_.seq)).end_object();
        };
        writer.begin_object().member("resourceType", "Provenance").key("target").begin_array();
        for (std::size_t i = 0; i < std::min(targets_.size(), targets_max); ++i) reference(targets_[i]);
        // Whose chart it is about puts it there.
        for (const auto& patient : patients_) reference(fmt::format("Patient/{}", patient));
        if (targets_.empty()) source();
        writer.end_array();
        const auto event = event_ ? event_->root() : json::Value{};
        const auto recorded = event["recorded"].text();
        writer.member("recorded", recorded.empty() ? to_instant(vault_.clock().now()) : recorded);
        for (const auto* const name : {"occurredDateTime", "reason"})
            if (event[name].exists()) writer.key(name).value(event[name]);
        writer.key("agent")
            .begin_array()
            .begin_object()
            .key("type")
            .begin_object()
            .key("coding")
            .begin_array();
        writer.begin_object()
            .member("system", "http://terminology.hl7.org/CodeSystem/provenance-participant-type")
            .member("code", "assembler")
            .end_object();
        writer.end_array().end_object().key("who").begin_object().member("display", feed_.name).end_object();
        writer.end_object();
        for (const auto agent : event["agent"].items()) writer.value(agent);
        writer.end_array();
        writer.key("entity").begin_array().begin_object().member("role", "source").key("what");
        source();
        writer.end_object().end_array().end_object();
        return json;
    }

    vault::Vault& vault_;
    Placing& placing_;
    const Feed& feed_;
    const Received& message_;
    vault::Caller caller_;
    bool is_administrative_ = false;
    std::optional<json::Document> event_;   // what EVN says
    Places places_;
    std::deque<Staged> staged_;                             // merges hold on to some
    std::set<std::pair<ResourceType, std::string>> said_;   // of staged_, by the message itself
    std::deque<fhir::LinkMap> link_maps_;
    std::string moves_on_from_;           // whose chart is too large to move at once
    std::vector<std::string> targets_;    // "Type/id/_history/n"
    std::vector<std::string> patients_;   // in whose charts they are
    vault::ChangeSet changes_;
};

Staged& Charting::staged_patient(const std::string& id) {
    const auto found = std::ranges::find_if(staged_, [&](const Staged& staged) {
        return staged.type == ResourceType::patient && staged.id == id;
    });
    if (found != staged_.end()) return *found;
    return staged_.emplace_back(Staged{ResourceType::patient, id, {}, {}, nullptr});
}

/// The Patient with a link to the other one; once only, and the one that is replaced is not active any more.
std::string Charting::patient_with_link(json::Value patient, std::string_view id, std::string_view other,
                                        std::string_view type, json::Value further_identifiers) const {
    const bool is_replaced = type == "replaced-by";
    const auto reference = fmt::format("Patient/{}", other);
    std::string json;
    json::Writer writer{json};
    writer.begin_object().member("resourceType", "Patient").member("id", id);
    if (is_replaced) writer.key("active").boolean(false);
    bool has_identifiers = false;
    for (const auto& [key, raw_key, value] : patient.members()) {
        if (key == "resourceType" || key == "id" || key == "link" || (is_replaced && key == "active"))
            continue;
        if (key == "identifier") {
            has_identifiers = true;
            writer.key(key).begin_array();
            for (const auto identifier : value.items()) writer.value(identifier);
            for (const auto identifier : further_identifiers.items())
                if (!holds_identifier(value, identifier)) writer.value(identifier);
            writer.end_array();
            continue;
        }
        writer.key(key).value(value);
    }
    if (!has_identifiers && further_identifiers.exists()) writer.key("identifier").value(further_identifiers);
    writer.key("link").begin_array();
    for (const auto link : patient["link"].items())
        if (link["other"]["reference"].text() != reference) writer.value(link);
    writer.begin_object().key("other").begin_object().member("reference", reference).end_object();
    writer.member("type", type).end_object().end_array().end_object();
    return json;
}

/// HL7 v2.9, 3.6.2.1: from now on the subsumed record is part of the surviving one.
Result<> Charting::stage_merge(const fhir::v2::Merge& merge) {
    const auto& subsumed = merge.subsumed.id;
    const auto surviving = placing_.id_of(ResourceType::patient, merge.surviving);
    if (subsumed == surviving) {
        // It was done before, unless it was done the other way round.
        const auto merges = TRY(placing_.merges_of(placing_.own_id(ResourceType::patient, merge.surviving)));
        const auto own = placing_.own_id(ResourceType::patient, merge.subsumed.identity);
        if (std::ranges::find(merges, own) != merges.end())
            places_.add("MRG", 1, 1, "the merge would go in a circle");
        return {};
    }
    auto& from = staged_patient(subsumed);
    auto& to = staged_patient(surviving);
    auto from_stored = TRY(stored(vault_, ResourceType::patient, subsumed));
    auto to_stored = TRY(stored(vault_, ResourceType::patient, surviving));
    const auto from_said = TRY(json::Document::parse(from.json.empty() ? "{}" : from.json));
    const auto to_said = TRY(json::Document::parse(to.json.empty() ? "{}" : to.json));
    const auto from_now = from.json.empty() ? from_stored.resource() : from_said.root();
    const auto to_now = to.json.empty() ? to_stored.resource() : to_said.root();
    from.replaces = std::move(from_stored.row);
    to.replaces = std::move(to_stored.row);
    auto from_json = patient_with_link(from_now, subsumed, surviving, "replaced-by", {});
    to.json = patient_with_link(to_now, surviving, subsumed, "replaces", from_now["identifier"]);
    from.json = std::move(from_json);
    return move_chart(subsumed, surviving);
}

/// Every resource of the chart is of the other patient from now on: its links, and so its key and its index.
Result<> Charting::move_chart(const std::string& from, const std::string& to) {
    const auto reader = TRY(vault_.readers().take());
    const auto moves = [](ResourceType type) {
        return type != ResourceType::patient && type != ResourceType::provenance;
    };
    auto chart = vault::chart_of(vault_.sealer(), *reader, from, caller_.sight, moves, moved_bytes_max);
    if (!chart) return tl::unexpected(error_of(chart.error()));
    if (!chart->is_whole) moves_on_from_ = from;
    const auto old_reference = fmt::format("Patient/{}", from);
    link_maps_.emplace_back([old_reference,
                             new_reference = fmt::format("Patient/{}", to)](std::string_view link) {
        // A version of the one is none of the other.
        const bool is_meant =
            link.substr(0, link.find_first_of("/|", std::string_view{"Patient/"}.size())) == old_reference;
        return is_meant ? std::optional{new_reference} : std::nullopt;
    });
    for (auto& match : chart->matches) {
        const auto type = fhir::resource_type(match.row.version.type);
        // Of some the message itself says how they are now.
        if (!type || said_.contains({*type, match.body.id})) continue;
        staged_.push_back({*type, match.body.id, std::move(match.row), std::string{match.body.json.reveal()},
                           &link_maps_.back()});
    }
    return {};
}

}   // namespace

Result<Received> received(vault::Vault& vault, std::int64_t seq) {
    std::optional<vault::StoredVersion> row;
    {
        const auto reader = TRY(vault.readers().take());
        row = TRY(vault::Records{*reader}.at(seq));
    }
    if (!row) return fail(Errc::corrupt, "a message that is listed has no row");
    auto body = TRY(vault.sealer().open(*row));
    auto text = TRY(message_of(body.json.reveal()));
    return Received{seq, std::move(body.id), row->version.time, std::move(text)};
}

Result<vault::ChangeSet> chart(vault::Vault& vault, Placing& placing, const Feed& feed,
                               const Received& message) {
    return Charting{vault, placing, feed, message}.run();
}

Result<vault::ChangeSet> chart_nothing(vault::Vault& vault, Placing& placing, const Feed& feed,
                                       const Received& message, std::string_view reason) {
    return Charting{vault, placing, feed, message}.conclude_unread(
        {hl7::ErrorCode::internal_error, "MSH", 1, 0, std::string{reason}});
}

}   // namespace ward::feeds
