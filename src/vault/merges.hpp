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

/// The id of the patient that this one was merged into, over however many merges; its own if it was not, or
/// is not there. Errc::malformed if merges go in a circle.
Result<std::string> surviving(Sealer& sealer, const Records& records, std::string patient);

/// Adds those that these were merged into, each once.
Result<> add_surviving(Sealer& sealer, const Records& records, std::vector<std::string>& patients);

}   // namespace ward::vault
