// SPDX-License-Identifier: Apache-2.0
#include "vault/readers.hpp"

namespace ward::vault {

Result<Readers::Lease> Readers::take() {
    {
        const Lock lock{mutex_};
        if (!idle_.empty()) {
            auto database = std::move(idle_.back());
            idle_.pop_back();
            return Lease{*this, std::move(database)};
        }
    }
    auto database = TRY(store::Database::open(path_, store::Mode::read_only));
    return Lease{*this, std::make_unique<store::Database>(std::move(database))};
}

void Readers::give_back(std::unique_ptr<store::Database> database) {
    const Lock lock{mutex_};
    idle_.push_back(std::move(database));
}

}   // namespace ward::vault
