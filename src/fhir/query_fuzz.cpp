// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "core/form.hpp"
#include "fhir/compartment.hpp"
#include "fhir/match.hpp"
#include "fhir/outcome.hpp"
#include "fhir/sort.hpp"
#include "fhir/subset.hpp"

using namespace ward;

// A line with a resource type, then the form. A refusal is valid JSON and names its reason; in what
// was accepted, every parameter filters or steers: none was ignored.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    const auto text = as_text(std::as_bytes(std::span{input, size}));
    const auto line = text.substr(0, text.find('\n'));
    const auto type = fhir::resource_type(line).value_or(fhir::ResourceType::patient);
    const auto pairs = parse_form(text.substr(std::min(line.size() + 1, text.size())));
    if (!pairs) return 0;
    const auto query = fhir::parse_query(type, *pairs);
    if (!query) {
        WARD_ASSERT(!query.error().diagnostics.empty());
        WARD_ASSERT(json::Document::parse(fhir::operation_outcome(query.error())));
        return 0;
    }
    const auto steering = std::count_if(pairs->begin(), pairs->end(), [](const FormField& pair) {
        constexpr auto names =
            std::to_array<std::string_view>({"_contained", "_count", "_elements", "_format", "_page",
                                             "_pretty", "_sort", "_summary", "_total"});
        return std::find(names.begin(), names.end(), pair.name) != names.end();
    });
    const auto selecting = query->filters.size() + query->chains.size() + query->reverses.size();
    const auto including = query->includes.size() + query->reverse_includes.size();
    WARD_ASSERT(selecting + including + static_cast<std::size_t>(steering) == pairs->size());
    const bool some_sort =
        std::any_of(pairs->begin(), pairs->end(), [](const FormField& pair) { return pair.name == "_sort"; });
    WARD_ASSERT(query->sort.empty() == !some_sort);
    for (const auto& chain : query->chains) WARD_ASSERT(!chain.targets.empty());
    for (const auto& id : fhir::patients_in_query(*query)) WARD_ASSERT(!id.empty());
    const auto empty =
        json::Document::parse(R"({"resourceType":")" + std::string{fhir::name_of(type)} + "\"}");
    bool all = true;
    for (const auto& filter : query->filters) {
        WARD_ASSERT(filter.aspect == fhir::Aspect::presence || !filter.any_of.empty() ||
                    !filter.combinations.empty());
        auto opposite = filter;
        opposite.negated = !filter.negated;
        const bool passes = fhir::matches(filter, type, empty->root(), Time{});
        WARD_ASSERT(passes != fhir::matches(opposite, type, empty->root(), Time{}));
        all = all && passes;
    }
    WARD_ASSERT(all == fhir::matches(*query, empty->root(), Time{}));
    const auto position = fhir::sort_position(*query, empty->root());
    WARD_ASSERT(fhir::compare(*query, position, position) == 0);
    WARD_ASSERT(json::Document::parse(fhir::part_of(*query, empty->root())));
    return 0;
}
