// SPDX-License-Identifier: Apache-2.0
// What segments become, each with what it needs of the others.
#pragma once

#include "fhir/v2/build.hpp"

namespace ward::fhir::v2 {

/// What the segments of one patient and visit have in common. Null where the message has none.
struct Chart {
    Growing* patient = nullptr;
    Growing* encounter = nullptr;
};

/// The Patient that an identifier list (PID-3, MRG-1) means, as an identity; empty if it names none.
std::string patient_identity(const Build& build, Element list);

Growing& map_patient(Build& build, const Segment& pid);
void map_patient_additions(Build& build, const Segment& pd1, Growing& patient);

/// Null if the segment says nothing of a visit.
Growing* map_encounter(Build& build, const Segment& pv1, const Chart& chart);
void map_encounter_additions(Build& build, const Segment& pv2, Growing& encounter);

}   // namespace ward::fhir::v2
