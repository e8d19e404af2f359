// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/result.hpp"
#include "protocol/session.hpp"

namespace ward::sensor {

/// HMAC-SHA256 under the key in `file` (32 bytes at least), 128 bits of it, in hexadecimal. The key opens
/// nothing: it only makes the same patient the same pseudonym. Errc::not_found, Errc::denied where others
/// than the owner can read the file, Errc::malformed for too few bytes.
Result<protocol::Pseudonymise> load_pseudonymiser(const std::string& file);

}   // namespace ward::sensor
