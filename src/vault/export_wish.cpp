// SPDX-License-Identifier: Apache-2.0
#include "vault/export_wish.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

#include "core/text.hpp"
#include "fhir/date.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::IssueType;
using fhir::ResourceType;

constexpr std::size_t filters_max = 32;

Checked<> check_format(std::string_view value) {
    for (const auto known : {"application/fhir+ndjson", "application/ndjson", "ndjson"})
        if (value == known) return {};
    return fhir::refuse(IssueType::not_supported, "only application/fhir+ndjson is supported",
                        "_outputFormat");
}

Checked<Time> read_instant(std::string_view value) {
    const auto interval = fhir::parse_date(value);
    if (!interval || value.find('T') == std::string_view::npos)
        return fhir::refuse(IssueType::value, "_since is an instant", "_since");
    return Time{std::chrono::milliseconds{interval->lower}};
}

Checked<> add_types(std::string_view value, std::vector<ResourceType>& types) {
    while (!value.empty()) {
        const auto type = fhir::resource_type(take_until(value, ','));
        if (!type) return fhir::refuse(IssueType::value, "_type has what is no resource type", "_type");
        if (*type == ResourceType::audit_event)
            return fhir::refuse(IssueType::not_supported, "the audit trail is not exported", "_type");
        if (std::ranges::find(types, *type) == types.end()) types.push_back(*type);
    }
    return {};
}

/// `Type?search`, several with a comma between; a comma within one is escaped in the address twice.
Checked<> add_filters(std::string_view value, const std::string& base_url,
                      std::vector<fhir::Query>& filters) {
    while (!value.empty()) {
        auto search = take_until(value, ',');
        const auto type = fhir::resource_type(take_until(search, '?'));
        const auto fields = parse_form(search);
        if (!type || !fields || fields->empty())
            return fhir::refuse(IssueType::value, "_typeFilter is Type?search", "_typeFilter");
        if (filters.size() == filters_max)
            return fhir::refuse(IssueType::too_costly, "too many filters", "_typeFilter");
        filters.push_back(TRY(fhir::parse_query(*type, *fields, {base_url, {}})));
    }
    return {};
}

}   // namespace

Checked<ExportWish> read_export_wish(ExportOf of, std::string group, std::span<const FormField> parameters,
                                     const std::string& base_url) {
    ExportWish wish;
    wish.of = of;
    wish.group = std::move(group);
    for (const auto& [name, value] : parameters) {
        if (name == "_outputFormat")
            TRY(check_format(value));
        else if (name == "_since")
            wish.since = TRY(read_instant(value));
        else if (name == "_type")
            TRY(add_types(value, wish.types));
        else if (name == "_typeFilter")
            TRY(add_filters(value, base_url, wish.type_filters));
        else
            return fhir::refuse(IssueType::not_supported, "this parameter of an export is not supported",
                                name);
    }
    if (!wish.types.empty())
        for (const auto& filter : wish.type_filters)
            if (std::ranges::find(wish.types, filter.type) == wish.types.end())
                return fhir::refuse(IssueType::value, "_typeFilter is about a type that _type leaves out",
                                    "_typeFilter");
    return wish;
}

}   // namespace ward::vault
