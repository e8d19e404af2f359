// SPDX-License-Identifier: Apache-2.0
// What each of the programs that `ward run` starts is told, and what must be there before.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bus/server.hpp"
#include "config/settings.hpp"
#include "core/result.hpp"
#include "vault/vault.hpp"

namespace ward::cli {

using Arguments = std::vector<std::string>;

/// What this start of the vault is to do that others do not.
struct VaultWishes {
    vault::OnViolation violation = vault::OnViolation::refuse;
    bool remap = false;
    std::string remap_feed;
};

Arguments keys_arguments(const config::Config& config);
Arguments vault_arguments(const config::Config& config, const VaultWishes& wishes);

/// Where events are on their way.
struct EventPaths {
    explicit EventPaths(const config::Config& config) : data(config.data.path) {}
    std::filesystem::path data;
    std::filesystem::path sensor() const { return data / "sensor"; }
    std::filesystem::path spool() const { return sensor() / "spool"; }
    std::filesystem::path pseudonym_key() const { return sensor() / "pseudonym.key"; }
    std::filesystem::path followed() const { return data / "followed"; }   // a spool, too
    std::filesystem::path events() const { return data / "events"; }
    std::filesystem::path watch() const { return data / "watch"; }
    std::filesystem::path notify() const { return data / "notify"; }
    bus::ServerFiles server() const { return bus::ServerFiles{data / "bus"}; }
};

/// Each makes the folders that its program needs. The sensor keeps events in a spool, as does who follows
/// other sensors; for each spool a courier takes them to the bus, and the watch gets them from there.
Result<Arguments> ready_sensor(const config::Config& config);
Result<Arguments> ready_follower(const config::Config& config);
Result<Arguments> ready_courier(const config::Config& config, const std::filesystem::path& spool);
Result<Arguments> ready_watch(const config::Config& config);
/// It reads the configuration itself: the file that was named, or the same default.
Result<Arguments> ready_notify(const config::Config& config, const std::string& config_file);
/// Whether anybody is to be told.
bool notifies(const config::NotifySettings& settings);

/// Turns this process into a nats-server for this machine, confined. Returns only when that failed.
Error become_bus(const config::Config& config);

}   // namespace ward::cli
