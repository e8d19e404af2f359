// SPDX-License-Identifier: Apache-2.0
// What a client asks to export (Bulk Data Access IG 2.0, "Bulk Data Kick-off Request").
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/form.hpp"
#include "fhir/issue.hpp"
#include "fhir/query.hpp"
#include "fhir/resource_types.hpp"

namespace ward::vault {

/// Everything, everything that lies in charts, or the charts of the members of a Group.
enum class ExportOf { system, patients, group };

struct ExportWish {
    ExportOf of = ExportOf::system;
    std::string group;                       // id
    std::vector<fhir::ResourceType> types;   // as asked; empty: all
    std::optional<Time> since;               // only what was last changed then or later
    std::vector<fhir::Query> type_filters;   // of a type with any, what at least one of them matches
};

/// A parameter that this server does not heed is refused: the client would get other data than it asked for.
fhir::Checked<ExportWish> read_export_wish(ExportOf of, std::string group,
                                           std::span<const FormField> parameters,
                                           const std::string& base_url);

}   // namespace ward::vault
