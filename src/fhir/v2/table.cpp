// SPDX-License-Identifier: Apache-2.0
#include "fhir/v2/table.hpp"

#include <algorithm>

namespace ward::fhir::v2 {

namespace {

/// Converts one repetition to its place, or leaves no trace of it.
void convert(const Source& source, Element element, Place root) {
    const auto path = source.row.path;
    const auto array = path.rfind("[]");
    const auto inside = array == std::string_view::npos ? path : path.substr(array + 2);
    const auto element_path =
        array == std::string_view::npos ? std::string_view{} : path.substr(0, array + 2);
    const auto target_path = inside.starts_with('.') ? inside.substr(1) : inside;

    const auto container = root.at(element_path);
    const auto target = container.at(target_path);
    source.row.convert(source, element, target);
    const auto& fixed = source.row.fixed;
    if (fixed.name.empty() || !target.holds_value()) return;
    if (fixed.wins == Fixed::Wins::never && container.has(fixed.name)) return;
    const auto member = container[fixed.name];
    member.clear();
    member.json(fixed.json);
}

std::string_view first_step(std::string_view path) { return path.substr(0, path.find_first_of(".[")); }

void apply_row(Build& build, const Segment& segment, const Row& row, Place root,
               std::vector<std::string_view>* cleared) {
    const auto field = segment[row.field];
    if (field.empty() || (row.unless != 0 && !is_blank(segment[row.unless]))) return;
    if (field.is_null()) {
        if (cleared != nullptr) cleared->push_back(first_step(row.path));
        return;
    }
    Source source{.build = build, .segment = segment, .row = row};
    if (row.takes == Takes::field) return convert(source, field, root);
    const bool repeats = row.path.find("[]") != std::string_view::npos;
    for (const auto element : field.repetitions()) {
        if (is_blank(element)) continue;
        if (source.repetition == build.limits().repetitions_max) return source.miss(UnmappedReason::limit);
        if (source.repetition > 0 && !repeats) return source.miss(UnmappedReason::repetition);
        convert(source, element, root);
        ++source.repetition;
    }
}

}   // namespace

void Source::miss(UnmappedReason reason) const { build.miss(segment, row.field, reason); }

void apply(Build& build, const Segment& segment, std::span<const Row> rows, Place root) {
    for (const auto& row : rows)
        if (row.convert != nullptr) apply_row(build, segment, row, root, nullptr);
}

void apply(Build& build, const Segment& segment, std::span<const Row> rows, Growing& resource) {
    for (const auto& row : rows)
        if (row.convert != nullptr) apply_row(build, segment, row, resource.root(), &resource.cleared);
}

const CodeEntry* translated(Build& build, const Segment& segment, std::size_t field, const Codes& codes) {
    const auto said = text_of(segment[field][1]);
    const auto* entry = codes.find(said);
    if (entry == nullptr) entry = codes.find(lowered(said));
    if (entry == nullptr && !said.empty()) build.miss(segment, field, UnmappedReason::unknown_code);
    return entry;
}

void miss_unknown_fields(Build& build, const Segment& segment,
                         std::initializer_list<std::span<const Row>> tables) {
    for (std::size_t field = 1; field <= segment.field_count(); ++field) {
        const auto has_row = [field](std::span<const Row> rows) {
            return std::ranges::find(rows, field, &Row::field) != rows.end();
        };
        if (is_blank(segment[field]) || std::ranges::any_of(tables, has_row)) continue;
        build.miss(segment, field, UnmappedReason::unknown_field);
    }
}

}   // namespace ward::fhir::v2
