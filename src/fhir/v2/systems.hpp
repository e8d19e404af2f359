// SPDX-License-Identifier: Apache-2.0
// Names of code systems and assigning authorities as URIs.
#pragma once

#include <string>
#include <string_view>

#include "hl7/message.hpp"

namespace ward::fhir::v2 {

/// What HL7 v2 calls a code system (its table 0396) as FHIR's URI; `HL7nnnn` is table nnnn. A name that is
/// not known stays as it is, so that a code keeps its context, except for what no URI may hold.
std::string code_system_uri(std::string_view name);

/// The parts of an HD (HL7 2.9, 2.A.36): a local name, and an identifier that is unique everywhere.
struct Authority {
    std::string name;
    std::string universal_id;
    std::string universal_id_type;

    bool empty() const { return name.empty() && universal_id.empty(); }
    /// Says the type that the authority is a name space, not an organization?
    bool is_name_space() const;
    /// As Identifier.system: the local name first, as the map of HD to uri has it.
    std::string uri() const;
    /// What stays the same where the local name changes: for identities.
    std::string key() const;
};
Authority authority_of(ward::hl7::Element element);
/// The same where the three parts are components of a wider type, from the one with that number.
Authority authority_of(ward::hl7::Element parent, std::size_t first);

/// R4, datatypes.html#uri: white space is spelled %20.
std::string without_space(std::string_view name);

/// `urn:oid:…` and the like; empty for a type without a URI.
std::string universal_uri(std::string_view id, std::string_view type);

}   // namespace ward::fhir::v2
