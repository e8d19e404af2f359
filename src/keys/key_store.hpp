// SPDX-License-Identifier: Apache-2.0
// keys.db: everything in it is wrapped under the key-encryption key, or says nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "core/unique_fd.hpp"
#include "keys/checkpoint_text.hpp"
#include "keys/grant_store.hpp"
#include "keys/protocol.hpp"
#include "keys/unwrap_budget.hpp"
#include "store/database.hpp"

namespace ward::keys {

/// Whether keys.db holds the tables that ward-keys makes, and nothing else.
Result<> check_key_schema(store::Database& database);

/// Every change is on disk when its function returns. For one thread.
class KeyStore {
public:
    /// Makes it if it is missing. Errc::conflict when another process has it: two budgets would let through
    /// twice as much.
    static Result<KeyStore> open(const std::filesystem::path& path);

    /// Whether anything is wrapped in it: then another key-encryption key would open nothing.
    Result<bool> is_empty();
    Result<std::uint64_t> count_keys();

    /// Errc::conflict when the owner has a key.
    Result<> add(const Owner& owner, const KeyId& id, Bytes wrapped, Time now);
    Result<std::optional<Buffer>> find(const Owner& owner, const KeyId& id);

    /// When each owner was last counted as opened, or made, if it was after `since`.
    Result<std::vector<std::pair<Owner, Time>>> counted_since(Time since);

    Result<std::optional<Buffer>> secret(std::string_view name);
    /// Errc::limit_exceeded when there are too many.
    Result<> add_secret(std::string_view name, Bytes sealed);

    Result<std::optional<UnwrapBudget::State>> budget();
    Result<> keep_budget(const UnwrapBudget::State& state);
    /// The same, and that the owner was counted.
    Result<> count_owner(const Owner& owner, const KeyId& id, Time now, const UnwrapBudget::State& state);

    /// The other tables. For as long as this one lives, wherever it is moved.
    GrantStore grants() { return GrantStore{*database_}; }

    /// The last checkpoint that was signed.
    struct Signed {
        std::string origin;
        std::uint64_t size;
        Digest root;
    };
    Result<std::optional<Signed>> last_signed();
    Result<> keep_signed(const CheckpointText& checkpoint);

private:
    KeyStore(UniqueFd lock, std::unique_ptr<store::Database> database)
        : lock_(std::move(lock)), database_(std::move(database)) {}

    UniqueFd lock_;                               // goes with the process
    std::unique_ptr<store::Database> database_;   // stays where it is: grants() borrows it
};

}   // namespace ward::keys
