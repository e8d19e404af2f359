// SPDX-License-Identifier: Apache-2.0
// A-ASSOCIATE-RQ and A-ASSOCIATE-AC: PS3.8, 9.3.2 and 9.3.3, with the user items of PS3.7, annex D.
#pragma once

#include "core/bytes.hpp"
#include "event/dicom.hpp"
#include "wire/decode.hpp"

namespace ward::protocol::dicom {

struct Associate {
    std::string called;
    std::string calling;
    std::string application_name;   // empty where it is DICOM's own
    std::vector<event::DicomPresentation> presentations;
    event::DicomUser user;
    std::string_view username;   // borrows the body
};

/// `body` is the whole PDU after its length. Items beyond the limits are left out.
Decode<Associate> decode_associate(Bytes body);

/// Without the spaces and zero bytes that fill a value up.
std::string_view unpadded(std::string_view value);
/// The 64 bytes that a UID may have (PS3.5, 9.1) without padding; empty for what has other than digits and
/// dots.
std::string uid_text(std::string_view value);

}   // namespace ward::protocol::dicom
