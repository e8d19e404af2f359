// SPDX-License-Identifier: Apache-2.0
// The bytes of a stream that no message has used up yet.
#pragma once

#include <concepts>
#include <utility>

#include "protocol/session.hpp"
#include "wire/decode.hpp"

namespace ward::protocol {

/// Keeps the beginning of a message until the rest arrives. Without such a beginning nothing is copied.
class Pending {
public:
    /// Lets `use(Bytes) -> NeedMore or consumed bytes` … see each_message and each_line, which callers want.
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
    /// What was begun will not be ended.
    void lose(Output& out) {
        out.skipped(Uninspected::gap, bytes_.size());
        clear();
    }
    void clear() noexcept {
        bytes_ = Buffer{};   // gives the memory back, as `= {}` would not
        wanted_ = searched_ = 0;
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
};

/// Feeds a stream to `decode(Bytes) -> Decode<Message>` and each whole message to `take(const Message&)`. To
/// `decode(Bytes, std::size_t searched)` it says how many of the bytes were there when more were needed. A
/// message longer than `bytes_max` counts as capped; what is malformed is given up to the end of `fresh`,
/// which usually ends where a message does. `take` may return false to stop: then the rest is dropped too.
template <class Decoder, class Take>
void each_message(Pending& pending, Bytes fresh, std::size_t bytes_max, Output& out, Decoder decode,
                  Take take) {
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
                return input.size();
            }
            if (const auto* bad = std::get_if<Malformed>(&result)) {
                out.malformed(bad->reason, rest.size());
                return input.size();
            }
            auto& decoded = *std::get_if<0>(&result);
            used += decoded.consumed;
            take(decoded.message);
            if (out.restart) {
                // `rest` of a restart must outlive this call, so it may only borrow `fresh`.
                const auto left = std::min(input.size() - used, fresh.size());
                out.restart = fresh.last(left);
                return input.size();
            }
        }
        return used;
    });
}

/// Feeds a stream of text lines to `take(std::string_view line)`, without their CR LF or LF. Of a line longer
/// than `line_max` the beginning is taken when it is that long, and the rest counts as capped.
template <class Take>
void each_line(Pending& pending, Bytes fresh, std::size_t line_max, Output& out, Take take) {
    each_message(
        pending, fresh, line_max, out,
        [&](Bytes input) -> Decode<std::string_view> {
            const auto text = as_text(input);
            const auto end = text.find('\n');
            if (end == std::string_view::npos && text.size() < line_max) return NeedMore{1};
            const auto line = text.substr(0, std::min(end, line_max));
            const auto consumed = end == std::string_view::npos ? text.size() : end + 1;
            if (line.size() == line_max) out.skipped(Uninspected::cap, consumed - line.size());
            return Decoded<std::string_view>{line.ends_with('\r') ? line.substr(0, line.size() - 1) : line,
                                             consumed};
        },
        take);
}

}   // namespace ward::protocol
