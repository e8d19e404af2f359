// SPDX-License-Identifier: Apache-2.0
// A data directory that is small enough to be copied ten thousand times, and the parts of Ward to open it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "core/unique_fd.hpp"
#include "keys/server.hpp"
#include "vault/dispatch.hpp"
#include "vault/vault.hpp"

namespace ward::attacks {

/// ward-keys and ward-vault of a data directory, in this process. Opening fails where the programs would end.
class OpenedStore {
public:
    static Result<std::unique_ptr<OpenedStore>> open(
        const std::filesystem::path& directory, vault::OnViolation violation = vault::OnViolation::refuse);

    /// Not open yet: use open().
    explicit OpenedStore(std::filesystem::path directory);
    ~OpenedStore();
    OpenedStore(const OpenedStore&) = delete;
    OpenedStore& operator=(const OpenedStore&) = delete;

    /// `path` is below the base, without a query.
    http::Response ask(http::Method method, std::string_view path, const std::string& body = {});

private:
    Result<> open_parts(vault::OnViolation violation);

    std::filesystem::path directory_;
    ManualClock clock_;
    UniqueFd stop_;
    std::unique_ptr<keys::Keeper> keeper_;
    std::unique_ptr<keys::Server> server_;
    std::jthread serving_;
    std::optional<keys::Client> keys_;
    std::unique_ptr<vault::Vault> vault_;
    std::unique_ptr<vault::Dispatch> dispatch_;
};

struct KnownAnswer {
    std::string path;
    int status;
    std::string body;
};

class SmallStore {
public:
    /// Fills `folder` with "yesterday" and "now", which nobody uses.
    explicit SmallStore(std::filesystem::path folder);

    std::filesystem::path yesterday() const { return folder_ / "yesterday"; }
    std::filesystem::path now() const { return folder_ / "now"; }

    /// What reading each record, and each version, gives.
    const std::vector<KnownAnswer>& answers() const { return answers_; }

private:
    std::filesystem::path folder_;
    std::vector<KnownAnswer> answers_;
};

}   // namespace ward::attacks
