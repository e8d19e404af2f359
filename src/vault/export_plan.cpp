// SPDX-License-Identifier: Apache-2.0
#include "vault/export_plan.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "fhir/compartment.hpp"
#include "vault/exchange.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::IssueType;
using fhir::ResourceType;

const fhir::Issue ended{IssueType::processing, "the export was cancelled", {}};

/// Puts versions into files as they come.
class Files {
public:
    explicit Files(const ExportLimits& limits) : limits_(limits) {}

    Checked<> add(ResourceType type, const Records::Outline& outline) {
        if (++resources_ > limits_.resources_max)
            return fhir::refuse(IssueType::too_costly,
                                "too many resources for one export; ask for fewer types");
        const bool fits = !plan_.files.empty() && plan_.files.back().type == type &&
                          plan_.files.back().seqs.size() < limits_.file_resources_max &&
                          bytes_ < limits_.file_sealed_bytes_max;
        if (!fits) {
            plan_.files.push_back({type, {}});
            bytes_ = 0;
        }
        plan_.files.back().seqs.push_back(outline.seq);
        bytes_ += outline.sealed_bytes;
        owners_.insert(outline.owner);
        return {};
    }

    ExportPlan finish() {
        plan_.owners = owners_.size();
        return std::move(plan_);
    }

private:
    const ExportLimits& limits_;
    ExportPlan plan_;
    std::set<OwnerId> owners_;
    std::size_t resources_ = 0;
    std::int64_t bytes_ = 0;   // of the last file
};

class Planning {
public:
    Planning(Vault& vault, GrantedKeys& keys, const Sight& sight, const ExportWish& wish,
             const ExportProgress& progress, const ExportLimits& limits)
        : vault_(vault),
          keys_(keys),
          sight_(sight),
          wish_(wish),
          progress_(progress),
          limits_(limits),
          files_(limits) {}

    Checked<ExportPlan> run() {
        const auto reader = TRY_CHECKED(vault_.readers().take());
        const Records records{*reader};
        if (wish_.of == ExportOf::group)
            TRY(group(records));
        else
            TRY(facility(records));
        return files_.finish();
    }

private:
    bool is_wanted(ResourceType type) const {
        if (type == ResourceType::audit_event) return false;
        if (wish_.of != ExportOf::system && !fhir::in_patient_compartment(type)) return false;
        if (!wish_.types.empty() && std::ranges::find(wish_.types, type) == wish_.types.end()) return false;
        return sight_.may_ever(Permission::read, type);
    }

    bool is_recent(Time time) const { return !wish_.since || time >= *wish_.since; }

    Checked<> facility(const Records& records) {
        constexpr std::int64_t step = 2'000;
        for (const auto type : fhir::resource_types()) {
            if (!is_wanted(type)) continue;
            const auto name = fhir::name_of(type);
            if (!progress_(name)) return tl::unexpected(ended);
            const auto in_no_chart = vault_.sealer().pseudonyms().owner_without_patient(name);
            for (std::int64_t after = -1;;) {
                const auto outlines =
                    TRY_CHECKED(records.outlines_of_type(fhir::number_of(type), after, step));
                if (outlines.empty()) break;
                after = outlines.back().seq;
                for (const auto& outline : outlines) {
                    const bool is_in_scope = wish_.of == ExportOf::system || outline.owner != in_no_chart;
                    if (is_in_scope && is_recent(outline.time)) TRY(files_.add(type, outline));
                }
            }
        }
        return {};
    }

    /// The charts of the members: what lies in the compartment of each, found by the patient's own index.
    Checked<> group(const Records& records) {
        const auto members = TRY(members_of(records));
        std::map<ResourceType, std::set<std::int64_t>> found;
        std::size_t done = 0;
        for (const auto& member : members) {
            if (!progress_(fmt::format("{} of {} members", done++, members.size())))
                return tl::unexpected(ended);
            const auto owner = vault_.sealer().pseudonyms().owner_of_patient(member);
            const auto key = TRY_CHECKED(vault_.sealer().key_id(owner));
            if (!key) continue;   // nothing was ever stored about this patient
            const auto keys = TRY(keys_.unlock(owner, *key));
            for (const auto type : fhir::resource_types()) {
                if (!is_wanted(type)) continue;
                const auto seqs = TRY_CHECKED(records.with_token(type_token(keys->tokens, type), rows_max));
                found[type].insert(seqs.begin(), seqs.end());
            }
        }
        for (const auto& [type, seqs] : found)
            for (const auto seq : seqs) {
                const auto row = TRY_CHECKED(records.at(seq));
                if (!row) return tl::unexpected(issue_of({Errc::corrupt, {}}));
                const auto& version = row->version;
                if (is_recent(version.time))
                    TRY(files_.add(type, {seq, version.owner, version.time,
                                          static_cast<std::int64_t>(version.sealed.size())}));
            }
        return {};
    }

    Checked<std::vector<std::string>> members_of(const Records& records) {
        const auto type = *fhir::resource_type("Group");
        const auto record = vault_.sealer().pseudonyms().record(fhir::number_of(type), wish_.group);
        const auto row = TRY_CHECKED(records.current(record));
        const auto missing = fhir::refuse(IssueType::not_found, "there is no such group");
        if (!is_there(row)) return missing;
        const auto body = TRY(keys_.open(*row));
        const json::Limits limits{.bytes_max = BodyLimits{}.json_bytes_max};
        const auto group = TRY_CHECKED(json::Document::parse(body.json.reveal(), limits));
        // Who is in the care of whom stands in the members' charts.
        if (sight_.rules() != nullptr && sight_.rules()->policy() != nullptr)
            for (const auto& patient : body.patients) TRY(keys_.lend_chart(patient));
        // A member who consents to nothing is left out of the files; the others are not.
        const bool may = sight_.may_use(Permission::read, {type, group.root(), body.patients});
        TRY(check_looked_up(sight_));
        if (!may) return missing;
        std::set<std::string> members;
        for (const auto member : group["member"].items()) {
            if (member["inactive"].boolean().value_or(false)) continue;
            auto reference = member["entity"]["reference"].text();
            if (const auto home = vault_.base_url() + "/"; reference.starts_with(home))
                reference.remove_prefix(home.size());
            constexpr std::string_view patient = "Patient/";
            if (!reference.starts_with(patient)) continue;
            reference.remove_prefix(patient.size());
            members.emplace(reference.substr(0, reference.find('/')));
            if (members.size() > limits_.members_max)
                return fhir::refuse(IssueType::too_costly, "the group has too many members");
        }
        return std::vector<std::string>{members.begin(), members.end()};
    }

    static constexpr std::int64_t rows_max = 200'000;   // of one type in one chart

    Vault& vault_;
    GrantedKeys& keys_;
    const Sight& sight_;
    const ExportWish& wish_;
    const ExportProgress& progress_;
    const ExportLimits& limits_;
    Files files_;
};

}   // namespace

Checked<ExportPlan> plan_export(Vault& vault, GrantedKeys& keys, const Sight& sight, const ExportWish& wish,
                                const ExportProgress& progress, const ExportLimits& limits) {
    return Planning{vault, keys, sight, wish, progress, limits}.run();
}

}   // namespace ward::vault
