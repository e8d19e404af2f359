// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-lab/stop.hpp"

#include <cerrno>
#include <csignal>
#include <sys/eventfd.h>

namespace ward::lab {
namespace {

// A signal's action can reach nothing else.
volatile std::sig_atomic_t came = 0;
volatile std::sig_atomic_t telling = -1;

extern "C" void note_signal(int signal) {
    const int before = errno;
    came = signal;
    ::eventfd_write(telling, 1);
    errno = before;
}

}   // namespace

StopRequest::StopRequest() : told_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    telling = told_.get();
    for (const int signal : {SIGINT, SIGTERM}) {
        struct sigaction action {};
        if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) continue;
        action = {};
        action.sa_handler = note_signal;
        action.sa_flags = static_cast<int>(SA_RESETHAND);
        ::sigaction(signal, &action, nullptr);
    }
}

int StopRequest::signal() { return came; }

}   // namespace ward::lab
