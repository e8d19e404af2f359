// SPDX-License-Identifier: Apache-2.0
#include "vault/readers.hpp"

namespace ward::vault {

Readers::Lease::~Lease() {
    snapshot_.reset();
    if (database_) readers_->give_back(std::move(database_));
}

Result<Readers::Lease> Readers::take() {
    auto database = TRY(idle_or_new());
    auto snapshot = TRY(store::Transaction::begin(*database, store::Transaction::Access::read));
    return Lease{*this, std::move(database), std::move(snapshot)};
}

Result<std::unique_ptr<store::Database>> Readers::idle_or_new() {
    {
        const Lock lock{mutex_};
        if (!idle_.empty()) {
            auto database = std::move(idle_.back());
            idle_.pop_back();
            return database;
        }
    }
    return std::make_unique<store::Database>(TRY(store::Database::open(path_, store::Mode::read_only)));
}

void Readers::give_back(std::unique_ptr<store::Database> database) {
    const Lock lock{mutex_};
    idle_.push_back(std::move(database));
}

}   // namespace ward::vault
