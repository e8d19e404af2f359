// SPDX-License-Identifier: Apache-2.0
// A note, its text as a checkpoint, and a verifier key have one spelling.
#include "core/assert.hpp"
#include "ledger/checkpoint.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ward;
    using namespace ward::ledger;
    const auto text = as_text(std::as_bytes(std::span{data, size}));

    if (const auto note = parse_note(text)) {
        WARD_ASSERT(format_note(*note) == text);
        if (const auto checkpoint = parse_checkpoint(note->text))
            WARD_ASSERT(format_checkpoint(*checkpoint) == note->text);
        // Nobody signed this with a key that was never used.
        const auto nobody = make_verifier_key("nobody.example", crypto::PublicKey{});
        WARD_ASSERT(!verify_note(*note, nobody));
    }
    if (const auto checkpoint = parse_checkpoint(text)) WARD_ASSERT(format_checkpoint(*checkpoint) == text);
    if (const auto key = parse_verifier_key(text)) WARD_ASSERT(format_verifier_key(*key) == text);
    return 0;
}
