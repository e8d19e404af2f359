// SPDX-License-Identifier: Apache-2.0
#include "core/task_queue.hpp"

#include <atomic>
#include <future>
#include <gtest/gtest.h>

namespace ward {
namespace {

TEST(TaskQueue, DoesAllThatItAcceptedBeforeItGoes) {
    std::atomic<int> done = 0;
    {
        TaskQueue queue{2, 100};
        for (int i = 0; i < 100; ++i) ASSERT_TRUE(queue.submit([&done] { ++done; }));
    }
    EXPECT_EQ(done, 100);
}

TEST(TaskQueue, TakesNoMoreThanMayWait) {
    std::promise<void> begun, go_on;
    TaskQueue queue{1, 2};
    ASSERT_TRUE(queue.submit([&] {
        begun.set_value();
        go_on.get_future().wait();
    }));
    begun.get_future().wait();
    EXPECT_TRUE(queue.submit([] {}));
    EXPECT_TRUE(queue.submit([] {}));
    EXPECT_FALSE(queue.submit([] { ADD_FAILURE() << "it was not accepted"; }));
    go_on.set_value();
}

TEST(TaskQueue, WhoHasTimeWaitsUntilThereIsRoom) {
    std::atomic<int> done = 0;
    {
        TaskQueue queue{1, 1};
        std::vector<std::jthread> waiting;
        for (int i = 0; i < 8; ++i)
            waiting.emplace_back([&] {
                for (int j = 0; j < 100; ++j) queue.submit_when_there_is_room([&done] { ++done; });
            });
        waiting.clear();
    }
    EXPECT_EQ(done, 800);
}

TEST(TaskQueue, RunsAsManyAtOnceAsItHasThreads) {
    std::promise<void> first;
    TaskQueue queue{2, 2};
    auto waits = first.get_future();
    std::promise<bool> seen;
    ASSERT_TRUE(queue.submit(
        [&] { seen.set_value(waits.wait_for(std::chrono::minutes{1}) == std::future_status::ready); }));
    ASSERT_TRUE(queue.submit([&] { first.set_value(); }));
    EXPECT_TRUE(seen.get_future().get());
}

}   // namespace
}   // namespace ward
