// SPDX-License-Identifier: Apache-2.0
#include "vault/keyring.hpp"

#include <algorithm>

#include "crypto/derive.hpp"
#include "crypto/hash.hpp"
#include "wire/wire_reader.hpp"

namespace ward::vault {

Result<OwnerKeys> derive_keys(const crypto::SecretBytes& data_key, const OwnerId& owner, const KeyId& id) {
    auto record_key = TRY(crypto::derive(data_key, "ward record key v1"));
    const auto index_key = TRY(crypto::derive(data_key, "ward index key v1"));
    auto tokens = TRY(TokenKey::of_owner(index_key, owner));
    return OwnerKeys{id, std::move(record_key), std::move(tokens)};
}

std::size_t Keyring::OwnerHash::operator()(const OwnerId& owner) const noexcept {
    return WireReader{owner.value}.u64();   // a pseudonym is as good as random
}

Result<SharedKeys> Keyring::unlock(const OwnerId& owner, const KeyId& key) {
    if (auto kept = in_use(owner); kept && kept->id == key) return kept;
    const auto data_key = TRY(client_.unwrap(owner.value, key.value));
    auto keys = TRY(derive_keys(data_key, owner, key));
    return keep(owner, std::make_shared<const OwnerKeys>(std::move(keys)));
}

Result<Keyring::Created> Keyring::create(const OwnerId& owner) {
    const auto created = TRY(client_.create(owner.value));
    const KeyId id{created.key_id};
    auto keys = TRY(derive_keys(created.data_key, owner, id));
    return Created{keep(owner, std::make_shared<const OwnerKeys>(std::move(keys))),
                   crypto::sha256(created.wrapped)};
}

SharedKeys Keyring::in_use(const OwnerId& owner) const {
    const Lock lock{mutex_};
    const auto found = entries_.find(owner);
    if (found == entries_.end()) return nullptr;
    found->second.last_used = clock_.now();
    return found->second.keys;
}

void Keyring::lend(const OwnerId& owner, SharedKeys keys) { keep(owner, std::move(keys)); }

SharedKeys Keyring::keep(const OwnerId& owner, SharedKeys shared) {
    const Lock lock{mutex_};
    if (entries_.size() >= limits_.owners_max) {
        const auto oldest =
            std::ranges::min_element(entries_, {}, [](const auto& e) { return e.second.last_used; });
        entries_.erase(oldest);
    }
    entries_[owner] = {shared, clock_.now()};
    return shared;
}

void Keyring::forget_idle() {
    const auto now = clock_.now();
    const Lock lock{mutex_};
    std::erase_if(entries_, [&](const auto& e) { return now - e.second.last_used > limits_.idle_max; });
}

std::size_t Keyring::size() const {
    const Lock lock{mutex_};
    return entries_.size();
}

}   // namespace ward::vault
