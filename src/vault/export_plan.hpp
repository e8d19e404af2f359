// SPDX-License-Identifier: Apache-2.0
// Which versions an export will hand out, file by file. Of what the store holds at one moment; nothing of it
// is copied, and the files are made when they are fetched.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "store/database.hpp"
#include "vault/export_wish.hpp"
#include "vault/granted_keys.hpp"
#include "vault/sight.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

struct ExportLimits {
    std::size_t resources_max = 5'000'000;
    std::size_t members_max = 10'000;   // of a Group
    std::size_t file_resources_max = 5'000;
    std::int64_t file_sealed_bytes_max = 4 << 20;   // and one more: what is opened is several times that
    std::size_t file_opened_bytes_max = std::size_t{256} << 20;   // beyond, somebody stored it to be that
};

struct ExportFile {
    fhir::ResourceType type{};
    std::vector<std::int64_t> seqs;
};

struct ExportPlan {
    std::vector<ExportFile> files;
    std::size_t owners = 0;   // whose keys it takes
};

/// Told from time to time what is done; false ends the planning.
using ExportProgress = std::function<bool(std::string_view done)>;

/// Of a Group, the keys of its members are asked for. Errc as an Issue that is safe to send.
fhir::Checked<ExportPlan> plan_export(Vault& vault, GrantedKeys& keys, const Sight& sight,
                                      const ExportWish& wish, const ExportProgress& progress,
                                      const ExportLimits& limits = {});

}   // namespace ward::vault
