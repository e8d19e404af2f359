// SPDX-License-Identifier: Apache-2.0
#include "keys/wrapped_keys.hpp"

#include "crypto/hash.hpp"

namespace ward::keys {

Result<WrappedKeys> WrappedKeys::open(const std::filesystem::path& path) {
    return WrappedKeys{TRY(store::Database::open(path, store::Mode::read_only))};
}

Result<std::optional<Digest>> WrappedKeys::digest(const Owner& owner, const KeyId& id) {
    auto query = TRY(database_.prepare("SELECT wrapped FROM data_key WHERE owner = ? AND key_id = ?"));
    TRY(query.bind(Bytes{owner}, Bytes{id}));
    const bool found = TRY(query.step());
    return found ? std::optional{crypto::sha256(query.bytes(0))} : std::nullopt;
}

}   // namespace ward::keys
