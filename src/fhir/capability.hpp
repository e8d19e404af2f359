// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "fhir/resource_types.hpp"

namespace ward::fhir {

/// A view of the caller's texts.
struct ServerView {
    std::string_view base_url;
    std::string_view software_version;
    Time date;   // of the build, not of the request: the statement changes when the software does
};

/// Whether the versions of all resources of a type are told together: not where each page would open the
/// charts of patients whom nobody named. The audit trail is the exception, for those who read it.
bool has_type_history(ResourceType type);

/// The CapabilityStatement: what the tables say that Ward can do, and nothing else.
std::string capability_statement(const ServerView& server);

}   // namespace ward::fhir
