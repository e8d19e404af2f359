// SPDX-License-Identifier: Apache-2.0
#include "keys/wrapped_keys.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "keys/key_store.hpp"

namespace ward::keys {

Result<WrappedKeys> WrappedKeys::open(const std::filesystem::path& path) {
    return WrappedKeys{TRY(store::Database::open(path, store::Mode::read_only))};
}

Result<> WrappedKeys::check_schema() { return check_key_schema(database_); }

Result<std::optional<Digest>> WrappedKeys::digest(const Owner& owner, const KeyId& id) {
    auto query = TRY(database_.prepare("SELECT wrapped FROM data_key WHERE owner = ? AND key_id = ?"));
    TRY(query.bind(Bytes{owner}, Bytes{id}));
    const bool found = TRY(query.step());
    return found ? std::optional{crypto::sha256(query.bytes(0))} : std::nullopt;
}

Result<std::optional<WrappedKeys::Wrapped>> WrappedKeys::of_owner(const Owner& owner) {
    auto query = TRY(database_.prepare("SELECT key_id, wrapped FROM data_key WHERE owner = ?"));
    TRY(query.bind(Bytes{owner}));
    const bool found = TRY(query.step());
    if (!found) return std::optional<Wrapped>{};
    Wrapped key{{}, crypto::sha256(query.bytes(1))};
    if (query.bytes(0).size() != key.id.size())
        return fail(Errc::corrupt, "keys.db: a key id has another length");
    std::ranges::copy(query.bytes(0), key.id.begin());
    return std::optional{key};
}

Result<std::uint64_t> WrappedKeys::signed_size() {
    auto query = TRY(database_.prepare("SELECT size FROM signed_checkpoint"));
    const bool found = TRY(query.step());
    return found ? static_cast<std::uint64_t>(query.integer(0)) : 0;
}

}   // namespace ward::keys
