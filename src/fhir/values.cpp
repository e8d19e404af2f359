// SPDX-License-Identifier: Apache-2.0
#include "fhir/values.hpp"

#include <algorithm>
#include <array>

#include "core/assert.hpp"
#include "fhir/path.hpp"

namespace ward::fhir {

namespace {

struct Compiled {
    const SearchParameter* parameter;
    Path path;
};

// For each type, by its number. Compiled once: the expressions are constants.
const std::vector<std::vector<Compiled>>& compiled_parameters() {
    static const auto table = [] {
        std::vector<std::vector<Compiled>> by_number(resource_types().size() + 1);
        for (const auto type : resource_types()) {
            for (const auto* parameter : search_parameters(type)) {
                if (!is_supported(*parameter)) continue;
                auto path = Path::compile(parameter->expression, name_of(type));
                WARD_ASSERT(path);
                by_number[number_of(type)].push_back({parameter, *std::move(path)});
            }
        }
        return by_number;
    }();
    return table;
}

/// Turns the nodes of one parameter into values, by the shape that R4 gives each type in JSON.
class Extraction {
public:
    Extraction(const SearchParameter& parameter, std::vector<IndexedValue>& out)
        : parameter_(parameter), out_(out) {}

    void extract(const NodeView& node) {
        switch (parameter_.type) {
            case SearchType::token: return token(node);
            case SearchType::string: return string(node.value);
            case SearchType::date: return date(node.value);
            case SearchType::reference: return reference(node.value);
            default: return;
        }
    }

private:
    template <class T>
    void add(T value) {
        auto& indexed = out_.emplace_back();
        indexed.parameter = &parameter_;
        indexed.value.emplace<T>(std::move(value));
    }

    // R4, search.html#token.
    void token(const NodeView& node) {
        const auto value = node.value;
        if (node.computed) return add_implied(*node.computed ? "true" : "false");
        if (value.is_string()) return add_implied(value.text());
        if (value.kind() == json::Kind::boolean) return add_implied(value.raw());
        if (const auto codings = value["coding"]; codings.is_array()) {
            for (const auto coding : codings.items())
                add_token(coding["system"].text(), coding["code"].text());
        } else if (value["code"].is_string()) {
            add_token(value["system"].text(), value["code"].text());
        } else if (value["value"].is_string()) {
            const auto system = value["system"].text();
            add_token(is_contact_system(system) ? "" : system, value["value"].text());
        }
    }

    // The `system` of a ContactPoint says what it is for; as a namespace it would match nothing.
    static bool is_contact_system(std::string_view system) {
        constexpr auto systems =
            std::to_array<std::string_view>({"phone", "fax", "email", "pager", "url", "sms", "other"});
        return std::find(systems.begin(), systems.end(), system) != systems.end();
    }

    void add_implied(std::string_view code) {
        if (!code.empty()) add(TokenValue{TokenValue::System::implied, {}, std::string{code}});
    }

    void add_token(std::string_view system, std::string_view code) {
        if (code.empty() && system.empty()) return;
        const auto kind = system.empty() ? TokenValue::System::none : TokenValue::System::named;
        add(TokenValue{kind, std::string{system}, std::string{code}});
    }

    // R4, search.html#string: a HumanName or an Address is found by any of its parts.
    void string(json::Value value) {
        if (value.is_string()) return add_string(value.text());
        constexpr auto parts =
            std::to_array<std::string_view>({"text", "family", "given", "prefix", "suffix", "line", "city",
                                             "district", "state", "postalCode", "country", "value"});
        for (const auto& [key, raw_key, part] : value.members()) {
            if (std::find(parts.begin(), parts.end(), key) == parts.end()) continue;
            add_string(part.text());
            for (const auto item : part.items()) add_string(item.text());
        }
    }

    void add_string(std::string_view text) {
        auto normalised = normalise(text);
        if (!normalised.empty()) add(StringValue{std::string{text}, std::move(normalised)});
    }

    // R4, search.html#date: of a Timing "only the outer limits matter".
    void date(json::Value value) {
        if (value.is_string()) {
            if (const auto interval = parse_date(value.text())) add(DateValue{*interval});
            return;
        }
        std::optional<DateInterval> all;
        const auto include = [&](std::optional<DateInterval> part) {
            if (!part) return;
            all = all ? DateInterval{std::min(all->lower, part->lower), std::max(all->upper, part->upper)}
                      : *part;
        };
        include(period(value));
        include(period(value["repeat"]["boundsPeriod"]));
        for (const auto event : value["event"].items()) include(parse_date(event.text()));
        if (all) add(DateValue{*all});
    }

    static std::optional<DateInterval> period(json::Value value) {
        const auto start = value["start"];
        const auto end = value["end"];
        if (!start.is_string() && !end.is_string()) return std::nullopt;
        DateInterval interval;
        if (start.exists()) {
            const auto parsed = parse_date(start.text());
            if (!parsed) return std::nullopt;
            interval.lower = parsed->lower;
        }
        if (end.exists()) {
            const auto parsed = parse_date(end.text());
            if (!parsed) return std::nullopt;
            interval.upper = parsed->upper;
        }
        return interval;
    }

    void reference(json::Value value) {
        if (value.is_string()) return add_reference(parse_reference(value.text()));
        if (value["resourceType"].is_string()) {   // Bundle.entry[0].resource
            ReferenceValue inside;
            inside.type = value["resourceType"].text();
            inside.id = value["id"].text();
            if (!inside.id.empty()) add(std::move(inside));
            return;
        }
        auto found = parse_reference(value["reference"].text());
        const auto identifier = value["identifier"];
        found.identifier_system = identifier["system"].text();
        found.identifier_value = identifier["value"].text();
        if (found.type.empty() && found.url.empty()) found.type = value["type"].text();
        add_reference(std::move(found));
    }

    void add_reference(ReferenceValue value) {
        if (!value.id.empty() || !value.url.empty() || !value.identifier_value.empty()) add(std::move(value));
    }

    const SearchParameter& parameter_;
    std::vector<IndexedValue>& out_;
};

void extract_all(const Compiled& compiled, json::Value resource, std::vector<NodeView>& nodes,
                 std::vector<IndexedValue>& out) {
    nodes.clear();
    compiled.path.evaluate(resource, nodes);
    Extraction extraction{*compiled.parameter, out};
    for (const auto& node : nodes) extraction.extract(node);
}

}   // namespace

Result<std::vector<IndexedValue>> index_values(ResourceType type, json::Value resource, ValueLimits limits) {
    std::vector<IndexedValue> values;
    constexpr std::size_t usual = 32;
    values.reserve(usual);
    std::vector<NodeView> nodes;
    for (const auto& compiled : compiled_parameters()[number_of(type)]) {
        extract_all(compiled, resource, nodes, values);
        if (values.size() > limits.values_max)
            return fail(Errc::limit_exceeded, "a resource has too many values to index");
    }
    return values;
}

void values_of(ResourceType type, const SearchParameter& parameter, json::Value resource,
               std::vector<IndexedValue>& out) {
    std::vector<NodeView> nodes;
    for (const auto& compiled : compiled_parameters()[number_of(type)])
        if (compiled.parameter == &parameter) extract_all(compiled, resource, nodes, out);
}

ReferenceValue parse_reference(std::string_view text) {
    ReferenceValue reference;
    if (text.empty() || text.starts_with('#')) return reference;
    if (const auto bar = text.find('|'); bar != std::string_view::npos) {   // a canonical's version
        reference.version = text.substr(bar + 1);
        text = text.substr(0, bar);
    }
    constexpr std::string_view history = "/_history/";
    if (const auto at = text.find(history); at != std::string_view::npos) {
        reference.version = text.substr(at + history.size());
        text = text.substr(0, at);
    }
    const auto slash = text.find('/');
    const bool relative = slash != std::string_view::npos && is_id(text.substr(slash + 1)) &&
                          resource_type(text.substr(0, slash)).has_value();
    if (relative) {
        reference.type = text.substr(0, slash);
        reference.id = text.substr(slash + 1);
    } else {
        reference.url = text;
    }
    return reference;
}

}   // namespace ward::fhir
