// SPDX-License-Identifier: Apache-2.0
// From the findings that the watch writes to what people are told: docs/formats/findings.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/unique_fd.hpp"
#include "json/document.hpp"
#include "notify/notice.hpp"
#include "notify/sites.hpp"
#include "watch/cases.hpp"

namespace ward::notify {

struct TellingLimits {
    watch::CaseLimits cases{};   // from which risk on a case is shown, and is high
    int growth = 25;             // points that are told again
    std::size_t cases_max = 20'000;
    std::size_t machines_max = 1'000;   // of a case, that are remembered
};

/// Reads findings in their order; the same lines make the same notices with the same ids. The watch counts
/// its cases from 1 again when it is started: a case that has become less risky, or has no machine of those
/// it had, is another one.
class Telling {
public:
    explicit Telling(Sites sites, TellingLimits limits = {}) : sites_(std::move(sites)), limits_(limits) {}

    void take(std::string_view line, std::vector<Notice>& notices);
    /// Lines that are no findings.
    std::uint64_t refused() const { return refused_; }

private:
    struct Case {
        Time since{};
        int risk = 0;
        int told = 0;   // the risk that was told; 0: nothing was
        std::vector<std::string> kinds{};
        std::vector<std::string> machines{};
    };
    struct Line {
        std::string kind;
        std::int64_t in_case;
        int risk;
        Time at;
        std::string sentence;
        std::string harmless_if;
        std::vector<std::string> systems;
    };
    static std::optional<Line> read(const json::Document& document);
    Case& case_of(const Line& line);
    bool has_machine(const Case& one, const Line& line) const;
    Notice notice(What what, const Line& line, const Case& one) const;
    void tell_case(const Line& line, Case& one, std::vector<Notice>& notices) const;
    void tell_sites(const Line& line, const Case& one, std::vector<Notice>& notices);

    Sites sites_;
    TellingLimits limits_;
    std::map<std::int64_t, Case> cases_;
    Sightings sightings_;
    std::uint64_t refused_ = 0;
};

/// The lines of a file that somebody else writes, and renames to FILE.1, FILE.2, … when it is large.
class GrowingFile {
public:
    explicit GrowingFile(std::filesystem::path file) : file_(std::move(file)) {}

    /// Whole lines that were added since the last call, of all files that there are at the first one; at most
    /// so many bytes and a line. Nothing where there is no file yet.
    Result<std::vector<std::string>> news(std::size_t bytes_max = std::size_t{4} << 20U);

private:
    struct Opened {
        UniqueFd fd{};
        std::uint64_t inode = 0;
    };
    std::vector<Opened> opened() const;
    bool is_another(const Opened& file) const;
    Result<> read(const Opened& file, std::size_t bytes_max, std::vector<std::string>& lines);

    std::filesystem::path file_;
    std::uint64_t inode_ = 0;    // of the one that is read
    std::uint64_t offset_ = 0;   // in it, behind the last whole line
    std::string before_;         // what stands there: the number of a file that is gone is given out again
};

}   // namespace ward::notify
