// SPDX-License-Identifier: Apache-2.0
// CLSI POCT01-A2, the device messaging layer (appendix B): XML messages of point-of-care devices over TCP.
#pragma once

#include <memory>
#include <string_view>

#include "protocol/protocols.hpp"
#include "wire/decode.hpp"

namespace ward::protocol::poct1a {

struct Limits {
    std::size_t tag_bytes_max = 4096;
    std::size_t draft_bytes_max = std::size_t{2} << 10;   // what its fields take at most
    std::size_t unanswered_max = 32;   // of one direction; the oldest is told without answer
};
inline constexpr Limits limits;

/// One tag of the XML, or what stands between two; that has no name.
struct Tag {
    std::string_view name;
    std::string_view value;   // of the attribute V, where every value is
    bool closes = false;      // </name>
    std::size_t size = 0;
    std::size_t outside = 0;   // bytes of it that mean something, and may stand in a message only
};

Decode<Tag> decode_tag(Bytes input);

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::poct1a
