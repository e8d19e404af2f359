// SPDX-License-Identifier: Apache-2.0
// How a play is asked to end before its time: SIGINT and SIGTERM.
#pragma once

#include "core/unique_fd.hpp"

namespace ward::lab {

/// From then on a first signal is noted, and a second of its kind ends the program at once. One that is
/// ignored, as a shell has it of what runs behind, stays so. There is one of these.
class StopRequest {
public:
    StopRequest();

    int descriptor() const { return told_.get(); }   // can be read from the first signal on
    static int signal();                             // which came; 0: none

private:
    UniqueFd told_;
};

}   // namespace ward::lab
