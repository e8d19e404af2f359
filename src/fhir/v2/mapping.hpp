// SPDX-License-Identifier: Apache-2.0
// HL7 v2 messages as FHIR R4 resources, by the maps of the v2-to-FHIR implementation guide. Pure: a message
// in, resources out. Nothing in a message refuses it; what has no place in FHIR is listed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/function_ref.hpp"
#include "core/time_zone.hpp"
#include "fhir/resource_types.hpp"
#include "hl7/message.hpp"

namespace ward::fhir::v2 {

/// The id of the resource that `identity` is found by: the same for the same identity, a valid FHIR id.
using IdOf = FunctionRef<std::string(ResourceType type, std::string_view identity)>;

/// What is known of a sender beside his messages.
struct Sender {
    /// What names him where a message does not (MSH-3, MSH-4): his identifiers are his own.
    std::string_view name = {};
    /// Of times that name none, where MSH-7 names none either.
    TimeZone zone{};
};

struct MappingLimits {
    std::size_t resources_max = 20'000;     // past it, further segments are listed as unmapped
    std::size_t repetitions_max = 200;      // of one field
    std::size_t unmapped_max = 1'000;       // listed; past it only counted
    std::size_t identity_bytes_max = 512;   // a longer one is cut
};

/// One resource of a message. A later message about the same thing has the same identity.
struct Mapped {
    ResourceType type{};
    /// `Type|system|value…`: how it is found again. Holds patients' data: only its keyed hash may be stored.
    std::string identity;
    std::string id;     // what IdOf gave for the identity
    std::string json;   // with resourceType and id, without meta
    /// Elements that the message says are to be deleted (two double quotes, HL7 2.9 chapter 2.5.3.1).
    std::vector<std::string_view> cleared;
    /// Elements that the message does not say and FHIR wants: they hold where nothing is known yet.
    std::vector<std::string_view> assumed;
};

/// The subsumed patient's record is part of the surviving one's from now on (A34, A40).
struct Merge {
    std::string surviving;   // identity of a Patient
    Mapped subsumed;         // a Patient with no more than its identifiers
};

enum class UnmappedReason : std::uint8_t {
    unknown_segment,   // no map says what it becomes
    unknown_field,     // nor where this field goes
    no_place,          // it needs something that the message lacks, as an OBX needs an OBR
    invalid_value,     // not what its data type says
    unknown_code,      // a code that FHIR needs translated, and no table has it
    repetition,        // FHIR has one, the message more
    limit,             // past one of MappingLimits
};
std::string_view name_of(UnmappedReason reason);

/// Where something stands that did not find its way into a resource; never what.
struct Unmapped {
    std::string segment;            // its name, as `ZPI`
    std::uint16_t occurrence = 1;   // among the segments of that name
    std::uint16_t field = 0;        // 0: the whole segment
    UnmappedReason reason{};
    bool operator==(const Unmapped&) const = default;
};

struct Mapping {
    std::vector<Mapped> resources;   // what others refer to stands before them where that is possible
    std::vector<Merge> merges;
    /// JSON: what EVN says of a Provenance of the message (recorded, occurredDateTime, reason, agent); empty
    /// if it says nothing.
    std::string event;
    std::vector<Unmapped> unmapped;
    std::size_t unmapped_total = 0;
};

/// Whether an identifier of that type (table 0203) finds a patient's record: not what states and insurers
/// give, which is shared with others and mistyped, nor the number of a visit.
bool finds_record(std::string_view type);

/// Resources refer to each other by the ids that `ids` gives. `message` is one message, not a batch.
Mapping map(const ward::hl7::Message& message, IdOf ids, const Sender& sender = {},
            const MappingLimits& limits = {});

}   // namespace ward::fhir::v2
