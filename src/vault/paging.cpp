// SPDX-License-Identifier: Apache-2.0
#include "vault/paging.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "vault/cursor.hpp"

namespace ward::vault {

using fhir::Checked;
using fhir::IssueType;

std::string address_of(const PageRequest& page) {
    return page.parameters.empty() ? page.path : fmt::format("{}?{}", page.path, write_form(page.parameters));
}

std::string version_path(fhir::ResourceType type, std::string_view id, std::int64_t number) {
    return fmt::format("{}/{}/_history/{}", fhir::name_of(type), id, number);
}

Checked<std::optional<Place>> turn_page(Vault& vault, const Caller& caller, PageRequest& page) {
    const auto cursor = std::ranges::find(page.parameters, "_page", &FormField::name);
    if (cursor == page.parameters.end()) return std::optional<Place>{};
    auto opened = open_cursor(vault.cursor_key(), cursor->value);
    const bool is_theirs = opened && opened->caller == fingerprint_of(caller);
    // Clients add a _count of their own to every link they follow; the pages of a search are of one length.
    const bool is_all = std::ranges::all_of(page.parameters, [](const FormField& field) {
        return field.name == "_page" || field.name == "_count";
    });
    if (!is_theirs || opened->path != page.path || !is_all)
        return fhir::refuse(IssueType::value, "this is no page of this request", "_page");
    page.parameters = std::move(opened->parameters);
    return std::optional{std::move(opened->place)};
}

Checked<std::string> next_url(Vault& vault, const Caller& caller, const PageRequest& page, Place place) {
    const Cursor next{page.path, page.parameters, std::move(place), fingerprint_of(caller)};
    const auto cursor = TRY_CHECKED(seal_cursor(vault.cursor_key(), next));
    return fmt::format("{}/{}?_page={}", vault.base_url(), page.path, cursor);
}

}   // namespace ward::vault
