// SPDX-License-Identifier: Apache-2.0
#include "bus/trouble.hpp"

#include <condition_variable>
#include <mutex>

#include "core/log.hpp"

namespace ward::bus {
namespace {

/// Programs that are started at once wait for each other.
constexpr std::chrono::seconds borne_for{5};
constexpr std::chrono::minutes told_every{1};

}   // namespace

void pause(const std::stop_token& stop, std::chrono::milliseconds time) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock{mutex};
    never.wait_for(lock, stop, time, [] { return false; });
}

void Trouble::tell(std::string_view reason) {
    const auto now = Steady::now();
    if (!since_) since_ = now;
    if (now - *since_ < borne_for || (told_ && now - *told_ < told_every)) return;
    told_ = now;
    log::warn(what_, {{"reason", reason}});
}

void Trouble::is_over() {
    if (told_) log::info("over", {{"what", what_}});
    since_.reset();
    told_.reset();
}

}   // namespace ward::bus
