// SPDX-License-Identifier: Apache-2.0
// The vault of one facility: its store, its keys in use and its ledger, opened together.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "crypto/secret.hpp"
#include "keys/client.hpp"
#include "keys/paths.hpp"
#include "store/group_commit.hpp"
#include "vault/grant_trail.hpp"
#include "vault/keyring.hpp"
#include "vault/known_consents.hpp"
#include "vault/publisher.hpp"
#include "vault/readers.hpp"
#include "vault/sealer.hpp"

namespace ward::vault {

/// Where the parts of a data directory are. While it serves, the vault writes in folder() and nowhere else.
struct VaultPaths {
    explicit VaultPaths(std::filesystem::path directory) : root(std::move(directory)) {}

    std::filesystem::path root;
    std::filesystem::path folder() const { return root / "vault"; }
    std::filesystem::path records() const { return folder() / "records.db"; }
    std::filesystem::path ledger() const { return folder() / "ledger"; }
    std::filesystem::path running() const { return folder() / "running.json"; }
    std::filesystem::path ledger_key() const { return root / "ledger.vkey"; }
    std::filesystem::path certificate() const { return root / "tls.crt"; }
    keys::KeyPaths keys() const { return {root}; }
};

/// What to do when something in the data directory was altered. To serve what still opens is for an
/// emergency: what is shown as newest may then not be.
enum class OnViolation { refuse, serve_what_opens };

struct VaultOptions {
    std::filesystem::path directory;
    std::string origin;     // of the ledger's checkpoints
    std::string base_url;   // of FHIR, without a final slash
    OnViolation violation = OnViolation::refuse;
    std::vector<std::string> facility_index{};   // see FacilityIndex::with()
};

class Vault {
public:
    /// Makes what is missing, and checks everything that is there. Errc::corrupt, naming the first wrong
    /// thing, when anything was altered.
    static Result<std::unique_ptr<Vault>> open(VaultOptions options, keys::Client& keys, const Clock& clock);

    /// Not open yet: use open().
    Vault(VaultOptions options, keys::Client& keys, const Clock& clock)
        : options_(std::move(options)), keys_(keys), clock_(clock) {}
    ~Vault();

    /// Another program has changed records.db. Nothing is served any more, unless it was to be in spite of
    /// violations.
    bool is_violated() const { return violated_; }

    /// `done` is called once the changes are on disk, or why they are not.
    void commit(ChangeSet changes, store::Done done);
    Result<> commit_and_wait(const ChangeSet& changes);
    /// For what is no record: runs on the writer's thread, in a transaction, and waits.
    Result<> change(store::Work work) { return commits_->run(std::move(work)); }

    keys::Client& keys() { return keys_; }
    Keyring& keyring() { return *keyring_; }
    Sealer& sealer() { return *sealer_; }
    Readers& readers() { return *readers_; }
    KnownConsents& consents() { return *consents_; }
    GrantTrail& grant_trail() { return *grant_trail_; }
    const Clock& clock() const { return clock_; }
    const std::string& base_url() const { return options_.base_url; }
    const crypto::SecretBytes& cursor_key() const { return cursor_key_; }
    const crypto::SecretBytes& exports_key() const { return exports_key_; }

private:
    Result<> open_parts();
    Result<> start_publisher(const VaultPaths& paths);
    void tell_grants();

    VaultOptions options_;
    keys::Client& keys_;
    const Clock& clock_;
    crypto::SecretBytes cursor_key_;
    crypto::SecretBytes exports_key_;
    std::atomic<bool> violated_ = false;

    // In the order in which they depend on each other.
    std::unique_ptr<Keyring> keyring_;
    std::unique_ptr<Pseudonyms> pseudonyms_;
    std::unique_ptr<TokenKey> facility_;
    std::unique_ptr<FacilityIndex> facility_index_;
    std::unique_ptr<store::GroupCommit> commits_;
    std::unique_ptr<Readers> readers_;   // closed before the writer, which folds its log into the file last
    std::unique_ptr<Sealer> sealer_;
    std::unique_ptr<KnownConsents> consents_;
    std::unique_ptr<GrantTrail> grant_trail_;
    std::unique_ptr<Publisher> publisher_;
};

}   // namespace ward::vault
