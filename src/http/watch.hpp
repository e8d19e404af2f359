// SPDX-License-Identifier: Apache-2.0
// The open connections of a server, and the clock that hangs over them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <unordered_set>

#include "core/mutex.hpp"
#include "http/deadline.hpp"

namespace ward::http {

/// One connection as the watch sees it. It must be removed before its socket is closed.
struct Watched {
    int socket = -1;
    Deadline deadline;
};

/// Wakes a connection whose time is over by shutting its socket down, which is safe from any thread while the
/// socket is open. So nobody arms a timer per read.
class Watch {
public:
    void add(Watched& watched);
    void remove(Watched& watched);

    struct Swept {
        std::size_t idle = 0;      // waiting for a next request
        std::size_t overdue = 0;   // anything else
    };
    Swept sweep(Moment now);

    /// Ends all that wait for a next request, or have not shaken hands.
    void end_idle(Moment now);

    /// Ends all, whatever they do.
    void end_all();

    std::size_t size();
    bool wait_until_empty(std::chrono::milliseconds timeout);
    void wait_until_empty();

private:
    Mutex mutex_;
    std::condition_variable_any emptied_;
    std::unordered_set<Watched*> open_ GUARDED_BY(mutex_);
};

}   // namespace ward::http
