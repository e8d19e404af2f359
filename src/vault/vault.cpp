// SPDX-License-Identifier: Apache-2.0
#include "vault/vault.hpp"

#include <fmt/format.h>

#include "core/log.hpp"
#include "crypto/derive.hpp"
#include "vault/verify.hpp"

namespace ward::vault {
namespace {

/// Whether any other connection has changed records.db since the last look: only the vault may.
class Intrusion {
public:
    Result<bool> happened(store::Database& writer) {
        auto statement = TRY(writer.prepare("PRAGMA data_version"));
        TRY(statement.step());
        const auto seen = statement.integer(0);
        const bool changed = version_ && *version_ != seen;
        version_ = seen;
        return changed;
    }

private:
    std::optional<std::int64_t> version_;
};

}   // namespace

Result<std::unique_ptr<Vault>> Vault::open(VaultOptions options, keys::Client& keys, const Clock& clock) {
    auto vault = std::make_unique<Vault>(std::move(options), keys, clock);
    TRY(vault->open_parts());
    return vault;
}

Result<> Vault::open_parts() {
    const VaultPaths paths{options_.directory};
    const auto facility = TRY(keys_.facility());
    cursor_key_ = TRY(crypto::derive(facility.key, "ward cursors v1"));
    exports_key_ = TRY(crypto::derive(facility.key, "ward exports v1"));
    pseudonyms_ = std::make_unique<Pseudonyms>(TRY(Pseudonyms::from_facility_key(facility.key)));
    const auto index_key = TRY(crypto::derive(facility.key, "ward facility index v1"));
    facility_ = std::make_unique<TokenKey>(TRY(TokenKey::of_facility(index_key)));

    std::error_code ignored;   // opening the database says it better
    std::filesystem::create_directories(paths.folder(), ignored);
    auto writer = TRY(store::Database::open(paths.records(), store::Mode::read_write_create));
    TRY(store::migrate(writer, "vault", record_migrations()));
    if (auto schema = store::check_schema(writer, "vault", record_migrations()); !schema) {
        if (options_.violation == OnViolation::refuse) return schema;
        log::error("the store is not as this program makes it", {{"reason", schema.error().what}});
    }
    facility_index_ = std::make_unique<FacilityIndex>(TRY(FacilityIndex::with(options_.facility_index)));
    TRY(keep_indexed(writer, facility_index_->names()));
    keyring_ = std::make_unique<Keyring>(keys_, clock_);
    readers_ = std::make_unique<Readers>(paths.records());
    store::GroupCommitOptions commit_options;
    auto intrusion = std::make_shared<Intrusion>();
    TRY(intrusion->happened(writer));   // from now on
    commit_options.before_commit = [this, intrusion](store::Database& database) -> Result<> {
        if (TRY(intrusion->happened(database))) violated_ = true;
        if (!violated_ || options_.violation == OnViolation::serve_what_opens) return {};
        return fail(Errc::corrupt, "another program has changed records.db; run ward ledger verify");
    };
    commits_ = std::make_unique<store::GroupCommit>(std::move(writer), std::move(commit_options));
    sealer_ = std::make_unique<Sealer>(SealerParts{*keyring_, *readers_, *commits_, *pseudonyms_, *facility_,
                                                   *facility_index_, clock_, paths.keys().store()});
    consents_ = std::make_unique<KnownConsents>(*sealer_);
    grant_trail_ = std::make_unique<GrantTrail>(GrantTrailParts{
        keys_, *readers_, *commits_, *sealer_, clock_, cursor_key_, options_.origin, options_.base_url});
    const auto published = start_publisher(paths);
    if (options_.violation == OnViolation::refuse) {
        TRY(published);
        log::info("checking the whole store before it is served");
        const auto report = TRY(verify(paths, {}));
        log::info("the store is as it was left", {{"entries", report.entries}});
    } else if (!published) {
        log::error("the ledger is not published: what happens from now on is recorded, and not signed",
                   {{"reason", published.error().what}});
    }
    return {};
}

Result<> Vault::start_publisher(const VaultPaths& paths) {
    constexpr std::chrono::seconds pace{10};   // a sealed ward-keys logs each question
    auto each_second = [this, told = Time{}, pace]() mutable {
        keyring_->forget_idle();
        consents_->forget_idle();
        if (clock_.now() - told < pace) return;
        told = clock_.now();
        tell_grants();
    };
    publisher_ = TRY(Publisher::start(
        {paths.ledger(), options_.origin, keys_, *readers_, *commits_, std::move(each_second)}));
    return {};
}

/// ward-keys may be away for a while; then it is told later.
void Vault::tell_grants() {
    const auto told = grant_trail_->catch_up();
    if (!told && told.error().code != Errc::unavailable)
        log::error("grants were not told in the audit trail", {{"reason", told.error().what}});
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
