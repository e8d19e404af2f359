// SPDX-License-Identifier: Apache-2.0
#include "http/watch.hpp"

#include <sys/socket.h>

namespace ward::http {

void Watch::add(Watched& watched) {
    const Lock lock{mutex_};
    open_.insert(&watched);
}

void Watch::remove(Watched& watched) {
    const Lock lock{mutex_};
    if (open_.erase(&watched) == 1 && open_.empty()) emptied_.notify_all();
}

Watch::Swept Watch::sweep(Moment now) {
    Swept swept;
    const Lock lock{mutex_};
    for (auto* watched : open_) {
        const auto phase = watched->deadline.expire_if_over(now);
        if (phase == Phase::expired) continue;
        ++(phase == Phase::idle ? swept.idle : swept.overdue);
        // Who is late with a request is woken by an end of input, and can still be told so.
        ::shutdown(watched->socket, phase == Phase::reading ? SHUT_RD : SHUT_RDWR);
    }
    return swept;
}

void Watch::end_idle(Moment now) {
    const Lock lock{mutex_};
    for (auto* watched : open_)
        if (watched->deadline.expire_if(Phase::idle, now) ||
            watched->deadline.expire_if(Phase::handshake, now))
            ::shutdown(watched->socket, SHUT_RDWR);
}

void Watch::end_all() {
    const Lock lock{mutex_};
    for (auto* watched : open_) ::shutdown(watched->socket, SHUT_RDWR);
}

std::size_t Watch::size() {
    const Lock lock{mutex_};
    return open_.size();
}

bool Watch::wait_until_empty(std::chrono::milliseconds timeout) {
    Lock lock{mutex_};
    const auto until = std::chrono::steady_clock::now() + timeout;
    while (!open_.empty())
        if (emptied_.wait_until(lock, until) == std::cv_status::timeout) return open_.empty();
    return true;
}

void Watch::wait_until_empty() {
    Lock lock{mutex_};
    while (!open_.empty()) emptied_.wait(lock);
}

}   // namespace ward::http
