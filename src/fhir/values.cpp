// SPDX-License-Identifier: Apache-2.0
#include "fhir/values.hpp"

#include <algorithm>
#include <array>

#include "core/assert.hpp"
#include "fhir/path.hpp"

namespace ward::fhir {

namespace {

struct CompiledComponent {
    const SearchParameter* parameter;
    Path path;
    bool from_resource;   // and not from what the composite's expression leads to
};

struct Compiled {
    const SearchParameter* parameter;
    Path path;
    std::vector<CompiledComponent> components;
};

std::vector<CompiledComponent> compile_components(ResourceType type, const SearchParameter& parameter) {
    constexpr std::string_view resource = "%resource.";
    std::vector<CompiledComponent> compiled;
    for (auto component : components_of(type, parameter)) {
        const bool from_resource = component.expression.starts_with(resource);
        if (from_resource) component.expression.remove_prefix(resource.size());
        auto path = Path::compile(component.expression, name_of(type));
        WARD_ASSERT(path && component.parameter != nullptr);
        compiled.push_back({component.parameter, *std::move(path), from_resource});
    }
    return compiled;
}

// For each type, by its number. Compiled once: the expressions are constants.
const std::vector<std::vector<Compiled>>& compiled_parameters() {
    static const auto table = [] {
        std::vector<std::vector<Compiled>> by_number(resource_types().size() + 1);
        for (const auto type : resource_types()) {
            for (const auto* parameter : search_parameters(type)) {
                if (!is_supported(*parameter)) continue;
                auto path = Path::compile(parameter->expression, name_of(type));
                WARD_ASSERT(path);
                by_number[number_of(type)].push_back(
                    {parameter, *std::move(path), compile_components(type, *parameter)});
            }
        }
        return by_number;
    }();
    return table;
}

const Compiled& compiled(ResourceType type, const SearchParameter& parameter) {
    const auto& all = compiled_parameters()[number_of(type)];
    const auto found = std::find_if(
        all.begin(), all.end(), [&](const Compiled& candidate) { return candidate.parameter == &parameter; });
    WARD_ASSERT(found != all.end());
    return *found;
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
            case SearchType::number: return number(node.value);
            case SearchType::quantity: return quantity(node.value);
            case SearchType::uri: return uri(node.value);
            default: return;
        }
    }

    // R4, search.html#token: ":text … either CodeableConcept.text, Coding.display, or Identifier.type.text".
    void text(json::Value value) {
        const auto concept_text = [this](json::Value codeable) {
            add_string(codeable["text"].text());
            for (const auto coding : codeable["coding"].items()) add_string(coding["display"].text());
        };
        concept_text(value);
        concept_text(value["type"]);
        add_string(value["display"].text());
    }

    // Of a Reference that says whom it means by an identifier.
    void identifier(json::Value value) {
        const auto identifier = value["identifier"];
        add_token(identifier["system"].text(), identifier["value"].text());
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

    static std::optional<Decimal> decimal(json::Value value) {
        return value.kind() == json::Kind::number ? parse_decimal(value.raw()) : std::nullopt;
    }

    static DecimalInterval range(json::Value value) {
        DecimalInterval interval;
        interval.lower = decimal(value["low"]["value"]);
        interval.upper = decimal(value["high"]["value"]);
        return interval;
    }

    void number(json::Value value) {
        NumberValue number;
        number.interval = value.is_object() ? range(value) : DecimalInterval{decimal(value), decimal(value)};
        if (number.interval.lower || number.interval.upper) add(std::move(number));
    }

    // Quantity and its kin, Money, Range. SampledData has no value to compare with.
    void quantity(json::Value value) {
        QuantityValue quantity;
        quantity.interval = range(value);
        auto unit = value;
        if (const auto exact = decimal(value["value"])) {
            quantity.interval = around(*exact, value["comparator"].text());
        } else {
            unit = value["low"].exists() ? value["low"] : value["high"];
        }
        if (!quantity.interval.lower && !quantity.interval.upper) return;
        quantity.system = unit["system"].text();
        quantity.code = unit["code"].text();
        quantity.unit = unit["unit"].text();
        if (value["currency"].is_string()) {
            quantity.system = "urn:iso:std:iso:4217";   // R4, datatypes.html#Money
            quantity.code = value["currency"].text();
        }
        add(std::move(quantity));
    }

    // R4, valueset-quantity-comparator.html.
    static DecimalInterval around(const Decimal& number, std::string_view comparator) {
        DecimalInterval interval{number, number};
        if (comparator.starts_with('<')) interval.lower = std::nullopt;
        if (comparator.starts_with('>')) interval.upper = std::nullopt;
        interval.upper_open = comparator == "<";
        interval.lower_open = comparator == ">";
        return interval;
    }

    void uri(json::Value value) {
        if (!value.text().empty()) add(UriValue{std::string{value.text()}});
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

std::vector<NodeView> nodes_of(const Path& path, json::Value from) {
    std::vector<NodeView> nodes;
    path.evaluate(from, nodes);
    return nodes;
}

std::vector<Value> part_of(const SearchParameter& parameter, const std::vector<NodeView>& nodes) {
    std::vector<IndexedValue> indexed;
    Extraction extraction{parameter, indexed};
    for (const auto& node : nodes) extraction.extract(node);
    std::vector<Value> values;
    for (auto& each : indexed) values.push_back(std::move(each.value));
    return values;
}

// R4, search.html#token: ":of-type … Identifier.type.coding.system, its code, and Identifier.value".
CompositeValue typed_identifier(json::Value identifier) {
    CompositeValue parts(2);
    for (const auto coding : identifier["type"]["coding"].items())
        parts[0].emplace_back(TokenValue{TokenValue::System::named, std::string{coding["system"].text()},
                                         std::string{coding["code"].text()}});
    if (identifier["value"].is_string())
        parts[1].emplace_back(
            TokenValue{TokenValue::System::none, {}, std::string{identifier["value"].text()}});
    return parts;
}

}   // namespace

bool is_indexed(const SearchParameter& parameter) {
    switch (parameter.type) {
        case SearchType::number:
        case SearchType::quantity:
        case SearchType::composite: return false;
        default: return is_supported(parameter);
    }
}

Result<std::vector<IndexedValue>> index_values(ResourceType type, json::Value resource, ValueLimits limits) {
    std::vector<IndexedValue> values;
    constexpr std::size_t usual = 32;
    values.reserve(usual);
    std::vector<NodeView> nodes;
    for (const auto& compiled : compiled_parameters()[number_of(type)]) {
        if (!is_indexed(*compiled.parameter)) continue;
        extract_all(compiled, resource, nodes, values);
        if (values.size() > limits.values_max)
            return fail(Errc::limit_exceeded, "a resource has too many values to index");
    }
    return values;
}

void values_of(ResourceType type, const SearchParameter& parameter, json::Value resource,
               std::vector<IndexedValue>& out, Aspect aspect) {
    Extraction extraction{parameter, out};
    for (const auto& node : nodes_of(compiled(type, parameter).path, resource)) {
        switch (aspect) {
            case Aspect::value: extraction.extract(node); break;
            case Aspect::text: extraction.text(node.value); break;
            case Aspect::identifier: extraction.identifier(node.value); break;
            case Aspect::presence:
            case Aspect::type_and_value: break;
        }
    }
}

std::vector<CompositeValue> composites_of(ResourceType type, const SearchParameter& parameter,
                                          json::Value resource) {
    const auto& composite = compiled(type, parameter);
    std::vector<CompositeValue> values;
    for (const auto& node : nodes_of(composite.path, resource)) {
        if (composite.components.empty()) {
            values.push_back(typed_identifier(node.value));
            continue;
        }
        auto& parts = values.emplace_back();
        for (const auto& part : composite.components)
            parts.push_back(
                part_of(*part.parameter, nodes_of(part.path, part.from_resource ? resource : node.value)));
    }
    return values;
}

bool is_present(ResourceType type, const SearchParameter& parameter, json::Value resource) {
    return !nodes_of(compiled(type, parameter).path, resource).empty();
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
