// SPDX-License-Identifier: Apache-2.0
// The bytes of a stream that no message has used up yet.
#pragma once

#include <algorithm>
#include <concepts>
#include <utility>

#include "protocol/session.hpp"
#include "wire/decode.hpp"

namespace ward::protocol {

/// Bytes behind a message, or the rest of it, that nobody reads. They are counted when they pass.
struct PassedBy {
    std::uint64_t bytes = 0;
    Uninspected why = Uninspected::content;
};

/// Keeps the beginning of a message until the rest arrives. Without such a beginning nothing is copied.
class Pending {
public:
    /// `use(Bytes)` says how many bytes it used; the others come again with what follows. Callers want
    /// each_message.
    template <class Use>
    void feed(Bytes fresh, Use&& use) {
        if (bytes_.empty()) return keep(fresh, use(fresh));
        append(bytes_, fresh);
        if (bytes_.size() < wanted_) return;
        Buffer joined = std::exchange(bytes_, {});
        const std::size_t consumed = use(Bytes{joined});
        if (consumed > 0) return keep(joined, consumed);
        bytes_ = std::move(joined);
    }

    /// The message that `use` could not end needs so many bytes in all.
    void want(std::size_t bytes) noexcept { wanted_ = bytes; }
    /// Its end is not in so many bytes, which need not be searched again.
    void searched(std::size_t bytes) noexcept { searched_ = bytes; }
    std::size_t take_searched() noexcept { return std::exchange(searched_, 0); }
    void pass_by(PassedBy rest) noexcept { passed_by_ = rest; }
    /// What of `fresh` is to be read.
    Bytes behind_passed(Bytes fresh, Output& out) {
        if (passed_by_.bytes == 0) return fresh;
        const auto passed = static_cast<std::size_t>(std::min<std::uint64_t>(passed_by_.bytes, fresh.size()));
        passed_by_.bytes -= passed;
        out.skipped(passed_by_.why, passed);
        return fresh.subspan(passed);
    }
    /// Whether all of the lost bytes were to be passed by. If not, the next data begin a message.
    bool lose(std::uint64_t bytes, Output& out) {
        const bool inside = bytes_.empty() && bytes <= passed_by_.bytes;
        const PassedBy rest{inside ? passed_by_.bytes - bytes : 0, passed_by_.why};
        give_up(out);
        passed_by_ = rest;
        return inside;
    }
    /// What was begun will not be ended.
    void give_up(Output& out) {
        out.skipped(Uninspected::gap, bytes_.size());
        clear();
    }
    void clear() noexcept {
        bytes_ = Buffer{};   // gives the memory back, as `= {}` would not
        wanted_ = searched_ = 0;
        passed_by_ = {};
    }
    std::size_t size() const noexcept { return bytes_.size(); }
    std::size_t memory() const noexcept { return bytes_.capacity(); }

private:
    void keep(Bytes input, std::size_t consumed) {
        const auto rest = input.subspan(consumed);
        bytes_.assign(rest.begin(), rest.end());
        if (rest.empty()) wanted_ = 0;
    }

    Buffer bytes_;
    std::size_t wanted_ = 0;
    std::size_t searched_ = 0;
    PassedBy passed_by_;
};

/// Feeds a stream to `decode(Bytes) -> Decode<Message>` and each whole message to `take(const Message&)`. To
/// `decode(Bytes, std::size_t searched)` it says how many of the bytes were there when more were needed. A
/// message longer than `bytes_max` is passed by and counts as capped; what is malformed is given up to the
/// end of `fresh`, which usually ends where a message does. A message may have a member `passed_by`: so much
/// behind it is neither kept nor read.
template <class Decoder, class Take>
void each_message(Pending& pending, Bytes fresh, std::size_t bytes_max, Output& out, Decoder decode,
                  Take take) {
    fresh = pending.behind_passed(fresh, out);
    if (fresh.empty()) return;
    pending.feed(fresh, [&](Bytes input) {
        std::size_t used = 0;
        auto searched = pending.take_searched();
        while (used < input.size()) {
            const auto rest = input.subspan(used);
            auto result = [&] {
                if constexpr (std::invocable<Decoder, Bytes, std::size_t>)
                    return decode(rest, searched);
                else
                    return decode(rest);
            }();
            searched = 0;
            if (const auto* more = std::get_if<NeedMore>(&result)) {
                if (rest.size() + more->at_least <= bytes_max) {
                    pending.want(rest.size() + more->at_least);
                    pending.searched(rest.size());
                    return used;
                }
                out.skipped(Uninspected::cap, rest.size());
                pending.pass_by({more->at_least, Uninspected::cap});
                return input.size();
            }
            if (const auto* bad = std::get_if<Malformed>(&result)) {
                out.malformed(bad->reason, rest.size());
                return input.size();
            }
            auto& decoded = *std::get_if<0>(&result);
            used += decoded.consumed;
            if constexpr (requires { decoded.message.passed_by; }) pending.pass_by(decoded.message.passed_by);
            take(decoded.message);
            if (out.restart) {
                // `rest` of a restart must outlive this call, so it may only borrow `fresh`.
                const auto left = std::min(input.size() - used, fresh.size());
                out.restart = fresh.last(left);
                return input.size();
            }
            used = input.size() - pending.behind_passed(input.subspan(used), out).size();
        }
        return used;
    });
}

}   // namespace ward::protocol
