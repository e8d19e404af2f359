// SPDX-License-Identifier: Apache-2.0
// How the program is asked to end: what it has heard is still told.
#pragma once

#include <csignal>

#include "core/unique_fd.hpp"

namespace ward::sensor {

/// SIGINT, SIGTERM and SIGHUP, from then on blocked in this thread and those that it starts. SIGHUP is left
/// alone where it is ignored, as nohup(1) does.
sigset_t block_stop_signals();

/// The same for who waits for something else too.
class StopRequest {
public:
    StopRequest();

    /// Can be read when one came; -1 where the kernel has none.
    int descriptor() const noexcept { return descriptor_.get(); }
    bool came() const;
    /// The next one ends the program at once, as if nothing had been blocked.
    void heed();

private:
    sigset_t signals_;
    UniqueFd descriptor_;
};

}   // namespace ward::sensor
