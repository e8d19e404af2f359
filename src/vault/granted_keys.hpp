// SPDX-License-Identifier: Apache-2.0
// Opens records with keys that a grant lets out of ward-keys. They are kept as long as this object and no
// longer, apart from those of care, whose budget and whose place in memory stay as they are.
#pragma once

#include <map>
#include <string>

#include "core/result.hpp"
#include "keys/client.hpp"
#include "vault/exchange.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

/// For one thread. Borrows the vault.
class GrantedKeys {
public:
    GrantedKeys(Vault& vault, const keys::GrantId& grant) : vault_(vault), grant_(grant) {}

    /// Refused when the grant is over, or allows no more charts.
    fhir::Checked<SharedKeys> unlock(const OwnerId& owner, const KeyId& key);
    fhir::Checked<Body> open(const StoredVersion& row);

    /// Lets the vault look into this chart as well: what it asks for the caller's sight (consents, say) must
    /// not take from the budget of care what the grant has paid.
    fhir::Checked<> lend_chart(const std::string& patient);

private:
    static constexpr std::size_t kept_max = 512;   // secret memory is locked, and scarce

    Vault& vault_;
    keys::GrantId grant_;
    std::map<OwnerId, SharedKeys> kept_;
};

}   // namespace ward::vault
