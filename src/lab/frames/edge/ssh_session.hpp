// SPDX-License-Identifier: Apache-2.0
// A secure shell as a mirror port sees it: RFC 4253. What is said in the clear, then packets of which only
// the sizes tell something.
#pragma once

#include "lab/frames/office/wires.hpp"

namespace ward::lab {

/// Borrows the wires.
class SshSession {
public:
    SshSession(Wires& wires, const Device& client, const Device& server);

    /// Each returns when it is done.
    Moment open(Moment at);
    Moment exchange(std::size_t asked, std::size_t answered, Moment at);
    Moment close(Side from, Moment at) { return line_.close(from, at); }

private:
    Moment send_sealed(Side from, std::size_t size, Moment at);

    Random random_;
    TcpLine line_;
};

}   // namespace ward::lab
