// SPDX-License-Identifier: Apache-2.0
// A transaction (R4, http.html#transaction): all of it or nothing, in the order of the specification.
#pragma once

#include <string>
#include <vector>

#include "fhir/bundle.hpp"
#include "vault/exchange.hpp"
#include "vault/prefer.hpp"
#include "vault/writing.hpp"

namespace ward::vault {

/// What becomes of one entry that writes.
struct EntryOutcome {
    int status = 0;   // 0: a GET, which is done after the commit
    std::string location;
    std::string etag;
    std::string last_modified;
    std::string json;   // of the resource, if the client prefers to see it
};

/// The changes of a transaction, and the answers that hold once they are committed; as many as the bundle has
/// entries.
struct PreparedTransaction {
    ChangeSet changes;
    std::vector<EntryOutcome> outcomes;
};

/// Whether `caller` may do what an entry asks for is checked here.
fhir::Checked<PreparedTransaction> prepare_transaction(Vault& vault, const Caller& caller,
                                                       const fhir::BundleView& bundle,
                                                       const Preferences& prefer, AuditTrail& trail);

}   // namespace ward::vault
