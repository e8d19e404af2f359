// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <span>

#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "hl7/message.hpp"

// Whatever the bytes are: elements are parts of the text, segments come in its order and keep all of it, and
// what an escape becomes is no longer than what it was, but for the few that stand for one character.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ward;
    const auto text = ward::as_text(std::as_bytes(std::span{data, size}));
    const auto message = hl7::Message::parse(text);
    if (!message) {
        WARD_ASSERT(!message.error().segment.empty() && !message.error().what.empty());
        return 0;
    }
    const auto* last = message->text().data();
    for (const auto segment : *message) {
        WARD_ASSERT(segment.raw().data() >= last);
        last = segment.raw().data() + segment.raw().size();
        WARD_ASSERT(last <= text.data() + text.size());
        for (std::size_t number = 0; number <= segment.field_count() + 1; ++number) {
            const auto field = segment[number];
            WARD_ASSERT(field.raw().size() <= segment.raw().size());
            for (const auto repetition : field.repetitions()) {
                WARD_ASSERT(repetition[1][1].raw().size() <= repetition.raw().size());
                WARD_ASSERT(repetition.text().size() <= repetition.raw().size());
            }
        }
    }
    return 0;
}
