// SPDX-License-Identifier: Apache-2.0
// AuditEvents as IHE Basic Audit Log Patterns (BALP) wants them. One is written for each request.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/clock.hpp"

namespace ward::fhir {

/// http://hl7.org/fhir/restful-interaction, and what Ward does besides. The source has a table in this order.
enum class Interaction : std::uint8_t {
    read,
    vread,
    update,
    patch,
    remove,
    create,
    history_instance,
    history_type,
    search_type,
    search_system,
    operation,
    batch,
    transaction,
    capabilities,
    token,
    detach,   // of a machine that was connected: it is silent
    attach,   // it is heard again
    other,
};

std::string_view code_of(Interaction interaction);

/// AuditEvent.action.
enum class AuditAction : char { create = 'C', read = 'R', update = 'U', remove = 'D', execute = 'E' };
AuditAction action_of(Interaction interaction);

/// AuditEvent.outcome.
enum class AuditOutcome : std::uint8_t {
    success = 0,
    minor_failure = 4,
    serious_failure = 8,
    major_failure = 12
};

/// A view of the caller's texts: what happened. Empty texts are left out.
struct AuditFactsView {
    std::string_view id;   // of the AuditEvent itself, with version_id in its meta
    std::string_view version_id;
    Time time;
    Interaction interaction = Interaction::other;
    AuditOutcome outcome = AuditOutcome::success;
    std::string_view outcome_description;

    std::string_view user_id;   // of the person or program that asked; empty if nobody proved who they are
    std::string_view user_name;
    std::string_view client_id;
    std::string_view client_address;   // an IP address
    std::string_view purpose;          // a code of http://terminology.hl7.org/CodeSystem/v3-ActReason

    std::string_view server_url;
    std::string_view source_site;

    std::span<const std::string_view> patients;   // ids
    std::span<const std::string_view> entities;   // "Type/id" or "Type/id/_history/version"
    std::string_view query;                       // of a search: the request as it came
    std::string_view request_id;
};

/// Appends the AuditEvent, compact JSON.
void write_audit_event(const AuditFactsView& facts, std::string& out);

}   // namespace ward::fhir
