// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"

namespace ward::notify {

/// "10.0.0.5:514", "[fd00::5]:514".
std::string name_of(const std::string& host, const std::string& port);

/// Sends each to the first address of that name; returns which. Errc::unavailable.
Result<std::string> send_datagrams(const std::string& host, const std::string& port,
                                   const std::vector<std::string>& texts);

}   // namespace ward::notify
