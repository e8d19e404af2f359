// SPDX-License-Identifier: Apache-2.0
#include "vault/validating.hpp"

#include <fmt/format.h>

#include "fhir/outcome.hpp"
#include "fhir/validate.hpp"
#include "vault/writing.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::IssueType;
using fhir::ResourceType;

enum class Mode { unsaid, create, update, remove };

struct Wish {
    json::Value resource;
    Mode mode = Mode::unsaid;
};

Checked<> take_parameter(std::string_view name, std::string_view value, ResourceType type, Wish& wish) {
    if (name == "mode") {
        if (value == "create")
            wish.mode = Mode::create;
        else if (value == "update")
            wish.mode = Mode::update;
        else if (value == "delete")
            wish.mode = Mode::remove;
        else
            return fhir::refuse(IssueType::not_supported, "mode is create, update or delete", "mode");
        return {};
    }
    if (name == "profile") {
        const auto base = fmt::format("http://hl7.org/fhir/StructureDefinition/{}", fhir::name_of(type));
        if (value == base) return {};
        return fhir::refuse(IssueType::not_supported,
                            fmt::format("only the base definition is known, which is {}", base), "profile");
    }
    if (name == "_format" || name == "_pretty") return {};
    return fhir::refuse(IssueType::not_supported, "this parameter of $validate is not supported",
                        std::string{name});
}

Checked<Wish> read_wish(ResourceType type, json::Value body, std::span<const FormField> parameters) {
    Wish wish;
    for (const auto& [name, value] : parameters) TRY(take_parameter(name, value, type, wish));
    if (body["resourceType"].text() != "Parameters" || type == ResourceType::parameters) {
        if (body.is_object()) wish.resource = body;
        return wish;
    }
    for (const auto parameter : body["parameter"].items()) {
        const auto name = parameter["name"].text();
        if (name == "resource") {
            wish.resource = parameter["resource"];
            continue;
        }
        auto value = parameter["valueCode"];
        if (!value.exists()) value = parameter["valueUri"];
        if (!value.exists()) value = parameter["valueCanonical"];
        TRY(take_parameter(name, value.text(), type, wish));
    }
    return wish;
}

}   // namespace

Checked<Reply> validate(Vault& vault, const Caller& caller, ResourceType type, const std::string& id,
                        json::Value body, std::span<const FormField> parameters, AuditTrail& trail) {
    const auto name = fhir::name_of(type);
    trail.entities = {id.empty() ? std::string{name} : fmt::format("{}/{}", name, id)};
    const auto wish = TRY(read_wish(type, body, parameters));
    std::vector<fhir::Issue> issues;
    if (wish.mode != Mode::remove) {
        if (!wish.resource.exists())
            return fhir::refuse(IssueType::required, "$validate needs a resource", "resource");
        issues = fhir::validate(wish.resource);
        if (wish.resource["resourceType"].text() != name)
            issues.push_back(
                {IssueType::invalid, fmt::format("resourceType is not {}", name), "resourceType"});
        if (!id.empty() && wish.mode != Mode::create && wish.resource["id"].text() != id)
            issues.push_back({IssueType::invalid, "the id in the resource is not the one in the address",
                              fmt::format("{}.id", name)});
    }
    if (wish.mode == Mode::update || wish.mode == Mode::remove) {
        if (id.empty())
            return fhir::refuse(IssueType::required, "this mode of $validate is for one resource", "mode");
        const auto permission = wish.mode == Mode::remove ? Permission::remove : Permission::update;
        const auto current = TRY(current_version(vault, caller, {permission}, type, id, trail));
        if (wish.mode == Mode::remove && !is_there(current))
            issues.push_back({IssueType::not_found, "there is no such resource", {}});
        if (auto may = check_may_change(type, current); !may) issues.push_back(std::move(may).error());
    }
    if (issues.empty())
        return Reply{200,
                     {},
                     fhir::operation_outcome({IssueType::informational, "nothing is wrong", {}},
                                             fhir::Severity::information),
                     {}};
    return Reply{200, {}, fhir::operation_outcome(issues, fhir::Severity::error), {}};
}

}   // namespace ward::vault
