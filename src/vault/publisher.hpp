// SPDX-License-Identifier: Apache-2.0
// Publishes a checkpoint of the ledger each second while there are new entries.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "core/mutex.hpp"
#include "core/result.hpp"
#include "keys/client.hpp"
#include "store/group_commit.hpp"
#include "vault/readers.hpp"

namespace ward::ledger {
class Log;
}

namespace ward::vault {

/// What the publisher works with. Borrowed.
struct PublisherParts {
    std::filesystem::path directory;
    std::string origin;
    keys::Client& keys;
    Readers& readers;
    store::GroupCommit& commits;
    std::function<void()> each_second;   // other work of that pace
};

class Publisher {
public:
    /// Brings the published ledger up to what is committed, then goes on in a thread of its own.
    /// Errc::corrupt when the store and the ledger disagree.
    static Result<std::unique_ptr<Publisher>> start(PublisherParts parts);

    /// Not started yet: use start().
    explicit Publisher(PublisherParts parts);

    /// Publishes what is committed, and stops.
    ~Publisher();

private:
    Result<> publish();
    void run();

    static constexpr std::chrono::seconds interval{1};

    PublisherParts parts_;
    std::unique_ptr<ledger::Log> log_;

    Mutex mutex_;   // guards the wish to stop
    bool stopping_ GUARDED_BY(mutex_) = false;
    std::condition_variable_any stop_asked_;
    std::jthread thread_;
};

}   // namespace ward::vault
