// SPDX-License-Identifier: Apache-2.0
// How the vault asks ward-keys. Every call waits for its answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/mutex.hpp"
#include "core/result.hpp"
#include "core/unique_fd.hpp"
#include "crypto/secret.hpp"
#include "crypto/sign.hpp"
#include "keys/grant_store.hpp"
#include "keys/protocol.hpp"

namespace ward::keys {

struct CreatedKey {
    KeyId key_id;
    crypto::SecretBytes data_key;
    Buffer wrapped;   // as ward-keys keeps it
};

struct FacilityKey {
    std::uint32_t version;
    crypto::SecretBytes key;
};

struct PublicKeys {
    crypto::PublicKey ledger;
    crypto::PublicKey token;
};

struct ClientOptions {
    std::chrono::milliseconds timeout{10'000};   // of one call; unsealing takes about a second
};

/// One connection to ward-keys, made when needed and again after ward-keys was restarted. Callable from
/// several threads, which take turns. Errc::unavailable: ward-keys cannot be reached, is sealed, or did not
/// answer in time; then it may or may not have done what was asked.
class Client {
public:
    explicit Client(std::filesystem::path socket, ClientOptions options = {});

    /// A new data key for an owner who has none. Errc::conflict if there is one.
    Result<CreatedKey> create(const Owner& owner);

    /// Errc::limit_exceeded: no more owners may be opened for now. Errc::not_found: no such key.
    Result<crypto::SecretBytes> unwrap(const Owner& owner, const KeyId& key);

    /// The key of pseudonyms and of the facility's index, the same at every call.
    Result<FacilityKey> facility();

    /// A secret kept under the key-encryption key, the same at every call: 32 random bytes made on first use.
    Result<crypto::SecretBytes> secret(std::string_view name);
    /// The same, but the first one offered becomes the secret; what comes back is the one that is kept.
    Result<crypto::SecretBytes> secret(std::string_view name, const crypto::SecretBytes& offered);

    /// Signs the text of a checkpoint: origin, size, root, a line each. Errc::conflict for a tree that is
    /// smaller than the last one signed, another of the same size, or another log.
    Result<crypto::Signature> sign_checkpoint(std::string_view text);

    /// Signs the first two parts of a JWT, base64url with a dot between.
    Result<crypto::Signature> sign_token(std::string_view signing_input);

    /// A new operator, whose key signed `signed_message(GrantAct::enroll, name)`. Errc::denied for a wrong
    /// passphrase or signature, Errc::conflict when the name or the key is enrolled.
    struct Enrolment {
        std::string_view name;
        crypto::PublicKey key;
        crypto::Signature signature;
    };
    Result<> enroll(const Enrolment& enrolment, const crypto::SecretBytes& passphrase);

    /// Asks for, approves or ends a grant, as the operator who signed `signed_message(act, text)`.
    struct SignedAct {
        GrantAct act{};
        std::string_view name;
        std::string_view text;
        crypto::Signature signature;
    };
    Result<> act_on_grant(const SignedAct& act);

    /// The grants that were asked for or are active, oldest first.
    Result<std::vector<KeptGrant>> open_grants();
    Result<std::optional<GrantEvent>> grant_event_after(std::uint64_t number);

    /// As unwrap(), but taken from a grant. Errc::denied when it is not active, Errc::limit_exceeded when as
    /// many owners were opened as it allows.
    Result<crypto::SecretBytes> unwrap_granted(const Owner& owner, const KeyId& key, const GrantId& grant);

    Result<PublicKeys> public_keys();
    Result<Status> status();

    /// Errc::denied for a wrong passphrase, Errc::conflict when it is unsealed already.
    Result<> unseal(const crypto::SecretBytes& passphrase);

private:
    Result<> connect() WARD_TSA(requires_capability(mutex_));
    Result<> send(const Request& request) WARD_TSA(requires_capability(mutex_));
    Result<Bytes> receive() WARD_TSA(requires_capability(mutex_));
    template <class ReadFields>
    auto ask(const Request& request, ReadFields read_fields)
        -> decltype(read_fields(std::declval<WireReader&>()));

    const std::filesystem::path socket_;
    const ClientOptions options_;

    Mutex mutex_;   // guards the connection and its buffer: one request and its reply at a time
    UniqueFd connection_ GUARDED_BY(mutex_);
    crypto::SecretBytes frame_ GUARDED_BY(mutex_);
};

}   // namespace ward::keys
