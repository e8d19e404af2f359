// SPDX-License-Identifier: Apache-2.0
// What ward-vault is made of, and serves until it is told to stop.
#pragma once

#include <csignal>
#include <optional>
#include <string>
#include <vector>

#include "apps/ward-vault/access.hpp"
#include "core/result.hpp"

namespace ward {

struct ServeOptions {
    std::string directory;
    std::string listen = "127.0.0.1:8443";
    std::vector<std::string> names{"localhost", "127.0.0.1"};
    std::string origin;
    std::vector<std::string> feeds;
    bool remap = false;
    std::optional<std::string> remap_feed{};
    std::vector<std::string> facility_index;
    std::size_t body_mib_max = 64;
    AccessOptions access;
    bool with_parent = false;
    bool despite_violation = false;
};

/// Until one of the signals, which are blocked, arrives. Errc::corrupt if what it serves was altered.
Result<> serve(const ServeOptions& options, const sigset_t& stop_signals);

}   // namespace ward
