// SPDX-License-Identifier: Apache-2.0
#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"

using ward::json::Document;

// What was read writes and reads back as the same; and a string reads as the writer would spell it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    const auto text = ward::as_text(std::as_bytes(std::span{input, size}));
    const auto document = Document::parse(std::string{text}, {.nodes_max = 10'000});
    if (!document) return 0;
    std::string compact;
    ward::json::append_value(compact, document->root());
    const auto again = Document::parse(compact);
    WARD_ASSERT(again && ward::json::equal(document->root(), again->root()));
    WARD_ASSERT(again->root().is_compact() && again->root().raw() == compact);
    if (document->root().is_string()) {
        std::string spelled;
        ward::json::append_string(spelled, document->root().text());
        const auto reread = Document::parse(spelled);
        WARD_ASSERT(reread && reread->root().text() == document->root().text());
    }
    return 0;
}
