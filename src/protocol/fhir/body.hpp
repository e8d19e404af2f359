// SPDX-License-Identifier: Apache-2.0
// What the sensor reads of a FHIR resource: a pass over the beginning of its JSON or XML, which is not
// checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ward::protocol::fhir {

struct Resource {
    std::string type;
    std::string bundle_type;    // Bundle.type
    std::string fhir_version;   // CapabilityStatement.fhirVersion
    std::optional<std::uint64_t> total;
    std::uint32_t entries = 0;
    std::uint32_t patient_items = 0;   // identifying elements, and references to a patient
    std::string patient;               // the identifier in the first reference to a patient: not for events
    std::string_view format;           // json or xml; empty: neither
};

/// `text` may end anywhere.
Resource read_resource(std::string_view text);

}   // namespace ward::protocol::fhir
