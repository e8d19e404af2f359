// SPDX-License-Identifier: Apache-2.0
// Opening one patient's chart against the rules, for a reason, for a time, and to be answered for. It is all
// in the audit trail, which nobody changes: what is open, and what nobody has reviewed, is read from there.
#pragma once

#include <string>
#include <vector>

#include "fhir/glass_event.hpp"
#include "vault/exchange.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

struct GlassLimits {
    std::size_t reason_bytes_min = 10;
    std::size_t reason_bytes_max = 2'000;
    std::size_t open_max = 16;        // patients at once, of one user
    std::size_t listed_max = 1'000;   // of the newest, and beside them what nobody has reviewed
};

/// An operation on broken glass, as it was asked for. A view.
struct GlassOperationView {
    std::string_view operation;
    std::string_view id;      // of the patient or the event
    json::Value parameters;   // a Parameters resource
};

bool is_about_glass(std::string_view operation);

/// Patient/[id]/$break-glass with `purpose` and `reason`: allowed by a policy that says so.
/// AuditEvent/[id]/$review with `finding` (appropriate or inappropriate) and perhaps `note`: by somebody else
/// than who broke the glass. AuditEvent/$broken-glass: each with whether it was reviewed, or is overdue.
fhir::Checked<Reply> operate_on_glass(Vault& vault, const Caller& caller, const GlassOperationView& asked,
                                      AuditTrail& trail);

/// The patients whose chart is open to this user now.
Result<std::vector<std::string>> open_glass_of(Vault& vault, const std::string& user, Time now);

}   // namespace ward::vault
