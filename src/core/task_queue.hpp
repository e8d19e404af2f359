// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <thread>
#include <vector>

#include "core/mutex.hpp"
#include "core/unique_function.hpp"

namespace ward {

/// Threads for work that takes longer than whoever asks for it may wait. Callable from several threads.
class TaskQueue {
public:
    TaskQueue(unsigned threads, std::size_t waiting_max);

    /// Finishes what was accepted.
    ~TaskQueue();
    TaskQueue(const TaskQueue&) = delete;
    TaskQueue& operator=(const TaskQueue&) = delete;

    /// False, and the task is dropped, when as many wait as may.
    bool submit(UniqueFunction<void()> task);
    /// Waits until there is room. Never from a task.
    void submit_when_there_is_room(UniqueFunction<void()> task);

private:
    void run();

    const std::size_t waiting_max_;
    Mutex mutex_;   // guards what waits
    std::deque<UniqueFunction<void()>> waiting_ GUARDED_BY(mutex_);
    bool stopping_ GUARDED_BY(mutex_) = false;
    std::condition_variable_any changed_;   // for the threads
    std::condition_variable_any room_;      // for who waits to submit
    std::vector<std::jthread> threads_;
};

}   // namespace ward
