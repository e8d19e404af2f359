// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vault/house_rules.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

/// Looks into charts, not on behalf of a caller: what is found decides whether the caller may look, and is
/// not shown. Borrows the vault.
ChartQuestions questions_to(Vault& vault, const policy::Actor& actor, Time now);

}   // namespace ward::vault
