// SPDX-License-Identifier: Apache-2.0
// Whatever comes over the socket: a request that is understood has one encoding, the bytes that came.
#include <algorithm>
#include <cstdint>

#include "core/assert.hpp"
#include "keys/checkpoint_text.hpp"
#include "keys/grant.hpp"
#include "keys/protocol.hpp"

using namespace ward;

namespace {

void read_as_request(Bytes frame) {
    const auto request = keys::decode_request(frame);
    if (!request) return;
    Buffer bytes(keys::frame_length_bytes + keys::ProtocolLimits{}.frame_bytes_max);
    WireWriter again{bytes};
    keys::encode_request(*request, again);
    WARD_ASSERT(!again.overflowed());
    WARD_ASSERT(
        std::ranges::equal(Bytes{bytes}.first(again.written()).subspan(keys::frame_length_bytes), frame));
}

void read_as_checkpoint(Bytes text) {
    const auto checkpoint = keys::parse_checkpoint(as_text(text));
    if (!checkpoint) return;
    const auto again = std::string{checkpoint->origin} + "\n" + std::to_string(checkpoint->size) + "\n" +
                       to_base64(checkpoint->root) + "\n";
    WARD_ASSERT(again == as_text(text));
}

void read_as_grant(Bytes text) {
    const auto terms = keys::parse_grant(as_text(text));
    if (terms) WARD_ASSERT(keys::grant_text(*terms) == as_text(text));
}

}   // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
    const auto bytes = std::as_bytes(std::span{input, size});
    const auto frame = keys::first_frame(bytes);
    if (frame && *frame) {
        WARD_ASSERT((*frame)->size() + keys::frame_length_bytes <= bytes.size());
        read_as_request(**frame);
    }
    if (const auto reply = keys::decode_reply(bytes)) WARD_ASSERT(reply->remaining() == bytes.size() - 1);
    read_as_checkpoint(bytes);
    read_as_grant(bytes);
    return 0;
}
