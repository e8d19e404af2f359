// SPDX-License-Identifier: Apache-2.0
// The exports that can be fetched, so that a restart ends none: what was asked for and which rows are in
// which file, sealed. Nothing of what the rows say. docs/formats/export.md.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "keys/grant.hpp"
#include "vault/export_plan.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

/// What it takes to go on with an export.
struct ExportJob {
    std::string user;
    std::string client;
    std::string request;   // its address, parameters included
    ExportOf of = ExportOf::system;
    std::string group;   // id
    keys::GrantId grant{};
    std::int64_t owners_max = 0;
    Time started{};
    Time expires{};                           // with its grant
    std::shared_ptr<const ExportPlan> plan;   // once it is made
};

struct KeptExport {
    std::string id;
    ExportJob job;
};

/// Callable from several threads. Borrows the vault.
class KeptExports {
public:
    explicit KeptExports(Vault& vault) : vault_(vault) {}

    /// Those that are not over; at most `count_max`. What does not open, or is over, is taken away.
    Result<std::vector<KeptExport>> all(Time now, std::size_t count_max) const;

    Result<> add(const std::string& id, const ExportJob& job) const;
    /// Of one that is not there any more, nothing is kept.
    Result<> update(const std::string& id, const ExportJob& job) const;
    Result<> forget(const std::string& id) const;

private:
    Vault& vault_;
};

}   // namespace ward::vault
