// SPDX-License-Identifier: Apache-2.0
// A watch that goes on after a restart, and after being killed, as if it had never ended.
#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "apps/ward-watch/memory.hpp"
#include "history/replay.hpp"

namespace ward::watch {

/// Looks at each event that a folder stores, once. What it knows is in that folder, too; what was stored
/// since that was kept last is looked at again, and the same is found.
class Looking {
public:
    static constexpr std::string_view file_name = "watch.state";
    static constexpr std::string_view order_name = "watch.order";

    explicit Looking(std::filesystem::path folder, std::optional<segment::Borders> plan = {});

    /// From what was known when it ended, and what was stored since. If that is damaged, which is logged, it
    /// is put aside, and all is learned anew from now on, when so much of each publisher is `stored`.
    /// Errc::unavailable where it cannot be read.
    Result<> go_on(const Looked& stored);

    /// Lines of a publisher that are stored now, numbered from `first` on.
    void look(std::string_view publisher, std::uint64_t first, std::span<const std::string_view> lines);

    /// What is known, to the disk; not before what was found is on it, too. Errc::unavailable.
    Result<> keep();
    /// Bytes of events since that was done.
    std::size_t unkept() const noexcept { return unkept_; }

    detect::Findings take_news() { return watch_->take_news(); }
    Counts counts() const { return watch_->counts(); }

private:
    void begin_anew();
    void look_again();
    std::vector<history::Turn> order() const;
    void note_turn(std::string_view publisher, std::uint64_t first, std::size_t count);

    std::filesystem::path folder_;
    std::optional<segment::Borders> plan_;
    std::unique_ptr<Watch> watch_;
    Looked looked_;
    std::size_t unkept_ = 0;
    std::ofstream order_{};   // in which turns events came since what is known was kept
};

}   // namespace ward::watch
