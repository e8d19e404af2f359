// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "core/result.hpp"
#include "notify/destination.hpp"
#include "notify/sites.hpp"

namespace ward::notify {

/// What [notify] says, checked. Errc::malformed names the setting.
Result<Channels> channels_from(const config::NotifySettings& settings);
Result<Sites> sites_from(const config::NotifySettings& settings);

/// Files and folders that sending reads: secrets, certificates, and what names of hosts are looked up by.
std::vector<std::filesystem::path> read_by(const Channels& channels);

}   // namespace ward::notify
