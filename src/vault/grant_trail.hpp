// SPDX-License-Identifier: Apache-2.0
// Tells in the audit trail what ward-keys tells of operators and grants, each once.
#pragma once

#include <cstdint>
#include <string>

#include "core/mutex.hpp"
#include "core/result.hpp"
#include "crypto/secret.hpp"
#include "keys/client.hpp"
#include "vault/readers.hpp"
#include "vault/records.hpp"
#include "vault/sealer.hpp"

namespace ward::vault {

/// What it works with. Borrowed.
struct GrantTrailParts {
    keys::Client& keys;
    Readers& readers;
    store::GroupCommit& commits;
    Sealer& sealer;
    const Clock& clock;
    const crypto::SecretBytes& naming_key;
    std::string site;
    std::string base_url;
};

/// Callable from several threads.
class GrantTrail {
public:
    explicit GrantTrail(GrantTrailParts parts) : parts_(std::move(parts)) {}

    /// Writes an AuditEvent for what is new. What fails now is told the next time.
    Result<> catch_up();

private:
    Result<> tell(const keys::GrantEvent& event);
    std::string id_of(const keys::GrantEvent& event) const;

    GrantTrailParts parts_;
    Mutex mutex_;   // guards how far it is
    std::uint64_t told_ GUARDED_BY(mutex_) = 0;
};

}   // namespace ward::vault
