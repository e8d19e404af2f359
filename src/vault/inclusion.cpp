// SPDX-License-Identifier: Apache-2.0
#include "vault/inclusion.hpp"

#include <fmt/format.h>
#include <unordered_set>

#include "vault/chain.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::Inclusion;
using fhir::IssueType;
using fhir::ResourceType;

std::string path_of(ResourceType type, std::string_view id) {
    return fmt::format("{}/{}", fhir::name_of(type), id);
}

class Including {
public:
    Including(Opener& opener, const fhir::Query& query, Found& found)
        : opener_(opener), query_(query), found_(found) {}

    /// Round after round: what the matches ask for, then what that asks for under `:iterate`.
    Checked<> run() {
        for (const auto& match : found_.matches)
            seen_.insert(path_of(*fhir::resource_type(match.row.version.type), match.body.id));
        for (const auto& match : found_.matches) TRY(follow(match, Round::first));
        for (std::size_t i = 0; i < found_.included.size(); ++i) {
            const auto one = found_.included[i];   // a copy: what follows may move the others
            TRY(follow(one, Round::later));
        }
        return {};
    }

private:
    enum class Round : std::uint8_t { first, later };

    Checked<> follow(const Match& match, Round round) {
        const auto type = *fhir::resource_type(match.row.version.type);
        std::optional<json::Document> document;
        for (const auto& inclusion : query_.includes) {
            if (inclusion.source != type || (round == Round::later && !inclusion.iterate)) continue;
            if (!document) {
                const json::Limits limits{.bytes_max = BodyLimits{}.json_bytes_max};
                document = TRY_CHECKED(json::Document::parse(match.body.json.reveal(), limits));
            }
            TRY(forward(inclusion, document->root()));
        }
        for (const auto& inclusion : query_.reverse_includes) {
            if (round == Round::later && !inclusion.iterate) continue;
            const bool fits = inclusion.target ? *inclusion.target == type
                                               : fhir::may_target(*inclusion.reference, fhir::name_of(type));
            if (fits) TRY(backward(inclusion, match, type));
        }
        return {};
    }

    Checked<> forward(const Inclusion& inclusion, json::Value resource) {
        for (const auto* parameter : fhir::search_parameters(inclusion.source)) {
            const bool wanted =
                inclusion.reference == nullptr
                    ? parameter->type == fhir::SearchType::reference && fhir::is_supported(*parameter)
                    : parameter == inclusion.reference;
            if (!wanted) continue;
            std::vector<fhir::IndexedValue> values;
            fhir::values_of(inclusion.source, *parameter, resource, values);
            for (const auto& indexed : values) {
                const auto& reference = std::get<fhir::ReferenceValue>(indexed.value);
                const auto type = fhir::resource_type(reference.type);
                if (!type || reference.id.empty() || (inclusion.target && inclusion.target != type)) continue;
                if (!seen_.insert(path_of(*type, reference.id)).second) continue;
                if (auto record = TRY(opener_.current(*type, reference.id, Permission::read)))
                    TRY(add({std::move(record->row), std::move(record->body)}));
                TRY(check_effort(opener_));
            }
        }
        return {};
    }

    /// Found as by a search of that type, and shown as by reading it.
    Checked<> backward(const Inclusion& inclusion, const Match& match, ResourceType type) {
        const auto& sight = opener_.sight();
        if (!sight.may_ever(Permission::search, inclusion.source) ||
            !sight.may_ever(Permission::read, inclusion.source))
            return {};
        SearchRequest inner;
        inner.query.type = inclusion.source;
        inner.query.filters.push_back(naming(*inclusion.reference, type, match.body.id));
        inner.patients = charts_of(match.row, match.body);
        inner.count = SearchLimits{}.included_max;
        auto more = TRY(search(opener_, inner));
        TRY(check_effort(opener_));
        if (more.next) return too_many();
        for (auto& one : more.matches)
            if (TRY_CHECKED(sight.may(Permission::read, inclusion.source, one.body)) &&
                seen_.insert(path_of(inclusion.source, one.body.id)).second)
                TRY(add(std::move(one)));
        return {};
    }

    Checked<> add(Match match) {
        bytes_ += match.body.json.reveal().size();
        if (found_.included.size() >= SearchLimits{}.included_max || bytes_ > SearchLimits{}.page_bytes_max)
            return too_many();
        found_.included.push_back(std::move(match));
        return {};
    }

    static tl::unexpected<fhir::Issue> too_many() {
        return fhir::refuse(IssueType::too_costly,
                            "there is too much to include in one page; ask for a smaller _count");
    }

    Opener& opener_;
    const fhir::Query& query_;
    Found& found_;
    std::unordered_set<std::string> seen_;   // Type/id of what is in the page, or was not to be found
    std::size_t bytes_ = 0;
};

}   // namespace

Checked<> add_included(Opener& opener, const fhir::Query& query, Found& found) {
    if (query.includes.empty() && query.reverse_includes.empty()) return {};
    return Including{opener, query, found}.run();
}

}   // namespace ward::vault
