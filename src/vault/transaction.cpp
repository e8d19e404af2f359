// SPDX-License-Identifier: Apache-2.0
#include "vault/transaction.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <unordered_map>

#include "fhir/match.hpp"
#include "vault/conditional.hpp"
#include "vault/patching.hpp"
#include "vault/reading.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::EntryView;
using fhir::IssueType;
using fhir::Method;
using fhir::ResourceType;

constexpr std::size_t conditional_references_max = 1'000;   // each is a search

/// "http://host/base/Type/id" → "http://host/base/"; empty for another form (R4, bundle.html#references).
std::string_view origin_of(std::string_view url) {
    if (!url.starts_with("http")) return {};
    const auto id_slash = url.rfind('/');
    if (id_slash == std::string_view::npos || id_slash == 0) return {};
    const auto type_slash = url.rfind('/', id_slash - 1);
    if (type_slash == std::string_view::npos) return {};
    const auto type = url.substr(type_slash + 1, id_slash - type_slash - 1);
    return fhir::resource_type(type) ? url.substr(0, type_slash + 1) : std::string_view{};
}

fhir::Issue at_entry(const EntryView& entry, fhir::Issue issue) {
    issue.diagnostics = fmt::format("entry {}: {}", entry.index, issue.diagnostics);
    if (issue.expression.empty()) issue.expression = fmt::format("Bundle.entry[{}]", entry.index);
    return issue;
}

class Preparation {
public:
    Preparation(Vault& vault, const Caller& caller, const fhir::BundleView& bundle, const Preferences& prefer,
                AuditTrail& trail)
        : vault_(vault), caller_(caller), bundle_(bundle), prefer_(prefer), trail_(trail) {
        prepared_.outcomes.resize(bundle.entries.size());
        placements_.resize(bundle.entries.size());
        targets_.resize(bundle.entries.size());
    }

    Checked<PreparedTransaction> run() {
        auto prepared = prepare_all();
        if (const auto known = check_looked_up(caller_.sight); !known)
            prepared = tl::unexpected(known.error());
        if (prepared) return prepared;
        trail_.entities.clear();   // nothing of it will be
        for (const auto& entry : bundle_.entries) trail_.entities.emplace_back(entry.url);
        return prepared;
    }

private:
    Checked<PreparedTransaction> prepare_all() {
        const auto order = fhir::transaction_order(bundle_);
        for (const auto index : order) {
            const auto& entry = bundle_.entries[index];
            TRY(in_entry(entry, [&] { return place(entry); }));
        }
        without_ = gone_;
        without_.insert(replaced_.begin(), replaced_.end());
        const fhir::LinkMap links = [this](std::string_view link) { return map_link(link); };
        for (const auto index : order) {
            const auto& entry = bundle_.entries[index];
            TRY(in_entry(entry, [&] { return write(entry, index, links); }));
        }
        return std::move(prepared_);
    }

    template <class Step>
    Checked<> in_entry(const EntryView& entry, const Step& step) {
        auto done = step();
        if (!done) return tl::unexpected(at_entry(entry, std::move(done).error()));
        return {};
    }

    Checked<> require(const EntryView& entry, Permission permission) const {
        if (caller_.sight.may_ever(permission, *entry.type)) return {};
        return fhir::refuse(IssueType::forbidden,
                            fmt::format("the token does not allow {} {}", fhir::name_of(entry.method),
                                        fhir::name_of(*entry.type)));
    }

    /// Where each entry's resource will be, so that links between entries can be mapped before any is
    /// written. In the order of the specification: what is deleted matches no condition, and is read by none.
    Checked<> place(const EntryView& entry) {
        auto& placement = placements_[entry.index];
        switch (entry.method) {
            case Method::get:
            case Method::head: return check_read(entry);
            case Method::post: TRY(place_new(entry, placement)); break;
            case Method::put:
            case Method::patch:
            case Method::remove: TRY(place_known(entry, placement)); break;
        }
        if (placement.id.empty()) return {};   // a DELETE of what is not there
        auto& target = targets_[entry.index];
        target = fmt::format("{}/{}", fhir::name_of(placement.type), placement.id);
        if (!entry.full_url.empty()) links_[std::string{entry.full_url}] = target;
        (entry.method == Method::remove ? gone_ : kept_).insert(target);
        if (entry.method == Method::put || entry.method == Method::patch) replaced_.insert(target);
        return {};
    }

    /// It is done after the commit, when its failure could not undo the rest any more.
    Checked<> check_read(const EntryView& entry) {
        if (!entry.type) return {};
        const bool searches = entry.id.empty();
        TRY(require(entry, searches ? Permission::search : Permission::read));
        if (searches || !entry.operation.empty()) return {};
        const auto target = fmt::format("{}/{}", fhir::name_of(*entry.type), entry.id);
        if (kept_.contains(target)) return {};
        const auto stored =
            TRY(current_version(vault_, caller_, {Permission::read}, *entry.type, entry.id, trail_));
        if (is_there(stored) && !gone_.contains(target)) return {};
        return fhir::refuse(IssueType::not_found, "there is no such resource");
    }

    Checked<> place_new(const EntryView& entry, Placement& placement) {
        if (!entry.type || !entry.operation.empty())
            return fhir::refuse(IssueType::not_supported, "POST is only to a resource type");
        if (!entry.if_match.empty() || !entry.if_none_match.empty())
            return fhir::refuse(IssueType::not_supported, "a POST has ifNoneExist and no other condition");
        TRY(require(entry, Permission::create));
        placement.type = *entry.type;
        if (!entry.if_none_exist.empty()) {
            auto condition = TRY(find(entry, entry.if_none_exist, {Permission::create, entry.resource}));
            if (!condition.id.empty()) {
                auto& outcome = prepared_.outcomes[entry.index];
                outcome.status = 200;
                outcome.location = version_path(*entry.type, condition.id, condition.number);
                outcome.etag = etag_of(condition.number);
                trail_.entities.push_back(outcome.location);
                placement.id = std::move(condition.id);
                return {};
            }
        }
        placement.id = uuid_v7(caller_.now);
        placement.id_from = IdFrom::server;
        return {};
    }

    Checked<> place_known(const EntryView& entry, Placement& placement) {
        const bool removes = entry.method == Method::remove;
        if (!entry.if_none_exist.empty())
            return fhir::refuse(IssueType::not_supported, "ifNoneExist is for a POST");
        TRY(require(entry, removes ? Permission::remove : Permission::update));
        if (entry.method == Method::patch) TRY(require(entry, Permission::read));
        placement.type = *entry.type;
        placement.id = entry.id;
        if (entry.id.empty()) placement = TRY(place_found(entry));
        if (placement.id.empty()) return {};
        // R4, http.html#trules: also what conditions resolve to must not overlap.
        if (!changed_.insert(fmt::format("{}/{}", fhir::name_of(placement.type), placement.id)).second)
            return fhir::refuse(IssueType::duplicate, "another entry is about the same resource");
        placement.replaces = TRY(current(entry.method, placement));
        if (!removes && placement.id_from == IdFrom::client)
            TRY(check_may_place(caller_, placement.type, placement.replaces));
        TRY(check_may_change(placement.type, placement.replaces));
        if (!entry.if_none_match.empty() && (entry.if_none_match != "*" || is_there(placement.replaces)))
            return fhir::refuse(IssueType::conflict,
                                "If-None-Match is * and there is such a resource already");
        TRY(check_if_match(entry.if_match, placement.replaces));
        if (entry.method != Method::patch) return {};
        const auto patch = TRY(patch_in_binary(entry.resource));
        patched_.emplace(entry.index, TRY(patched_resource(vault_, placement, patch.root())));
        return {};
    }

    Checked<std::optional<StoredVersion>> current(Method method, const Placement& place) {
        const auto look = [&](std::initializer_list<Permission> permissions) {
            return current_version(vault_, caller_, permissions, place.type, place.id, trail_);
        };
        if (method == Method::patch) return look({Permission::update, Permission::read});
        return look({method == Method::remove ? Permission::remove : Permission::update});
    }

    /// PUT, PATCH or DELETE of what a search finds.
    Checked<Placement> place_found(const EntryView& entry) {
        const auto otherwise = entry.method == Method::put ? otherwise_put(entry.resource) : Otherwise{};
        const auto condition = TRY(find(entry, entry.query, otherwise));
        if (entry.method == Method::put)
            return place_conditional(vault_, caller_, *entry.type, condition, entry.resource, trail_);
        if (condition.id.empty() && entry.method == Method::patch)
            return fhir::refuse(IssueType::not_found, "nothing matches");
        return Placement{*entry.type, condition.id, {}};
    }

    Checked<Condition> find(const EntryView& entry, std::string_view criteria, const Otherwise& otherwise) {
        TRY(require(entry, Permission::search));
        if (!conditions_.insert(fmt::format("{}?{}", fhir::name_of(*entry.type), criteria)).second)
            return fhir::refuse(IssueType::duplicate, "two entries have the same condition");
        auto condition =
            TRY(find_condition(vault_, caller_, *entry.type, criteria, otherwise, trail_, gone_));
        observe(condition);
        return condition;
    }

    json::Value resource_of(const EntryView& entry) const {
        const auto patched = patched_.find(entry.index);
        return patched == patched_.end() ? entry.resource : patched->second.root();
    }

    void observe(Condition& condition) {
        auto& observed = prepared_.changes.observed;
        observed.insert(observed.end(), std::make_move_iterator(condition.observed.begin()),
                        std::make_move_iterator(condition.observed.end()));
    }

    Checked<> write(const EntryView& entry, std::size_t index, const fhir::LinkMap& links) {
        auto& placement = placements_[index];
        auto& outcome = prepared_.outcomes[index];
        if (entry.method == Method::get || entry.method == Method::head || outcome.status != 0) return {};
        if (placement.id.empty()) outcome.status = 204;
        if (placement.id.empty()) return {};
        const bool existed = is_there(placement.replaces);
        if (entry.method == Method::remove) {
            outcome.status = 204;
            if (!existed) return {};
            add(TRY(prepare_removal(vault_, std::move(placement))), *entry.type, outcome);
            return {};
        }
        const bool names_its_place = entry.method == Method::put && !entry.id.empty();
        if (names_its_place && entry.resource["id"].text() != placement.id)
            return fhir::refuse(IssueType::invalid, "the id in the resource is not the one in the address");
        outcome.status = existed ? 200 : 201;
        origin_ = origin_of(entry.full_url);
        auto prepared = TRY(prepare(vault_, caller_, std::move(placement), resource_of(entry), &links));
        if (link_issue_) return tl::unexpected(*link_issue_);
        add(std::move(prepared), *entry.type, outcome);
        return {};
    }

    void add(Prepared prepared, ResourceType type, EntryOutcome& outcome) {
        const auto& version = prepared.change.version;
        outcome.location = version_path(type, prepared.id, version.number);
        outcome.etag = etag_of(version.number);
        outcome.last_modified = to_instant(version.time);
        trail_.entities.push_back(outcome.location);
        trail_.add_patients(prepared.patients);
        if (prefer_.returns == ReturnPreference::representation) outcome.json = std::move(prepared.json);
        prepared_.changes.versions.push_back(std::move(prepared.change));
    }

    std::optional<std::string> map_link(std::string_view link) {
        if (const auto known = links_.find(std::string{link}); known != links_.end()) return known->second;
        // A relative reference in an entry with an absolute address is meant relative to that address.
        if (!origin_.empty())
            if (const auto known = links_.find(fmt::format("{}{}", origin_, link)); known != links_.end())
                return known->second;
        const auto question = link.find('?');
        if (question == std::string_view::npos) return std::nullopt;
        const auto type = fhir::resource_type(link.substr(0, question));
        if (!type) return std::nullopt;         // a URL with a query, not a conditional reference
        if (link_issue_) return std::nullopt;   // the bundle has failed already
        auto target = resolve(*type, link.substr(question + 1));
        if (target) links_[std::string{link}] = *target;
        return target;
    }

    std::optional<std::string> resolve(ResourceType type, std::string_view criteria) {
        auto target = find_target(type, criteria);
        if (target) return *std::move(target);
        if (!link_issue_) link_issue_ = std::move(target).error();
        return std::nullopt;
    }

    /// A conditional reference must match one resource (R4, http.html#trules), among those that there will be
    /// when the other entries are done.
    Checked<std::string> find_target(ResourceType type, std::string_view criteria) {
        if (!caller_.sight.may_ever(Permission::search, type))
            return fhir::refuse(IssueType::forbidden,
                                "the token does not allow the search of a conditional reference");
        if (++looked_up_ > conditional_references_max)
            return fhir::refuse(IssueType::too_costly,
                                fmt::format("a bundle has at most {} different conditional references",
                                            conditional_references_max));
        auto stored = TRY(find_condition(vault_, caller_, type, criteria, {}, trail_, without_));
        observe(stored);
        auto targets = TRY(written_here(type, criteria));
        if (!stored.id.empty()) {
            targets.push_back(fmt::format("{}/{}", fhir::name_of(type), stored.id));
            trail_.entities.push_back(version_path(type, stored.id, stored.number));
        }
        if (targets.size() == 1) return std::move(targets.front());
        return fhir::refuse(IssueType::multiple_matches,
                            fmt::format("a conditional reference to {} matches {}", fhir::name_of(type),
                                        targets.empty() ? "nothing" : "more than one resource"));
    }

    /// The entries of this bundle that will match.
    Checked<std::vector<std::string>> written_here(ResourceType type, std::string_view criteria) const {
        std::vector<std::string> targets;
        const auto parameters = TRY_CHECKED(parse_form(criteria));
        const auto query = TRY(fhir::parse_query(type, parameters, {vault_.base_url(), {}}));
        const bool by_id = std::ranges::any_of(
            query.filters, [](const fhir::Filter& filter) { return filter.parameter->code == "_id"; });
        for (const auto& entry : bundle_.entries) {
            const auto& placement = placements_[entry.index];
            if (by_id && placement.id_from == IdFrom::server) continue;   // its own id is not what it will be
            const bool writes =
                entry.method == Method::post || entry.method == Method::put || entry.method == Method::patch;
            const bool is_kept_as_it_was = prepared_.outcomes[entry.index].status == 200 &&
                                           entry.method == Method::post;   // its ifNoneExist found something
            if (!writes || is_kept_as_it_was || placement.type != type) continue;
            if (fhir::matches(query, resource_of(entry), caller_.now))
                targets.push_back(targets_[entry.index]);
        }
        return targets;
    }

    Vault& vault_;
    const Caller& caller_;
    const fhir::BundleView& bundle_;
    const Preferences& prefer_;
    AuditTrail& trail_;
    PreparedTransaction prepared_;
    std::vector<Placement> placements_;   // of which writing takes the id and what it replaces
    std::vector<std::string> targets_;    // "Type/id" of each entry that writes
    std::unordered_map<std::size_t, json::Document> patched_;   // what a PATCH makes, by its entry
    std::set<std::string> conditions_;                          // of the entries so far
    std::set<std::string> changed_;                             // what they put, patch and delete
    Gone gone_;                                                 // what the entries delete
    Gone kept_;                                                 // what they write, or find by ifNoneExist
    Gone replaced_;                                             // what they put in the place of something
    Gone without_;                                              // both of what is not as it was
    std::size_t looked_up_ = 0;                                 // conditional references
    std::unordered_map<std::string, std::string> links_;
    std::string_view origin_;                 // of the entry that is being written
    std::optional<fhir::Issue> link_issue_;   // what a link could not be mapped for
};

}   // namespace

Checked<PreparedTransaction> prepare_transaction(Vault& vault, const Caller& caller,
                                                 const fhir::BundleView& bundle, const Preferences& prefer,
                                                 AuditTrail& trail) {
    return Preparation{vault, caller, bundle, prefer, trail}.run();
}

}   // namespace ward::vault
