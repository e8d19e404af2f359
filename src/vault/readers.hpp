// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "core/mutex.hpp"
#include "core/result.hpp"
#include "store/database.hpp"

namespace ward::vault {

/// Read-only connections to records.db, one for each thread that reads at the moment. Must outlive its
/// leases.
class Readers {
public:
    explicit Readers(std::filesystem::path path) : path_(std::move(path)) {}

    /// A connection on loan, which sees the store as it was at its first look. It goes back when the lease is
    /// destroyed.
    class Lease {
    public:
        Lease(Readers& readers, std::unique_ptr<store::Database> database, store::Transaction snapshot)
            : readers_(&readers), database_(std::move(database)), snapshot_(std::move(snapshot)) {}
        Lease(Lease&&) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease();

        store::Database& operator*() const { return *database_; }

    private:
        Readers* readers_;
        std::unique_ptr<store::Database> database_;
        std::optional<store::Transaction> snapshot_;
    };

    Result<Lease> take();

private:
    Result<std::unique_ptr<store::Database>> idle_or_new();
    void give_back(std::unique_ptr<store::Database> database);

    std::filesystem::path path_;
    Mutex mutex_;   // guards the connections that nobody uses
    std::vector<std::unique_ptr<store::Database>> idle_ GUARDED_BY(mutex_);
};

}   // namespace ward::vault
