// SPDX-License-Identifier: Apache-2.0
// What segments become, each with what it needs of the others.
#pragma once

#include <string>
#include <vector>

#include "fhir/v2/build.hpp"

namespace ward::fhir::v2 {

/// What the segments of one patient and visit have in common. Null where the message has none.
struct Chart {
    Growing* patient = nullptr;
    Growing* encounter = nullptr;
    Growing* account = nullptr;
};

/// One order with its results: ORC, OBR, and what follows until the next one.
struct Order {
    Segment common;   // ORC; may not exist
    Segment detail;   // OBR; may not exist
    Growing* request = nullptr;
    Growing* report = nullptr;
    Growing* specimen = nullptr;
    Growing* given = nullptr;   // Immunization or MedicationRequest
    std::vector<Growing*> observations;
    std::vector<Segment> waiting;   // TQ1 and NTE that came before what they are about

    Segment medication;                // RXO or RXE; may not exist
    Growing* prescription = nullptr;   // the MedicationRequest made of it
    std::size_t timings = 0;           // how many TQ1 it has
    std::size_t sequence = 1;          // of the last one
    bool next_follows = false;         // the next TQ1 begins when the last one has ended
};

enum class Purpose : std::uint8_t { order, results };

/// The Patient that an identifier list (PID-3, MRG-1) means, as an identity; empty if it names none.
std::string patient_identity(const Build& build, Element list);
Growing& map_patient(Build& build, const Segment& pid);
/// PID-18; null if it is empty.
Growing* map_account(Build& build, const Segment& pid, const Growing& patient);
void map_patient_additions(Build& build, const Segment& pd1, Growing& patient);
void map_next_of_kin(Build& build, const Segment& nk1, Growing& patient);
void map_merge(Build& build, const Segment& mrg, const Chart& chart);

/// Null if the segment says nothing of a visit.
Growing* map_encounter(Build& build, const Segment& pv1, const Chart& chart);
void map_encounter_additions(Build& build, const Segment& pv2, Growing& encounter);

void map_allergy(Build& build, const Segment& al1, const Chart& chart);
void map_adverse_reaction(Build& build, const Segment& iam, const Chart& chart);
void map_diagnosis(Build& build, const Segment& dg1, const Chart& chart);
void map_procedure(Build& build, const Segment& pr1, const Chart& chart);
Growing& map_insurance(Build& build, const Segment& in1, const Chart& chart);
/// IN2, of the Coverage of the IN1 before it.
void map_insurance_additions(Build& build, const Segment& in2, const Chart& chart, Growing& coverage);
/// GT1, of the patient's Account. False if there is none, or nobody is named.
bool map_guarantor(Build& build, const Segment& gt1, const Chart& chart);

/// What ROL and PRT are about, by the segments they follow.
enum class RoleIn : std::uint8_t { care, visit };
/// ROL or PRT: who cares for the patient, or takes part in the visit. False if it names nobody.
bool map_role(Build& build, const Segment& segment, const Chart& chart, RoleIn where);
/// PRT behind OBR or OBX: the place and the device. False if it names neither.
bool map_participation(Build& build, const Segment& segment, Growing& resource);

/// ORC and OBR, of which one may be missing.
void map_order(Build& build, Order& order, const Chart& chart, Purpose purpose);
void map_timing(Build& build, const Segment& tq1, Growing& request);
void map_observation(Build& build, const Segment& obx, Order& order, const Chart& chart);
void map_specimen(Build& build, const Segment& spm, Order& order, const Chart& chart);
/// Of an OBR whose order has no SPM, as before version 2.5.
void map_specimen_of_order(Build& build, Order& order, const Chart& chart);
void map_note(Build& build, const Segment& nte, Place notes);
/// NTE where FHIR has one text: one more line of it.
void map_comment(Build& build, const Segment& nte, std::string& lines, Place place);

Growing& map_document(Build& build, const Segment& txa, const Chart& chart);
void map_document_content(Build& build, const Segment& obx, Growing& document);

Growing& map_appointment(Build& build, const Segment& sch, const Chart& chart);
/// AIS, AIG, AIL or AIP.
void map_appointment_resource(Build& build, const Segment& segment, Growing& appointment);
/// The patient among the participants, or that nobody is known.
void map_appointment_patient(const Chart& chart, Growing& appointment);

Growing& map_immunization(Build& build, const Segment& rxa, const Order& order, const Chart& chart);
/// RXO or RXE; null if the order has one that counts more.
Growing* map_medication_request(Build& build, const Segment& segment, Order& order, const Chart& chart);
/// TQ1, of an order with a prescription.
void map_dosage_timing(Build& build, const Segment& tq1, Order& order);
/// RXC: what the medication of an order's prescription is made of.
void map_component(Build& build, const Segment& rxc, Order& order);
/// RXR, of an immunization or a request.
void map_route(Build& build, const Segment& rxr, Growing& given);

Growing& map_header(Build& build, const Segment& msh);
void map_event(Build& build, const Segment& evn);
void map_software(Build& build, const Segment& sft, Growing& header);

}   // namespace ward::fhir::v2
