// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <span>

#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "hl7/acknowledgement.hpp"
#include "hl7/charset.hpp"
#include "hl7/mllp.hpp"

namespace {

using namespace ward;
using namespace ward::hl7;

constexpr std::size_t bytes_max = 256;

/// What is answered to `text` is itself a message, and is answered by nothing.
void answer(std::string_view text) {
    const Fault fault{ErrorCode::internal_error, "MSH", 1, 0, "no"};
    for (const auto* told : {static_cast<const Fault*>(nullptr), &fault})
        for (const auto& answer : answers(text, {.fault = told}, "W1", Time{})) {
            const auto message = Message::parse(answer);
            WARD_ASSERT(message && message->size() == (told != nullptr ? 3U : 2U));
            WARD_ASSERT(answers(answer, {}, "W2", Time{}).empty());
        }
}

}   // namespace

// However the bytes arrive, the same messages come out, none longer than the limit and none with a delimiter
// in it; and any of them can be answered.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = as_text(std::as_bytes(std::span{data, size}));
    Frames whole{bytes_max}, pieces{bytes_max};
    std::vector<Frame> at_once, in_pieces;
    whole.feed(bytes, at_once);
    for (std::size_t at = 0, step = 1; at < bytes.size(); at += step, step = step % 7 + 1)
        pieces.feed(bytes.substr(at, step), in_pieces);
    WARD_ASSERT(at_once.size() == in_pieces.size());
    WARD_ASSERT(whole.is_inside() == pieces.is_inside());
    for (std::size_t i = 0; i < at_once.size(); ++i) {
        const auto& text = at_once[i].text;
        WARD_ASSERT(text == in_pieces[i].text && at_once[i].is_cut == in_pieces[i].is_cut);
        WARD_ASSERT(!text.empty() && text.size() <= bytes_max && text.find_first_of("\x0b\x1c") == text.npos);
        for (const auto message : messages_in(text)) answer(message);
        static_cast<void>(to_utf8(text, "8859/1"));
    }
    return 0;
}
