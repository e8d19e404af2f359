// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "core/form.hpp"
#include "fhir/compartment.hpp"
#include "fhir/match.hpp"
#include "fhir/outcome.hpp"

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
    const auto filtering = std::count_if(pairs->begin(), pairs->end(), [](const FormField& pair) {
        return pair.name != "_count" && pair.name != "_page" && pair.name != "_format" &&
               pair.name != "_pretty";
    });
    WARD_ASSERT(query->filters.size() == static_cast<std::size_t>(filtering));
    for (const auto& filter : query->filters) WARD_ASSERT(!filter.any_of.empty());
    for (const auto& id : fhir::patients_in_query(*query)) WARD_ASSERT(!id.empty());
    const auto empty =
        json::Document::parse(R"({"resourceType":")" + std::string{fhir::name_of(type)} + "\"}");
    const bool found = fhir::matches(*query, empty->root(), Time{});
    WARD_ASSERT(found == query->filters.empty() || type == fhir::ResourceType::patient);   // deceased=false
    return 0;
}
