// SPDX-License-Identifier: Apache-2.0
#include "fhir/validate.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "core/text.hpp"
#include "fhir/primitive.hpp"
#include "fhir/resource_types.hpp"
#include "fhir/structure.hpp"

namespace ward::fhir {
namespace {

/// The element's name in a path: `value` for value[x].
std::string_view stem_of(const ElementRow& element) { return element.name.substr(0, element.name.find('[')); }

std::string_view bare(std::string_view type) { return type.substr(0, type.find('(')); }

/// What may be shown of a name that the request brought.
std::string shown(std::string_view name) {
    const bool is_plain =
        name.size() <= 64 && !name.empty() && std::ranges::all_of(name, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        });
    return is_plain ? std::string{name} : std::string{"?"};
}

/// The resource type that a reference names: `Type/id` at its end, or before `_history`.
std::optional<ResourceType> type_named(std::string_view reference) {
    if (const auto history = reference.find("/_history/"); history != std::string_view::npos)
        reference = reference.substr(0, history);
    const auto id_slash = reference.rfind('/');
    if (id_slash == std::string_view::npos || !is_id(reference.substr(id_slash + 1))) return std::nullopt;
    reference = reference.substr(0, id_slash);
    const auto slash = reference.rfind('/');
    return resource_type(slash == std::string_view::npos ? reference : reference.substr(slash + 1));
}

class Walk {
public:
    explicit Walk(const ValidateLimits& limits) : limits_(limits) {}

    void resource(json::Value value, std::string path) {
        if (!value.is_object()) return wrong(IssueType::structure, "a resource is an object", path);
        const auto type = resource_type(value["resourceType"].text());
        if (!type)
            return wrong(IssueType::invalid, "resourceType is none of FHIR R4",
                         path.empty() ? "resourceType" : path + ".resourceType");
        const auto name = name_of(*type);
        if (path.empty()) path = name;
        // Contained resources do not contain others: the container is the outermost.
        const auto container = container_;
        if (!container_.exists()) container_ = value;
        if (const auto* shape = find_shape(name)) object(*shape, value, path);
        container_ = container;
    }

    /// Of an entry of a Bundle, say: what it contains is its own.
    void standing_alone(json::Value value, const std::string& path) {
        const auto container = std::exchange(container_, json::Value{});
        resource(value, path);
        container_ = container;
    }

    std::vector<Issue> finish() { return std::move(issues_); }

private:
    bool is_full() const { return issues_.size() > limits_.issues_max; }

    void wrong(IssueType type, std::string what, std::string path) {
        if (is_full()) return;
        if (issues_.size() == limits_.issues_max) {
            issues_.push_back({IssueType::too_costly, "there is more that is wrong", {}});
            return;
        }
        issues_.push_back({type, std::move(what), std::move(path)});
    }

    void object(const ShapeRow& shape, json::Value value, const std::string& path) {
        if (!value.is_object()) return wrong(IssueType::structure, "must be an object", path);
        if (value.size() == 0) return wrong(IssueType::structure, "an object must not be empty", path);
        for (const auto& [key, raw_key, member] : value.members()) {
            if (is_full()) return;
            if (key == "resourceType" && resource_type(shape.name)) continue;
            this->member(shape, value, key, member, path);
        }
        for (const auto* level = &shape; level != nullptr; level = find_shape(level->base))
            for (const auto& element : own_elements(*level)) presence(element, value, path);
    }

    void member(const ShapeRow& shape, json::Value parent, std::string_view key, json::Value value,
                const std::string& path) {
        const bool is_extension = key.starts_with('_');
        const auto name = is_extension ? key.substr(1) : key;
        const auto meaning = meaning_of(shape, name);
        if (!meaning || (is_extension && !is_primitive(meaning->type)))
            return wrong(IssueType::structure, "there is no such element", path + "." + shown(key));
        auto place = path + "." + std::string{stem_of(*meaning->element)};
        if (meaning->element->name.ends_with("[x]")) ((place += ".ofType(") += bare(meaning->type)) += ")";
        if (value.kind() == json::Kind::null)
            return wrong(IssueType::structure, "null stands only in the array of a primitive", place);
        if (is_extension) return extensions(*meaning, value, parent[name], place);
        if (!meaning->element->repeats) {
            if (value.is_array()) return wrong(IssueType::structure, "must not be an array", place);
            return item(*meaning, value, place);
        }
        if (!value.is_array()) return wrong(IssueType::structure, "must be an array", place);
        if (value.size() == 0) return wrong(IssueType::structure, "an array must not be empty", place);
        array(*meaning, value, parent["_" + std::string{name}], place);
    }

    void array(const MemberMeaning& meaning, json::Value values, json::Value extensions,
               const std::string& place) {
        std::size_t index = 0;
        auto extension = extensions.items().begin();
        for (const auto value : values.items()) {
            const bool has_extension = index < extensions.size() && (*extension).is_object();
            if (index < extensions.size()) ++extension;
            const auto at = place + "[" + std::to_string(index++) + "]";
            if (value.kind() != json::Kind::null)
                item(meaning, value, at);
            else if (!is_primitive(meaning.type) || !has_extension)
                wrong(IssueType::structure, "null stands only for a primitive with extensions", at);
        }
    }

    /// `_name` beside a primitive, or beside an array of them (R4, json.html#primitive).
    void extensions(const MemberMeaning& meaning, json::Value value, json::Value beside,
                    const std::string& place) {
        const auto* shape = find_shape("Element");
        if (!meaning.element->repeats) return object(*shape, value, place);
        if (!value.is_array()) return wrong(IssueType::structure, "must be an array", place);
        if (beside.exists() && beside.size() != value.size())
            return wrong(IssueType::structure, "the array of extensions has another length", place);
        std::size_t index = 0;
        for (const auto each : value.items()) {
            const auto at = place + "[" + std::to_string(index++) + "]";
            if (each.kind() != json::Kind::null) object(*shape, each, at);
        }
    }

    /// As often as the element must be there; of a choice at most one.
    void presence(const ElementRow& element, json::Value parent, const std::string& path) {
        std::size_t count = 0;
        const auto place = path + "." + std::string{stem_of(element)};
        const auto count_member = [&](const std::string& name, std::size_t present) {
            const auto value = parent[name];
            const auto beside = parent["_" + name];
            if (!value.exists() && !beside.exists()) return;
            count += element.repeats ? std::max(value.size(), beside.size()) : present;
        };
        if (!element.name.ends_with("[x]")) {
            if (element.min == 0) return;
            count_member(std::string{element.name}, 1);
        } else {
            for_each_type(element.types, [&](std::string_view type) {
                auto suffix = std::string{bare(type)};
                if (suffix.front() >= 'a') suffix.front() = static_cast<char>(suffix.front() - ('a' - 'A'));
                count_member(std::string{stem_of(element)} + suffix, 1);
            });
            if (count > 1) return wrong(IssueType::structure, "is given in more than one type", place);
        }
        if (count < element.min) wrong(IssueType::required, "must be there" + times(element.min), place);
    }

    static std::string times(std::size_t least) {
        return least == 1 ? std::string{} : " " + std::to_string(least) + " times";
    }

    void item(const MemberMeaning& meaning, json::Value value, const std::string& place) {
        if (is_full()) return;
        const auto type = meaning.type;
        if (is_primitive(type)) {
            if (!has_form(type, value)) return wrong(IssueType::value, "is no " + std::string{type}, place);
        } else if (type == "Resource") {
            return place.find(".contained[") != std::string::npos ? resource(value, place)
                                                                  : standing_alone(value, place);
        } else if (const auto* shape = find_shape(type.starts_with('@') ? type.substr(1) : bare(type))) {
            object(*shape, value, place);
            if (bare(type) == "Reference") reference(type, value, place);
        }
        if (meaning.element->values != 0)
            required_code(value_set_rows()[meaning.element->values - 1U], type, value, place);
    }

    void reference(std::string_view type, json::Value value, const std::string& place) {
        const auto open = type.find('(');
        if (open == std::string_view::npos) return;
        const auto target = target_of(value);
        if (!target) return;
        auto allowed = type.substr(open + 1, type.size() - open - 2);
        while (!allowed.empty())
            if (take_until(allowed, ',') == name_of(*target)) return;
        wrong(IssueType::value, "must not refer to " + std::string{name_of(*target)}, place);
    }

    /// As far as the reference tells.
    std::optional<ResourceType> target_of(json::Value reference) const {
        const auto text = reference["reference"].text();
        if (!text.starts_with('#')) {
            if (const auto named = type_named(text)) return named;
        } else {
            for (const auto contained : container_["contained"].items())
                if (contained["id"].text() == text.substr(1))
                    return resource_type(contained["resourceType"].text());
        }
        return resource_type(reference["type"].text());
    }

    void required_code(const ValueSetRow& set, std::string_view type, json::Value value,
                       const std::string& place) {
        const auto coded = [&](json::Value coding) {
            const auto system = coding["system"];
            return has_code(set, system.exists() ? std::optional{system.text()} : std::nullopt,
                            coding["code"].text());
        };
        bool is_one = true;
        if (type == "CodeableConcept") {
            is_one = false;
            for (const auto coding : value["coding"].items()) is_one = is_one || coded(coding);
        } else if (type == "Coding") {
            is_one = coded(value);
        } else if (value.is_string()) {
            is_one = has_code(set, std::nullopt, value.text());
        }
        if (!is_one) wrong(IssueType::code_invalid, "has no code of " + std::string{set.url}, place);
    }

    const ValidateLimits& limits_;
    json::Value container_;   // whose `contained` a reference with # names
    std::vector<Issue> issues_;
};

}   // namespace

std::vector<Issue> validate(json::Value resource, const ValidateLimits& limits) {
    Walk walk{limits};
    walk.resource(resource, {});
    return walk.finish();
}

}   // namespace ward::fhir
