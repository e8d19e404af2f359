// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "keys/protocol.hpp"
#include "store/database.hpp"

namespace ward::keys {

/// The wrapped keys as they lie in keys.db, for checking them without opening any. Reads beside a running
/// ward-keys.
class WrappedKeys {
public:
    static Result<WrappedKeys> open(const std::filesystem::path& path);

    /// Errc::corrupt when there is anything in keys.db that ward-keys did not make, such as a trigger.
    Result<> check_schema();

    /// SHA-256 of a wrapped key; nothing if there is no such key.
    Result<std::optional<Digest>> digest(const Owner& owner, const KeyId& id);

    /// The key of an owner.
    struct Wrapped {
        KeyId id;
        Digest digest;
    };
    Result<std::optional<Wrapped>> of_owner(const Owner& owner);

    /// How many entries the last checkpoint had that was signed; 0 before the first.
    Result<std::uint64_t> signed_size();

private:
    explicit WrappedKeys(store::Database database) : database_(std::move(database)) {}

    store::Database database_;
};

}   // namespace ward::keys
