// SPDX-License-Identifier: Apache-2.0
#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "fhir/compartment.hpp"
#include "fhir/rewrite.hpp"
#include "fhir/validate.hpp"
#include "fhir/values.hpp"

using namespace ward;

// Whatever has a resource type is validated, indexed, and written back as the same JSON but for its id and
// version.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    const auto text = as_text(std::as_bytes(std::span{input, size}));
    const auto document = json::Document::parse(std::string{text}, {.nodes_max = 10'000});
    if (!document) return 0;
    const auto type = fhir::resource_type((*document)["resourceType"].text());
    if (!type) return 0;
    const fhir::ValidateLimits few{.issues_max = 20};
    const auto issues = fhir::validate(document->root(), few);
    WARD_ASSERT(issues.size() <= few.issues_max + 1);
    for (const auto& issue : issues) WARD_ASSERT(!issue.diagnostics.empty());
    if (const auto values = fhir::index_values(*type, document->root()))
        for (const auto& value : *values) WARD_ASSERT(value.parameter != nullptr);
    for (const auto& id : fhir::patients_of(*type, document->root())) WARD_ASSERT(!id.empty());
    const fhir::LinkMap same = [](std::string_view link) { return std::string{link}; };
    std::string copy;
    fhir::write_resource(document->root(), {.id = {}, .version_id = {}, .last_updated = {}, .links = &same},
                         copy);
    const auto again = json::Document::parse(copy);
    WARD_ASSERT(again && json::equal(document->root(), again->root()));
    std::string edited;
    fhir::write_resource(
        document->root(),
        {.id = "i", .version_id = "7", .last_updated = "2026-01-01T00:00:00Z", .links = nullptr}, edited);
    const auto stored = json::Document::parse(edited);
    WARD_ASSERT(stored && stored->root().is_compact());
    WARD_ASSERT((*stored)["id"].text() == "i" && (*stored)["meta"]["versionId"].text() == "7");
    return 0;
}
