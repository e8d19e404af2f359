// SPDX-License-Identifier: Apache-2.0
// Patients that were merged (R4, patient.html#links).
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "json/document.hpp"
#include "vault/records.hpp"
#include "vault/sealer.hpp"

namespace ward::vault {

/// The id of the patient that this one was merged into, by its link; empty if it was not.
std::string merged_into(json::Value patient);

/// The ids of this patient and of those that it was merged into, one after the other. Errc::malformed if
/// merges go in a circle.
Result<std::vector<std::string>> merges_of(Sealer& sealer, const Records& records, std::string patient);

/// The last of them.
Result<std::string> surviving(Sealer& sealer, const Records& records, std::string patient);

/// Adds those that these were merged into, each once.
Result<> add_surviving(Sealer& sealer, const Records& records, std::vector<std::string>& patients);

}   // namespace ward::vault
