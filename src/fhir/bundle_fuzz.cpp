// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "fhir/bundle.hpp"

using namespace ward;

// Every entry is done exactly once; one without an issue can be carried out as its method needs.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    const auto text = as_text(std::as_bytes(std::span{input, size}));
    const auto document = json::Document::parse(std::string{text}, {.nodes_max = 10'000});
    if (!document) return 0;
    const auto bundle = fhir::parse_bundle(document->root());
    if (!bundle) {
        WARD_ASSERT(!bundle.error().diagnostics.empty());
        return 0;
    }
    auto order = fhir::transaction_order(*bundle);
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < order.size(); ++i) WARD_ASSERT(order[i] == i);
    for (const auto& entry : bundle->entries) {
        if (entry.issue) continue;
        WARD_ASSERT(entry.type || !entry.operation.empty());
        WARD_ASSERT(entry.id.empty() || fhir::is_id(entry.id));
        if (entry.method == fhir::Method::put) WARD_ASSERT(entry.resource.is_object() && entry.type);
        if (entry.method == fhir::Method::remove) WARD_ASSERT(entry.id.empty() != entry.query.empty());
    }
    return 0;
}
