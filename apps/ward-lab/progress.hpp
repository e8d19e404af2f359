// SPDX-License-Identifier: Apache-2.0
// How far it is, on a terminal; elsewhere nothing.
#pragma once

#include <cstdio>
#include <fmt/chrono.h>
#include <string>
#include <unistd.h>

#include "lab/agenda.hpp"

namespace ward::lab {

class Progress {
public:
    explicit Progress(Moment begin) : begin_(begin) {}
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    /// What is said next has a line of its own.
    ~Progress() {
        if (!shown_.empty()) fmt::print(stderr, "\n");
    }

    void show(Moment now, Moment end) {
        if (!is_terminal_) return;
        auto text = fmt::format("\r{:3.0f} %  {:%Y-%m-%d %H:%M} ", 100.0 * (now - begin_) / (end - begin_),
                                std::chrono::floor<std::chrono::seconds>(now));
        if (text == shown_) return;
        fmt::print(stderr, "{}", text);
        shown_ = std::move(text);
    }

private:
    Moment begin_;
    bool is_terminal_ = ::isatty(STDERR_FILENO) != 0;
    std::string shown_;
};

}   // namespace ward::lab
