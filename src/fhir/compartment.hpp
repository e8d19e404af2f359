// SPDX-License-Identifier: Apache-2.0
// Which patients a resource, or a search, is about (R4, compartmentdefinition-patient.html).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fhir/query.hpp"
#include "json/document.hpp"

namespace ward::fhir {

/// The ids of the local patients (`Patient/<id>`) in whose compartments the resource is, each once, in the
/// order of the compartment's parameters. For a Patient: its own id, which must be in the resource. For a
/// Binary: the patient who is its securityContext.
std::vector<std::string> patients_of(ResourceType type, json::Value resource);

/// The ids of the patients outside whose compartments the query finds nothing; empty if it is not bound to
/// any. An id without a type (`subject=p1`) is taken to name a patient wherever the parameter may name one.
std::vector<std::string> patients_in_query(const Query& query);

}   // namespace ward::fhir
