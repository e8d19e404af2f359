// SPDX-License-Identifier: Apache-2.0
// Ward's own sensor and watch, over what was made.
#pragma once

#include <filesystem>
#include <sys/types.h>

#include "core/result.hpp"
#include "core/unique_fd.hpp"

namespace ward::lab {

/// `ward-sensor read` and behind it `ward-watch read`, which both stand beside this program.
class Watched {
public:
    /// Begins to read the folder's frames. Errc::not_found where there are none.
    static Result<Watched> start(const std::filesystem::path& folder);

    /// What they find can be read from here, once.
    std::filesystem::path findings() const;
    /// After all was read: whether both came to their end. What kept them from it they have said themselves.
    Result<> finish();

private:
    Watched(pid_t sensor, pid_t watch, UniqueFd findings)
        : sensor_(sensor), watch_(watch), findings_(std::move(findings)) {}

    pid_t sensor_;
    pid_t watch_;
    UniqueFd findings_;
};

}   // namespace ward::lab
