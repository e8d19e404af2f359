// SPDX-License-Identifier: Apache-2.0
// R4, http.html#summary: what an address and a method mean.
#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "core/text.hpp"
#include "vault/dispatch.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::Interaction;
using fhir::IssueType;
using http::Method;

constexpr std::size_t segments_max = 4;

struct Segments {
    std::array<std::string_view, segments_max> at{};
    std::size_t count = 0;
};

Checked<Segments> split(std::string_view path) {
    Segments segments;
    while (!path.empty()) {
        if (segments.count == segments_max)
            return fhir::refuse(IssueType::not_found, "there is no such address");
        const auto slash = path.find('/');
        segments.at[segments.count++] = path.substr(0, slash);
        path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
    }
    return segments;
}

Checked<Interaction> choose(Method asked, std::initializer_list<std::pair<Method, Interaction>> choices) {
    if (asked == Method::head) asked = Method::get;
    for (const auto& [method, interaction] : choices)
        if (method == asked) return interaction;
    return fhir::refuse(IssueType::not_supported, "this address does not support this method");
}

Checked<fhir::ResourceType> type_named(std::string_view name) {
    if (const auto type = fhir::resource_type(name)) return *type;
    return fhir::refuse(IssueType::not_found, "there is no such resource type");
}

Checked<Route> operation_route(Method method, Route route, std::string_view operation,
                               std::initializer_list<Method> methods) {
    if (std::ranges::find(methods, method) == methods.end())
        return fhir::refuse(IssueType::not_supported, "this address does not support this method");
    route.interaction = Interaction::operation;
    route.operation = operation;
    return route;
}

Checked<Route> export_route(Method method, ExportOf of, std::string group) {
    Route route;
    route.export_of = of;
    route.id = std::move(group);
    return operation_route(method, std::move(route), "$export", {Method::get});
}

/// What an export has to say and to give: _export/id, and _export/id/file.
Checked<Route> export_result_route(Method method, const Segments& path) {
    Route route;
    if (path.count < 2 || path.count > 3 || !fhir::is_id(path.at[1]))
        return fhir::refuse(IssueType::not_found, "there is no such address");
    route.id = path.at[1];
    if (path.count == 2)
        return operation_route(method, std::move(route), "_export", {Method::get, Method::del});
    const auto file = number(path.at[2]);
    if (!file) return fhir::refuse(IssueType::not_found, "there is no such address");
    route.file = *file;
    return operation_route(method, std::move(route), "_export", {Method::get});
}

Checked<Route> system_route(Method method, std::string_view name) {
    Route route;
    if (name.empty())
        route.interaction = TRY(choose(method, {{Method::post, Interaction::transaction}}));
    else if (name == "metadata")
        route.interaction = TRY(choose(method, {{Method::get, Interaction::capabilities}}));
    else if (name == "$export")
        return export_route(method, ExportOf::system, {});
    else
        return fhir::refuse(IssueType::not_found, "there is no such address");
    return route;
}

/// Below a type: its history, its searches, one resource.
Checked<Route> type_route(Method method, Route route, std::string_view name) {
    if (name == "_search")
        route.interaction = TRY(choose(method, {{Method::post, Interaction::search_type}}));
    else if (name == "_history")
        route.interaction = TRY(choose(method, {{Method::get, Interaction::history_type}}));
    else if (name == "$broken-glass" && route.type == fhir::ResourceType::audit_event)
        return operation_route(method, std::move(route), name, {Method::get});
    else if (name == "$validate")
        return operation_route(method, std::move(route), name, {Method::post});
    else if (name == "$export" && route.type == fhir::ResourceType::patient)
        return export_route(method, ExportOf::patients, {});
    else if (fhir::is_id(name)) {
        route.id = name;
        route.interaction = TRY(choose(method, {{Method::get, Interaction::read},
                                                {Method::put, Interaction::update},
                                                {Method::patch, Interaction::patch},
                                                {Method::del, Interaction::remove}}));
    } else
        return fhir::refuse(IssueType::not_found, "there is no such address");
    return route;
}

/// Below one resource: its history, an operation, or the types in a patient's compartment.
Checked<Route> instance_route(Method method, Route route, std::string_view name) {
    if (name == "_history") {
        route.interaction = TRY(choose(method, {{Method::get, Interaction::history_instance}}));
        return route;
    }
    if (name == "$validate") return operation_route(method, std::move(route), name, {Method::post});
    if (name == "$review" && route.type == fhir::ResourceType::audit_event)
        return operation_route(method, std::move(route), name, {Method::post});
    if (name == "$export" && fhir::name_of(route.type) == "Group")
        return export_route(method, ExportOf::group, std::move(route.id));
    if (route.type != fhir::ResourceType::patient)
        return fhir::refuse(IssueType::not_found, "there is no such address");
    if (name == "$break-glass") return operation_route(method, std::move(route), name, {Method::post});
    if (name == "$everything")
        return operation_route(method, std::move(route), name, {Method::get, Method::head, Method::post});
    route.compartment = std::move(route.id);
    route.id.clear();
    route.type = TRY(type_named(name));
    if (!fhir::in_patient_compartment(route.type))
        return fhir::refuse(IssueType::not_found, fmt::format("{} is in no patient's compartment", name));
    route.interaction = TRY(choose(method, {{Method::get, Interaction::search_type}}));
    return route;
}

Checked<Route> deep_route(Method method, Route route, const Segments& path) {
    const auto& last = path.at[3];
    if (path.at[2] == "_history") {
        const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), route.version);
        if (error != std::errc{} || end != last.data() + last.size() || route.version < 1)
            return fhir::refuse(IssueType::not_found, "there is no such version");
        route.interaction = TRY(choose(method, {{Method::get, Interaction::vread}}));
        return route;
    }
    if (last != "_search") return fhir::refuse(IssueType::not_found, "there is no such address");
    TRY(choose(method, {{Method::post, Interaction::search_type}}));
    return instance_route(Method::get, std::move(route), path.at[2]);
}

}   // namespace

bool Route::is_conditional() const {
    using enum Interaction;
    return id.empty() && (interaction == update || interaction == patch || interaction == remove);
}

Checked<Route> find_route(const AskView& ask) {
    const auto path = TRY(split(ask.path));
    if (path.count > 0 && path.at[0] == "_export") return export_result_route(ask.method, path);
    if (path.count == 0 || path.at[0] == "metadata" || path.at[0] == "$export") {
        if (path.count > 1) return fhir::refuse(IssueType::not_found, "there is no such address");
        return system_route(ask.method, path.at[0]);
    }
    Route route;
    route.type = TRY(type_named(path.at[0]));
    if (path.count == 1) {
        route.interaction = TRY(choose(ask.method, {{Method::get, Interaction::search_type},
                                                    {Method::post, Interaction::create},
                                                    {Method::put, Interaction::update},
                                                    {Method::patch, Interaction::patch},
                                                    {Method::del, Interaction::remove}}));
        return route;
    }
    if (path.count == 2) return type_route(ask.method, std::move(route), path.at[1]);
    if (!fhir::is_id(path.at[1])) return fhir::refuse(IssueType::not_found, "there is no such address");
    route.id = path.at[1];
    if (path.count == 3) return instance_route(ask.method, std::move(route), path.at[2]);
    return deep_route(ask.method, std::move(route), path);
}

}   // namespace ward::vault
