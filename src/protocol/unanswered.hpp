// SPDX-License-Identifier: Apache-2.0
// Requests of one conversation that wait for their answers. A handful at most, so they stand in a row.
#pragma once

#include <algorithm>
#include <list>

#include "event/heap.hpp"
#include "protocol/latency.hpp"
#include "protocol/session.hpp"

namespace ward::protocol {

template <class Key, class Told>
class Unanswered {
public:
    /// A request whose key waits already was sent again, or the old one was lost: that is told without
    /// answer, as is the oldest when there are too many.
    void ask(const Key& key, Told told, std::size_t waiting_max, Output& out) {
        ask(key, std::move(told), waiting_max, out.now, out);
    }
    void ask(const Key& key, Told told, std::size_t waiting_max, event::Time asked, Output& out) {
        auto given_up = std::ranges::find(waiting_, key, &Waiting::key);
        if (given_up == waiting_.end() && waiting_.size() >= waiting_max) given_up = waiting_.begin();
        if (given_up != waiting_.end()) tell(given_up, out);
        const auto bytes = sizeof(Waiting) + 2 * sizeof(void*) + event::heap_of(told);
        bytes_ += bytes;
        waiting_.push_back({key, asked, bytes, std::move(told)});
    }
    /// Tells the request with that key after `complete(request)`; false where there is none.
    template <class Complete>
    bool answer(const Key& key, Output& out, Complete complete) {
        return settle([&](const Key& asked, const Told&) { return asked == key; },
                      [&](Told& told, std::int64_t latency_us) {
                          told.latency_us = latency_us;
                          complete(told);
                          return true;
                      },
                      out);
    }
    /// Calls `complete(request, latency)` for the oldest that `matches(key, request)`, and tells it if that
    /// was its last answer; false where there is none.
    template <class Matches, class Complete>
    bool settle(Matches matches, Complete complete, Output& out) {
        const auto asked = std::ranges::find_if(
            waiting_, [&](const Waiting& waiting) { return matches(waiting.key, waiting.told); });
        if (asked == waiting_.end()) return false;
        if (complete(asked->told, microseconds_since(asked->asked, out))) tell(asked, out);
        return true;
    }
    /// How many `matches(key)`.
    template <class Matches>
    std::size_t count(Matches matches) const {
        return static_cast<std::size_t>(std::ranges::count_if(waiting_, matches, &Waiting::key));
    }
    void end(Output& out) {
        while (!waiting_.empty()) tell(waiting_.begin(), out);
    }
    std::size_t memory() const noexcept { return bytes_; }

private:
    struct Waiting {
        Key key;
        event::Time asked{};
        std::size_t bytes = 0;
        Told told;
    };
    using Place = typename std::list<Waiting>::iterator;

    void tell(Place waiting, Output& out) {
        bytes_ -= waiting->bytes;
        out.emit(std::move(waiting->told));
        waiting_.erase(waiting);
    }

    std::list<Waiting> waiting_;
    std::size_t bytes_ = 0;
};

}   // namespace ward::protocol
