// SPDX-License-Identifier: Apache-2.0
// Of the protocols whose messages declare their own delimiters: HL7 v2, and ASTM, which took them from it.
#pragma once

#include "core/text.hpp"

namespace ward::protocol {

/// A visible character that is neither letter nor digit.
inline bool may_delimit(char c) {
    return c > ' ' && c < 0x7f && !(lower(c) >= 'a' && lower(c) <= 'z') && !(c >= '0' && c <= '9');
}

}   // namespace ward::protocol
