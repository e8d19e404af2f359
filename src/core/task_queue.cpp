// SPDX-License-Identifier: Apache-2.0
#include "core/task_queue.hpp"

#include <utility>

namespace ward {

TaskQueue::TaskQueue(unsigned threads, std::size_t waiting_max) : waiting_max_(waiting_max) {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

TaskQueue::~TaskQueue() {
    {
        const Lock lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
}

bool TaskQueue::submit(UniqueFunction<void()> task) {
    {
        const Lock lock{mutex_};
        if (waiting_.size() >= waiting_max_) return false;
        waiting_.push_back(std::move(task));
    }
    changed_.notify_one();
    return true;
}

void TaskQueue::submit_when_there_is_room(UniqueFunction<void()> task) {
    {
        Lock lock{mutex_};
        room_.wait(lock,
                   [this]() WARD_TSA(requires_capability(mutex_)) { return waiting_.size() < waiting_max_; });
        waiting_.push_back(std::move(task));
    }
    changed_.notify_one();
}

void TaskQueue::run() {
    for (;;) {
        UniqueFunction<void()> task;
        {
            Lock lock{mutex_};
            changed_.wait(lock, [this]() WARD_TSA(requires_capability(mutex_)) {
                return stopping_ || !waiting_.empty();
            });
            if (waiting_.empty()) return;
            task = std::move(waiting_.front());
            waiting_.pop_front();
        }
        room_.notify_one();
        task();
    }
}

}   // namespace ward
