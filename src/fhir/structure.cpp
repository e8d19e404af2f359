// SPDX-License-Identifier: Apache-2.0
#include "fhir/structure.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace ward::fhir {
namespace {

constexpr std::string_view choice = "[x]";

/// "Quantity" in `valueQuantity`, "dateTime" in `effectiveDateTime`.
bool names_type(std::string_view suffix, std::string_view type) {
    type = type.substr(0, type.find('('));
    return suffix.size() == type.size() && !suffix.empty() && suffix.front() >= 'A' &&
           suffix.front() <= 'Z' && lower(suffix.front()) == lower(type.front()) &&
           suffix.substr(1) == type.substr(1);
}

std::optional<MemberMeaning> as_choice(const ElementRow& element, std::string_view member) {
    const auto stem = element.name.substr(0, element.name.size() - choice.size());
    if (!member.starts_with(stem)) return std::nullopt;
    std::optional<MemberMeaning> meaning;
    for_each_type(element.types, [&](std::string_view type) {
        if (names_type(member.substr(stem.size()), type)) meaning = MemberMeaning{&element, type};
    });
    return meaning;
}

}   // namespace

const ShapeRow* find_shape(std::string_view name) {
    const auto shapes = shape_rows();
    const auto found = std::ranges::lower_bound(shapes, name, {}, &ShapeRow::name);
    return found != shapes.end() && found->name == name ? &*found : nullptr;
}

std::span<const ElementRow> own_elements(const ShapeRow& shape) {
    return element_rows().subspan(shape.begin, shape.size);
}

std::optional<MemberMeaning> meaning_of(const ShapeRow& shape, std::string_view member) {
    for (const auto* level = &shape; level != nullptr; level = find_shape(level->base)) {
        for (const auto& element : own_elements(*level)) {
            if (element.name == member) return MemberMeaning{&element, element.types};
            if (!element.name.ends_with(choice)) continue;
            if (const auto meaning = as_choice(element, member)) return meaning;
        }
    }
    return std::nullopt;
}

bool has_code(const ValueSetRow& set, std::optional<std::string_view> system, std::string_view code) {
    auto lines = set.codes;
    while (!lines.empty()) {
        auto codes = take_until(lines, '\n');
        const auto of = take_until(codes, ' ');
        if (system && *system != of) continue;
        while (!codes.empty())
            if (take_until(codes, ' ') == code) return true;
    }
    return false;
}

}   // namespace ward::fhir
