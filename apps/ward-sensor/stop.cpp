// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-sensor/stop.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>

namespace ward::sensor {

sigset_t block_stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction now {};
        const bool ignored = ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
        if (signal != SIGHUP || !ignored) sigaddset(&signals, signal);
    }
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

StopRequest::StopRequest()
    : signals_(block_stop_signals()), descriptor_(::signalfd(-1, &signals_, SFD_CLOEXEC | SFD_NONBLOCK)) {}

bool StopRequest::came() const {
    pollfd asked{descriptor_.get(), POLLIN, 0};
    return ::poll(&asked, 1, 0) > 0;
}

void StopRequest::heed() {
    signalfd_siginfo request{};
    while (::read(descriptor_.get(), &request, sizeof request) > 0) continue;
    ::pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
}

}   // namespace ward::sensor
