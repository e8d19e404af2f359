// SPDX-License-Identifier: Apache-2.0
// The story's people and results as FHIR R4 resources.
#pragma once

#include <string>

#include "json/writer.hpp"
#include "lab/story.hpp"

namespace ward::lab::fhir {

/// Of medical record numbers.
std::string record_system(const Story& story);
/// Logical ids, each of its resource for good.
std::string patient_id(const Story& story, PatientId patient);
std::string encounter_id(const Story& story, EncounterId encounter);

void write_patient(json::Writer& writer, const Story& story, PatientId patient);
void write_encounter(json::Writer& writer, const Story& story, EncounterId encounter);
/// One of a panel's quantities.
void write_observation(json::Writer& writer, const Story& story, OrderId order, std::size_t quantity,
                       Moment filed);
std::string study_id(const Story& story, OrderId order);
/// Of somebody whom `subject` refers to.
void write_study(json::Writer& writer, const Story& story, OrderId order, std::string_view subject,
                 Moment taken);
void write_device(json::Writer& writer, const Device& device);
std::string not_found();
/// 2026-03-02T10:20:00Z
std::string instant(Moment at);

}   // namespace ward::lab::fhir
