// SPDX-License-Identifier: Apache-2.0
// Findings and cases on disk, and what people do with them.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <type_traits>

#include "desk/opinion.hpp"
#include "desk/standing.hpp"
#include "store/database.hpp"

namespace ward::desk {

/// One FOLDER/desk.db. Several processes may have it open: each change is one transaction. Used by one thread
/// at a time. `now` is the clock on the wall.
class Desk {
public:
    static constexpr std::string_view file_name = "desk.db";

    /// Made where there is none.
    static Result<Desk> open(const std::filesystem::path& folder, DeskLimits limits = {});
    /// Errc::not_found where there is none.
    static Result<Desk> open_existing(const std::filesystem::path& folder, DeskLimits limits = {});

    /// For who changes nothing, and may not: beside one that has it open. Errc::not_found where there is none
    /// yet, Errc::unavailable while nobody has.
    static Result<Desk> open_to_read(const std::filesystem::path& folder, DeskLimits limits = {});

    Desk(Desk&&) noexcept;
    Desk& operator=(Desk&&) noexcept;
    ~Desk();

    struct Placed {
        std::size_t finding = 0;   // of those that were given, from 0 on
        std::int64_t in_case = 0;
        double risk = 0;   // of the case, from 0 to 1
    };
    struct Counts {
        std::uint64_t added = 0;
        std::uint64_t repeated = 0;     // were there already: same kind, time and systems
        std::uint64_t explained = 0;    // of those that were added
        std::vector<Placed> placed{};   // those that were added
    };
    /// All of them, or none. They go to their cases, in the order in which they were concluded.
    Result<Counts> keep(std::span<const detect::Finding> findings, Time now);

    Result<Book> book();
    /// Another one after somebody else has changed anything.
    Result<std::int64_t> version();
    /// What a finding says, as JSON: docs/formats/findings.md from `severity` on.
    Result<std::string> words(std::int64_t finding);

    /// "I look at it".
    Result<> acknowledge(std::int64_t in_case, const std::string& by, const std::string& why, Time now);
    /// A case of its own for a finding of that one; its number.
    Result<std::int64_t> split(std::int64_t in_case, std::int64_t finding, const std::string& by,
                               const std::string& why, Time now);
    /// Makes two one, of the older number, which is returned.
    Result<std::int64_t> join(std::int64_t one, std::int64_t other, const std::string& by,
                              const std::string& why, Time now);

    struct Outcome {
        Verdict verdict{};
        std::vector<std::int64_t> changed{};   // findings
    };
    Result<Outcome> preview(const Opinion& opinion, Time now);
    Result<Outcome> say(const Opinion& opinion, Time now);

    /// Returns the findings that it explains already; it gets its number.
    Result<std::vector<std::int64_t>> declare(Declaration& declaration, Time now);
    /// It explains nothing any more that is concluded from now on.
    Result<> end(std::int64_t declaration, const std::string& by, const std::string& why, Time now);

    /// Of every case that is due, one step: docs/formats/cases.md.
    Result<std::vector<Due>> escalate(Time now);

    struct Forgotten {
        std::size_t cases = 0;
        std::size_t findings = 0;
        std::size_t sayings = 0;   // verdicts and declarations
    };
    /// Removes cases that are over for so long: docs/formats/cases.md. To be called once a day or so.
    Result<Forgotten> forget(Time now, std::chrono::days kept);

    const DeskLimits& limits() const noexcept { return limits_; }

private:
    struct Memory;
    Desk(store::Database database, DeskLimits limits);
    Result<> remember();
    /// Nothing where it was there already.
    Result<std::optional<watch::Cases::Placed>> keep_one(const detect::Finding& finding, Time now,
                                                         Counts& counts);
    Result<> mark(const KeptFinding& finding);
    template <class Change>
    std::invoke_result_t<Change, const Book&> change(Change&& change);

    store::Database database_;
    DeskLimits limits_;
    std::unique_ptr<Memory> memory_;   // of who keeps findings; null: not read yet
};

}   // namespace ward::desk
