// SPDX-License-Identifier: Apache-2.0
// Lines of a stream in which bulk may follow: nothing but the beginning of a line is copied.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "protocol/session.hpp"

namespace ward::protocol {

class LineStream {
public:
    /// Of a longer line the beginning is given.
    static constexpr std::size_t line_max = 1024;

    /// Gives each line without its end to `take(std::string_view line, std::size_t bytes)`, which returns how
    /// many bytes after it are no lines: they count as content. If it sets `out.restart`, the rest is left to
    /// another protocol.
    template <class Take>
    void feed(std::string_view text, Output& out, Take take) {
        while (!text.empty()) {
            if (skip_ > 0) {
                const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, text.size()));
                skip_ -= skipped;
                out.skipped(Uninspected::content, skipped);
                text.remove_prefix(skipped);
                continue;
            }
            const auto end = text.find('\n');
            const auto piece = text.substr(0, end);
            const auto bytes = size_ + piece.size() + 1;
            if (end == std::string_view::npos || !held_.empty())
                held_ += piece.substr(0, line_max - held_.size());
            if (end == std::string_view::npos) {
                size_ += piece.size();
                return;
            }
            text.remove_prefix(end + 1);
            size_ = 0;
            const auto joined = std::exchange(held_, {});
            auto line = joined.empty() ? piece.substr(0, line_max) : std::string_view{joined};
            if (line.ends_with('\r')) line.remove_suffix(1);
            if (!std::exchange(torn_, false)) skip_ = take(line, bytes);
            if (!out.restart) continue;
            out.restart = as_bytes(text);
            return;
        }
    }

    /// The rest of the line that was begun is not one.
    void lose(std::uint64_t bytes, Output& out) {
        out.skipped(Uninspected::gap, size_);
        held_ = {};
        size_ = 0;
        torn_ = skip_ < bytes;
        skip_ -= std::min(skip_, bytes);
    }
    std::size_t memory() const noexcept { return held_.capacity(); }

private:
    std::string held_;
    std::size_t size_ = 0;   // of the line so far
    std::uint64_t skip_ = 0;
    bool torn_ = false;
};

}   // namespace ward::protocol
