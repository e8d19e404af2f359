// SPDX-License-Identifier: Apache-2.0
// DICOM's upper layer (PS3.8, section 9.3) and its messages (PS3.7) over TCP. Nothing of a data set is kept
// but the few elements that name its device; an image of any size is counted past.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::dicom {

struct Limits {
    std::size_t control_bytes_max = std::size_t{192} << 10;   // of a PDU other than P-DATA-TF
    std::size_t command_bytes_max = std::size_t{16} << 10;    // of a command set
    std::size_t presentations_max = 128;                      // PS3.8, 9.3.2.2: odd identifiers of one byte
    std::size_t transfer_syntaxes_max = 32;                   // proposed for one presentation context
    std::size_t operations_max = 32;                          // of one side; the oldest is told unanswered
    std::size_t keys_max = 64;                                // of one query
};
inline constexpr Limits limits;

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::dicom
