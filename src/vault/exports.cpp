// SPDX-License-Identifier: Apache-2.0
#include "vault/exports.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

#include "core/log.hpp"
#include "crypto/random.hpp"
#include "fhir/match.hpp"
#include "json/writer.hpp"
#include "vault/reading.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::IssueType;

/// Of an address: its parameters.
std::string query_of(std::string_view request) {
    const auto question = request.find('?');
    return std::string{question == std::string_view::npos ? "" : request.substr(question + 1)};
}

Time end_of(const keys::KeptGrant& grant) { return grant.approved + grant.terms.lasting; }

std::string_view name_of(ExportOf of) {
    switch (of) {
        case ExportOf::system: return "$export";
        case ExportOf::patients: return "Patient/$export";
        case ExportOf::group: break;
    }
    return "Group/$export";
}

/// What one file says, as lines of JSON.
class FileWriter {
public:
    FileWriter(Vault& vault, const ExportWish& wish, const Sight& sight, const keys::GrantId& grant, Time now)
        : vault_(vault), wish_(wish), sight_(sight), keys_(vault, grant), now_(now) {}

    Checked<std::string> write(const ExportFile& file, AuditTrail& trail) {
        const auto reader = TRY_CHECKED(vault_.readers().take());
        const Records records{*reader};
        std::string lines;
        std::size_t opened_bytes = 0;
        for (const auto seq : file.seqs) {
            const auto row = TRY_CHECKED(records.at(seq));
            if (!row) return tl::unexpected(issue_of({Errc::corrupt, {}}));
            const auto body = TRY(keys_.open(*row));
            opened_bytes += body.json.reveal().size();
            if (opened_bytes > ExportLimits{}.file_opened_bytes_max)
                return fhir::refuse(IssueType::too_costly,
                                    "what this file holds is too long; export fewer charts, or what changed "
                                    "_since");
            // What the house and its patients say of this record may stand in any of their charts.
            if (sight_.rules() != nullptr)
                for (const auto& patient : body.patients) TRY(keys_.lend_chart(patient));
            const bool is_shown = TRY(shows(file.type, body));
            if (!is_shown) continue;
            trail.entities.push_back(version_path(file.type, body.id, row->version.number));
            patients_.insert(body.patients.begin(), body.patients.end());
            lines += body.json.reveal();
            lines += '\n';
        }
        trail.patients.assign(patients_.begin(), patients_.end());
        return lines;
    }

private:
    Checked<bool> shows(fhir::ResourceType type, const Body& body) const {
        const bool may = TRY_CHECKED(sight_.may(Permission::read, type, body));
        TRY(check_looked_up(sight_));
        if (!may) return false;
        const auto is_about = [&](const fhir::Query& filter) { return filter.type == type; };
        if (std::ranges::none_of(wish_.type_filters, is_about)) return true;
        const json::Limits limits{.bytes_max = BodyLimits{}.json_bytes_max};
        const auto document = TRY_CHECKED(json::Document::parse(body.json.reveal(), limits));
        return std::ranges::any_of(wish_.type_filters, [&](const fhir::Query& filter) {
            return is_about(filter) && fhir::matches(filter, document.root(), now_);
        });
    }

    Vault& vault_;
    const ExportWish& wish_;
    const Sight& sight_;
    GrantedKeys keys_;
    Time now_;
    std::set<std::string> patients_;
};

/// What is asked for by type has to be had; what is asked for as a whole is what may be seen of it.
Checked<> check_may_export(const Sight& sight, const ExportWish& wish) {
    for (const auto type : wish.types)
        if (!sight.may_ever(Permission::read, type))
            return fhir::refuse(IssueType::forbidden,
                                fmt::format("an export of {0} takes the scope system/{0}.r and a policy that "
                                            "allows it",
                                            fhir::name_of(type)));
    const auto may_read = [&](fhir::ResourceType type) { return sight.may_ever(Permission::read, type); };
    if (std::ranges::none_of(fhir::resource_types(), may_read))
        return fhir::refuse(IssueType::forbidden,
                            "an export takes a system/ scope with r, and a policy that allows it");
    return {};
}

}   // namespace

Exports::Exports(Vault& vault, const ExportsLimits& limits)
    : vault_(vault), limits_(limits), planning_(1, limits.open_max) {
    if (const auto taken_up = take_up(); !taken_up)
        log::error("exports that were under way are lost", {{"reason", taken_up.error().what}});
}

Exports::~Exports() {
    const Lock lock{mutex_};
    jobs_.clear();
}

Result<> Exports::take_up() {
    auto kept = TRY(kept_.all(vault_.clock().now(), limits_.open_max));
    const Lock lock{mutex_};
    for (auto& [id, known] : kept) {
        const auto form = TRY(parse_form(query_of(known.request)));
        auto wish = read_export_wish(known.of, known.group, form, vault_.base_url());
        if (!wish) {   // by an older program, or of a server with another address
            log::error("an export that was under way cannot go on", {{"reason", wish.error().diagnostics}});
            continue;
        }
        Job job;
        job.was_left = known.plan == nullptr;
        job.kept = std::move(known);
        job.wish = *std::move(wish);
        jobs_.emplace(std::move(id), std::move(job));
    }
    return {};
}

std::string Exports::address_of(const std::string& id) const {
    return fmt::format("{}/_export/{}", vault_.base_url(), id);
}

/// The one that lasts longest, if there are several.
Checked<keys::KeptGrant> Exports::active_grant(const Caller& caller) {
    const auto grants = TRY_CHECKED(vault_.keys().open_grants());
    std::optional<keys::KeptGrant> found;
    for (const auto& grant : grants) {
        const bool is_active = !grant.approver.empty() && caller.now < end_of(grant);
        if (!is_active || caller.user_id.empty() || grant.terms.user != caller.user_id) continue;
        if (!found || end_of(*found) < end_of(grant)) found = grant;
    }
    if (found) return *found;
    return fhir::refuse(IssueType::forbidden,
                        "an export needs a grant for this user that two people signed: ward grant request, "
                        "and ward grant approve by another person");
}

Checked<Reply> Exports::start(const Caller& caller, ExportWish wish, std::string request, AuditTrail& trail) {
    trail.entities = {std::string{name_of(wish.of)}};
    trail.add_query(name_of(wish.of), query_of(request));
    auto sight = caller.sight.for_export();
    TRY(check_may_export(sight, wish));
    const auto grant = TRY(active_grant(caller));
    Job job;
    job.kept = {caller.user_id, caller.client_id,   std::move(request), wish.of,       wish.group,
                grant.terms.id, grant.terms.owners, caller.now,         end_of(grant), nullptr};
    job.wish = std::move(wish);
    const auto id = to_hex(crypto::random_array<16>());
    TRY(add(id, std::move(job)));
    if (!planning_.submit([this, id, sight = std::move(sight)] { plan(id, sight); })) {
        drop(id);
        TRY_CHECKED(kept_.forget(id));
        return fhir::refuse(IssueType::throttled, "too many exports at once");
    }
    trail.entities.push_back(fmt::format("_export/{}", id));
    return Reply{202, {{"Content-Location", address_of(id)}}, {}, {}};
}

Checked<> Exports::add(const std::string& id, Job job) {
    for (const auto& failed : make_room(job.kept.user, job.kept.started)) TRY_CHECKED(kept_.forget(failed));
    const auto kept = job.kept;
    {
        const Lock lock{mutex_};
        if (is_full(jobs_, kept.user)) return fhir::refuse(IssueType::throttled, "too many exports at once");
        jobs_.emplace(id, std::move(job));
    }
    const auto done = kept_.add(id, kept);
    if (done) return {};
    drop(id);
    return tl::unexpected(issue_of(done.error()));
}

bool Exports::is_full(const std::map<std::string, Job>& jobs, const std::string& user) const {
    const auto theirs =
        std::ranges::count_if(jobs, [&](const auto& entry) { return entry.second.kept.user == user; });
    return jobs.size() >= limits_.open_max || std::cmp_greater_equal(theirs, limits_.user_open_max);
}

/// Where there is none, those that failed give way: their ids.
std::vector<std::string> Exports::make_room(const std::string& user, Time now) {
    std::vector<std::string> failed;
    const Lock lock{mutex_};
    std::erase_if(jobs_, [&](const auto& entry) { return entry.second.kept.expires <= now; });
    if (!is_full(jobs_, user)) return failed;
    std::erase_if(jobs_, [&](const auto& entry) {
        if (entry.second.failure) failed.push_back(entry.first);
        return entry.second.failure.has_value();
    });
    return failed;
}

void Exports::drop(const std::string& id) {
    const Lock lock{mutex_};
    jobs_.erase(id);
}

/// Plans what the program before this one did not get to, of what there is now: nobody has seen a manifest.
Checked<> Exports::resume(const Caller& caller, const std::string& id, const Job& job) {
    auto sight = caller.sight.for_export();
    TRY(check_may_export(sight, job.wish));
    {
        const Lock lock{mutex_};
        const auto found = jobs_.find(id);
        if (found == jobs_.end() || !std::exchange(found->second.was_left, false)) return {};
        found->second.kept.started = caller.now;
    }
    if (planning_.submit([this, id, sight = std::move(sight)] { plan(id, sight); })) return {};
    const Lock lock{mutex_};
    if (const auto found = jobs_.find(id); found != jobs_.end()) found->second.was_left = true;
    return fhir::refuse(IssueType::throttled, "too many exports at once");
}

bool Exports::note_progress(const std::string& id, std::string_view done) {
    const Lock lock{mutex_};
    const auto job = jobs_.find(id);
    if (job != jobs_.end()) job->second.progress = done;
    return job != jobs_.end();
}

void Exports::plan(const std::string& id, const Sight& sight) {
    std::optional<Job> job;
    {
        const Lock lock{mutex_};
        if (const auto found = jobs_.find(id); found != jobs_.end()) job = found->second;
    }
    if (!job) return;
    auto plan = make_plan(id, *job, sight);
    if (plan) {
        job->kept.plan = std::make_shared<const ExportPlan>(*std::move(plan));
        if (const auto kept = kept_.update(id, job->kept); !kept) job->failure = issue_of(kept.error());
    } else {
        job->failure = std::move(plan).error();
    }
    const Lock lock{mutex_};
    const auto found = jobs_.find(id);
    if (found == jobs_.end()) return;
    found->second.kept.plan = job->kept.plan;
    found->second.failure = job->failure;
}

Checked<ExportPlan> Exports::make_plan(const std::string& id, const Job& job, const Sight& sight) {
    GrantedKeys keys{vault_, job.kept.grant};
    auto plan = TRY(plan_export(vault_, keys, sight, job.wish,
                                [&](std::string_view done) { return note_progress(id, done); }));
    if (plan.owners > static_cast<std::size_t>(job.kept.owners_max))
        return fhir::refuse(
            IssueType::forbidden,
            fmt::format("this export needs the keys of {} charts and kinds of records, and the "
                        "grant allows {}",
                        plan.owners, job.kept.owners_max));
    return plan;
}

Checked<Exports::Job> Exports::find(const Caller& caller, const std::string& id) {
    const Lock lock{mutex_};
    const auto job = jobs_.find(id);
    const bool is_theirs = job != jobs_.end() && !caller.user_id.empty() &&
                           job->second.kept.user == caller.user_id &&
                           job->second.kept.client == caller.client_id;
    if (is_theirs && caller.now < job->second.kept.expires) return job->second;
    return fhir::refuse(IssueType::not_found,
                        "there is no such export any more, or there never was: start it again");
}

Checked<Reply> Exports::status(const Caller& caller, const std::string& id, AuditTrail& trail) {
    trail.entities = {fmt::format("_export/{}", id)};
    const auto job = TRY(find(caller, id));
    if (job.failure) return tl::unexpected(*job.failure);
    if (job.was_left) TRY(resume(caller, id, job));
    if (!job.kept.plan)
        return Reply{
            202,
            {{"X-Progress", job.progress}, {"Retry-After", std::to_string(limits_.retry_after.count())}},
            {},
            {}};
    return Reply{200,
                 {{"Content-Type", "application/json"}, {"Expires", http_date(job.kept.expires)}},
                 manifest(id, job),
                 {}};
}

std::string Exports::manifest(const std::string& id, const Job& job) const {
    std::string out;
    json::Writer writer{out};
    writer.begin_object()
        .member("transactionTime", to_instant(job.kept.started))
        .member("request", job.kept.request);
    writer.key("requiresAccessToken").boolean(true).key("output").begin_array();
    std::size_t number = 0;
    for (const auto& file : job.kept.plan->files) {
        writer.begin_object().member("type", fhir::name_of(file.type));
        writer.member("url", fmt::format("{}/{}", address_of(id), number++));
        // With filters, and for who may not see all, it is known only when the file is made.
        writer.end_object();
    }
    writer.end_array().key("error").begin_array().end_array().end_object();
    return out;
}

Checked<Reply> Exports::file(const Caller& caller, const std::string& id, std::size_t number,
                             AuditTrail& trail) {
    trail.entities = {fmt::format("_export/{}/{}", id, number)};
    const auto job = TRY(find(caller, id));
    if (!job.kept.plan || number >= job.kept.plan->files.size())
        return fhir::refuse(IssueType::not_found, "there is no such file");
    const auto sight = caller.sight.for_export();
    FileWriter writer{vault_, job.wish, sight, job.kept.grant, caller.now};
    auto lines = TRY(writer.write(job.kept.plan->files[number], trail));
    return Reply{200, {{"Content-Type", "application/fhir+ndjson"}}, std::move(lines), {}};
}

Checked<Reply> Exports::cancel(const Caller& caller, const std::string& id, AuditTrail& trail) {
    trail.entities = {fmt::format("_export/{}", id)};
    TRY(find(caller, id));
    drop(id);
    TRY_CHECKED(kept_.forget(id));
    return Reply{202, {}, {}, {}};
}

}   // namespace ward::vault
