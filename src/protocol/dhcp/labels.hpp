// SPDX-License-Identifier: Apache-2.0
// The names of RFC 4702 and RFC 4704.
#pragma once

#include "protocol/text.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::dhcp {

/// Labels with their lengths. A partial name has no empty one at its end.
inline std::string labels_text(Bytes labels) {
    WireReader in{labels};
    std::string name;
    while (in.remaining() > 0 && name.size() < field_text_max) {
        const auto label = in.take(in.u8());
        if (label.empty()) break;
        if (!name.empty()) name += '.';
        name += as_text(label);
    }
    return clipped(name);
}

}   // namespace ward::protocol::dhcp
