// SPDX-License-Identifier: Apache-2.0
#include "vault/vault.hpp"

#include <fmt/format.h>

#include "core/log.hpp"
#include "crypto/derive.hpp"

namespace ward::vault {

Result<std::unique_ptr<Vault>> Vault::open(VaultOptions options, keys::Client& keys, const Clock& clock) {
    auto vault = std::make_unique<Vault>(std::move(options), keys, clock);
    TRY(vault->open_parts());
    return vault;
}

Result<> Vault::open_parts() {
    const VaultPaths paths{options_.directory};
    const auto facility = TRY(keys_.facility());
    cursor_key_ = TRY(crypto::derive(facility.key, "ward cursors v1"));
    pseudonyms_ = std::make_unique<Pseudonyms>(TRY(Pseudonyms::from_facility_key(facility.key)));
    const auto index_key = TRY(crypto::derive(facility.key, "ward facility index v1"));
    facility_ = std::make_unique<TokenKey>(TRY(TokenKey::of_facility(index_key)));

    auto writer = TRY(store::Database::open(paths.records(), store::Mode::read_write_create));
    TRY(store::migrate(writer, "vault", record_migrations()));
    keyring_ = std::make_unique<Keyring>(keys_, clock_);
    readers_ = std::make_unique<Readers>(paths.records());
    commits_ = std::make_unique<store::GroupCommit>(std::move(writer));
    sealer_ = std::make_unique<Sealer>(*keyring_, *readers_, *commits_, *pseudonyms_, *facility_, clock_);
    publisher_ = TRY(Publisher::start(
        {paths.ledger(), options_.origin, keys_, *readers_, *commits_, [this] { keyring_->forget_idle(); }}));
    return {};
}

Vault::~Vault() = default;

void Vault::commit(ChangeSet changes, store::Done done) {
    commits_->submit(
        [changes = std::move(changes)](store::Database& writer) { return apply(writer, changes); },
        std::move(done));
}

Result<> Vault::commit_and_wait(const ChangeSet& changes) {
    return commits_->run([&changes](store::Database& writer) { return apply(writer, changes); });
}

}   // namespace ward::vault
