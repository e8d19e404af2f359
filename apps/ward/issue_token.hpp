// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/result.hpp"
#include "vault/access.hpp"

namespace ward::cli {

/// Asks the running ward-keys to sign a token. Errc::unavailable, with what to do, when none runs.
Result<std::string> issue_token(const std::string& directory, const vault::TokenWish& wish);

}   // namespace ward::cli
