// SPDX-License-Identifier: Apache-2.0
// Zeek's logs in JSON (versions 4 to 7), in our vocabulary.
#pragma once

#include <string>
#include <string_view>

#include "foreign/envelope.hpp"

namespace ward::foreign {

/// Whether an entry has what Zeek's have: `ts`, and no type of EVE.
bool is_zeek(json::Value entry);

/// Of a file's name, or of its path: conn of /logs/2026-03-02/conn.08:00:00-09:00:00.log.gz.
std::string_view log_of(std::string_view file);

/// Appends the event that says the same. `log` is asked where the entry does not say of which it is.
Taken translate_zeek(json::Value entry, std::string_view log, std::string& out);

}   // namespace ward::foreign
