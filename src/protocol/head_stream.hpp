// SPDX-License-Identifier: Apache-2.0
// Messages of which only the beginning matters: the rest of each is counted and never copied.
#pragma once

#include <algorithm>

#include "protocol/pending.hpp"

namespace ward::protocol {

class HeadStream {
public:
    /// `decode(Bytes) -> Decode<Head>` may say that it consumed more than it was given: so much is passed by.
    /// A head that needs more than `head_max` counts as capped; after what is malformed all of `fresh` is
    /// dropped. `take(head)` may set out.restart.
    template <class Decoder, class Take>
    void feed(Bytes fresh, std::size_t head_max, Output& out, Decoder decode, Take take) {
        const auto passed = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, fresh.size()));
        skip_ -= passed;
        fresh = fresh.subspan(passed);
        if (fresh.empty()) return;
        pending_.feed(fresh, [&](Bytes input) {
            std::size_t used = 0;
            while (used < input.size()) {
                const auto rest = input.subspan(used);
                auto result = decode(rest);
                if (const auto* more = std::get_if<NeedMore>(&result)) {
                    const auto wanted = rest.size() + more->at_least;
                    if (wanted <= head_max) {
                        pending_.want(wanted);
                        return used;
                    }
                    out.skipped(Uninspected::cap, rest.size());
                    return input.size();
                }
                if (const auto* bad = std::get_if<Malformed>(&result)) {
                    out.malformed(bad->reason, rest.size());
                    return input.size();
                }
                auto& decoded = *std::get_if<0>(&result);
                const std::uint64_t consumed = decoded.consumed;
                const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(consumed, rest.size()));
                skip_ = consumed - here;
                used += here;
                take(decoded.message);
                if (!out.restart) continue;
                // `rest` of a restart must outlive this call, so it may only borrow `fresh`.
                out.restart = fresh.last(std::min(input.size() - used, fresh.size()));
                return input.size();
            }
            return used;
        });
    }

    /// The bytes that were lost may be of a rest that nobody wants. Otherwise the next data begins a message.
    void lose(std::uint64_t bytes) {
        pending_.clear();
        skip_ -= std::min(skip_, bytes);
    }
    void clear() noexcept {
        pending_.clear();
        skip_ = 0;
    }
    std::size_t memory() const noexcept { return pending_.memory(); }

private:
    Pending pending_;
    std::uint64_t skip_ = 0;
};

}   // namespace ward::protocol
