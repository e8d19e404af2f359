// SPDX-License-Identifier: Apache-2.0
// R4, http.html#summary: what an address and a method mean.
#include <array>
#include <charconv>
#include <fmt/format.h>

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

Checked<Route> system_route(Method method, std::string_view name) {
    Route route;
    if (name.empty())
        route.interaction = TRY(choose(method, {{Method::post, Interaction::transaction}}));
    else if (name == "metadata")
        route.interaction = TRY(choose(method, {{Method::get, Interaction::capabilities}}));
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
    else if (name == "$broken-glass" && route.type == fhir::ResourceType::audit_event) {
        route.operation = name;
        route.interaction = TRY(choose(method, {{Method::get, Interaction::operation}}));
    } else if (fhir::is_id(name)) {
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
    if (name == "$review" && route.type == fhir::ResourceType::audit_event) {
        route.operation = name;
        route.interaction = TRY(choose(method, {{Method::post, Interaction::operation}}));
        return route;
    }
    if (route.type != fhir::ResourceType::patient)
        return fhir::refuse(IssueType::not_found, "there is no such address");
    if (name == "$break-glass") {
        route.operation = name;
        route.interaction = TRY(choose(method, {{Method::post, Interaction::operation}}));
        return route;
    }
    if (name == "$everything") {
        route.operation = name;
        route.interaction = TRY(
            choose(method, {{Method::get, Interaction::operation}, {Method::post, Interaction::operation}}));
        return route;
    }
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
    if (path.count == 0 || path.at[0] == "metadata") {
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
