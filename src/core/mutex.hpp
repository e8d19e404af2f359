// SPDX-License-Identifier: Apache-2.0
// libstdc++'s std::mutex carries no thread-safety annotations; with these, clang warns at an unguarded read.
#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define WARD_TSA(x) __attribute__((x))
#else
#define WARD_TSA(x)
#endif
#define GUARDED_BY(m) WARD_TSA(guarded_by(m))

namespace ward {

class WARD_TSA(capability("mutex")) Mutex {
public:
    void lock() WARD_TSA(acquire_capability()) { mutex_.lock(); }
    void unlock() WARD_TSA(release_capability()) { mutex_.unlock(); }

private:
    std::mutex mutex_;
};

class WARD_TSA(scoped_lockable) Lock {
public:
    explicit Lock(Mutex& mutex) WARD_TSA(acquire_capability(mutex)) : mutex_(mutex) { mutex_.lock(); }
    ~Lock() WARD_TSA(release_capability()) { mutex_.unlock(); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    // For std::condition_variable_any, which unlocks while it waits.
    void lock() WARD_TSA(acquire_capability()) { mutex_.lock(); }
    void unlock() WARD_TSA(release_capability()) { mutex_.unlock(); }

private:
    Mutex& mutex_;
};

}   // namespace ward
