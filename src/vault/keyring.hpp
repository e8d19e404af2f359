// SPDX-License-Identifier: Apache-2.0
// The data keys in use. Whoever takes over the vault gets these, and what ward-keys still lets through.
#pragma once

#include <chrono>
#include <memory>
#include <unordered_map>

#include "core/clock.hpp"
#include "core/mutex.hpp"
#include "core/result.hpp"
#include "crypto/secret.hpp"
#include "keys/client.hpp"
#include "vault/tokens.hpp"

namespace ward::vault {

/// What is derived from one owner's data key. Shared, unchanging: a request keeps it while the ring forgets
/// it.
struct OwnerKeys {
    KeyId id;
    crypto::SecretBytes record_key;
    TokenKey tokens;
};

using SharedKeys = std::shared_ptr<const OwnerKeys>;

Result<OwnerKeys> derive_keys(const crypto::SecretBytes& data_key, const OwnerId& owner, const KeyId& id);

struct KeyringLimits {
    std::size_t owners_max = 512;
    std::chrono::minutes idle_max{15};
};

/// Callable from several threads. Borrows the client and the clock.
class Keyring {
public:
    Keyring(keys::Client& client, const Clock& clock, KeyringLimits limits = {})
        : client_(client), clock_(clock), limits_(limits) {}

    /// The keys under which `owner`'s rows with this key id are sealed. Errc::limit_exceeded when ward-keys
    /// gives out no more for now; Errc::not_found when it has no such key.
    Result<SharedKeys> unlock(const OwnerId& owner, const KeyId& key);

    struct Created {
        SharedKeys keys;
        Digest wrapped_digest;   // SHA-256 of the wrapped key, for the row that says that it exists
    };
    /// A new key for an owner who has none. Errc::conflict if there is one.
    Result<Created> create(const OwnerId& owner);

    /// Lets others use keys that somebody got by another way, for as long as any.
    void lend(const OwnerId& owner, SharedKeys keys);

    /// The keys if they are in use, without asking anyone.
    SharedKeys in_use(const OwnerId& owner) const;

    /// Drops what nobody used for a while.
    void forget_idle();

    std::size_t size() const;

private:
    struct Entry {
        SharedKeys keys;
        Time last_used;
    };
    struct OwnerHash {
        std::size_t operator()(const OwnerId& owner) const noexcept;
    };

    SharedKeys keep(const OwnerId& owner, SharedKeys keys);

    keys::Client& client_;
    const Clock& clock_;
    KeyringLimits limits_;

    mutable Mutex mutex_;   // guards the table, not the keys in it
    mutable std::unordered_map<OwnerId, Entry, OwnerHash> entries_ GUARDED_BY(mutex_);
};

}   // namespace ward::vault
