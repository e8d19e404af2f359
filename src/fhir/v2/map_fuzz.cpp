// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <string>

#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "core/utf8.hpp"
#include "fhir/v2/mapping.hpp"
#include "json/document.hpp"

using namespace ward;

namespace {

using Names = std::set<std::string>;

/// `contained` are those of the resource itself.
void check_references(json::Value value, const Names& known, const Names& contained) {
    if (const auto reference = value["reference"]; reference.is_string()) {
        const std::string name{reference.text()};
        WARD_ASSERT(known.contains(name) || contained.contains(name));
    }
    for (const auto& member : value.members()) check_references(member.value, known, contained);
    for (const auto item : value.items()) check_references(item, known, contained);
}

}   // namespace

// Whatever a message says, each resource is one, and refers to nothing but resources of the same message.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    constexpr std::size_t size_max = 64U << 10U;
    if (size > size_max) return 0;
    const auto text = as_text(std::as_bytes(std::span{input, size}));
    if (!is_utf8(text)) return 0;   // what feeds do before
    const auto message = hl7::Message::parse(text);
    if (!message) return 0;
    std::size_t made = 0;
    const auto mapping = fhir::v2::map(
        *message, [&made](fhir::ResourceType, std::string_view) { return "r" + std::to_string(++made); });
    Names known;
    Names identities;
    for (const auto& mapped : mapping.resources) {
        known.insert(std::string{name_of(mapped.type)} + "/" + mapped.id);
        WARD_ASSERT(identities.insert(mapped.identity).second);
        WARD_ASSERT(mapped.identity.starts_with(name_of(mapped.type)));
    }
    WARD_ASSERT(mapping.unmapped.size() <= mapping.unmapped_total);
    for (const auto& mapped : mapping.resources) {
        const auto document = json::Document::parse(mapped.json);
        WARD_ASSERT(document.has_value());
        WARD_ASSERT((*document)["resourceType"].text() == name_of(mapped.type));
        WARD_ASSERT((*document)["id"].text() == mapped.id);
        Names contained;
        for (const auto inner : (*document)["contained"].items())
            contained.insert("#" + std::string{inner["id"].text()});
        check_references(document->root(), known, contained);
    }
    return 0;
}
