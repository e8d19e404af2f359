// SPDX-License-Identifier: Apache-2.0
// Requests of one conversation that wait for their answers. A handful at most, so they stand in a row.
#pragma once

#include <algorithm>

#include "protocol/session.hpp"

namespace ward::protocol {

template <class Key, class Told>
class Unanswered {
public:
    /// The oldest is told without answer when there are too many.
    void ask(const Key& key, Told told, std::size_t waiting_max, Output& out) {
        if (waiting_.size() >= waiting_max) {
            out.emit(std::move(waiting_.front().told));
            waiting_.erase(waiting_.begin());
        }
        waiting_.push_back({key, out.now, std::move(told)});
    }
    /// Tells the request with that key after `complete(request)`; false where there is none.
    template <class Complete>
    bool answer(const Key& key, Output& out, Complete complete) {
        const auto asked = std::ranges::find(waiting_, key, &Waiting::key);
        if (asked == waiting_.end()) return false;
        asked->told.latency_us =
            std::chrono::duration_cast<std::chrono::microseconds>(out.now - asked->asked).count();
        complete(asked->told);
        out.emit(std::move(asked->told));
        waiting_.erase(asked);
        return true;
    }
    void end(Output& out) {
        for (auto& waiting : waiting_) out.emit(std::move(waiting.told));
        waiting_ = {};
    }
    /// Without the texts of the requests, of which the caller knows how long they get.
    std::size_t memory() const noexcept { return waiting_.capacity() * sizeof(Waiting); }

private:
    struct Waiting {
        Key key;
        event::Time asked{};
        Told told;
    };
    std::vector<Waiting> waiting_;
};

}   // namespace ward::protocol
