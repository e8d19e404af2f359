// SPDX-License-Identifier: Apache-2.0
// The one who holds the key-encryption key, and what he does with it for whoever asks. No socket here.
#pragma once

#include <filesystem>
#include <map>
#include <optional>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "crypto/password.hpp"
#include "crypto/secret.hpp"
#include "crypto/sign.hpp"
#include "keys/granting.hpp"
#include "keys/key_store.hpp"
#include "keys/protocol.hpp"
#include "keys/unwrap_budget.hpp"

namespace ward::keys {

struct KeeperOptions {
    std::filesystem::path directory;   // KeyPaths says what is where
    UnwrapLimits limits{};
    crypto::Argon2Cost cost{};              // of a new key file
    std::chrono::hours operator_wait{24};   // from an operator's enrolment until he counts
};

/// For one thread. Sealed until it is given the passphrase; until then it knows no key.
class Keeper {
public:
    static Result<Keeper> open(KeeperOptions options, Time now);

    enum class KeyFile { must_exist, made_if_nothing_is_wrapped };
    /// Errc::denied for a wrong passphrase, Errc::conflict when unsealed already, Errc::corrupt when the key
    /// file is not the one that keys.db was wrapped under.
    Result<> unseal(const crypto::SecretBytes& passphrase, KeyFile key_file);

    /// Does what is asked and writes the fields of the reply, which never get long. What must be remembered
    /// is on disk before this returns.
    Result<> answer(const Request& request, Time now, WireWriter& fields);

    Result<Status> status(Time now);

    /// Keeps the counters that are not worth a write each.
    Result<> keep_counters() { return store_.keep_budget(budget_.state()); }

private:
    struct Unsealed {
        crypto::SecretBytes kek;
        crypto::SigningKey ledger;
        crypto::SigningKey token;
    };

    using Counted = std::map<Owner, Time>;

    Keeper(KeeperOptions options, KeyStore store, Granting granting, UnwrapBudget budget, Counted counted)
        : options_(std::move(options)),
          store_(std::move(store)),
          granting_(std::move(granting)),
          budget_(budget),
          counted_(std::move(counted)) {}

    Result<> check_secrets();
    Result<> create(const Owner& owner, Time now, WireWriter& fields);
    Result<> unwrap(const Owner& owner, const KeyId& id, Time now, WireWriter& fields);
    Result<> unwrap_granted(const Request& request, Time now, WireWriter& fields);
    Result<> give_out(const Owner& owner, const KeyId& id, Bytes wrapped, WireWriter& fields);
    Result<> answer_grant(const Request& request, Time now, WireWriter& fields);
    Result<> enroll(const Request& request, Time now);
    Result<> spend(const Owner& owner, const KeyId& id, Time now);
    void note_counted(const Owner& owner, Time now);
    Result<> sign_checkpoint(std::string_view text, WireWriter& fields);
    Result<> sign_token(std::string_view signing_input, WireWriter& fields) const;
    Result<crypto::SecretBytes> secret(const crypto::SecretBytes& kek, std::string_view name, Bytes offered);

    KeeperOptions options_;
    KeyStore store_;
    Granting granting_;
    Time passphrase_wrong_{};   // when it last was, at an enrolment
    UnwrapBudget budget_;

    // Who was counted within the window, and when. keys.db is asked once, at the start.
    Counted counted_;
    std::optional<Unsealed> unsealed_;
};

}   // namespace ward::keys
