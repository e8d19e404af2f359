// SPDX-License-Identifier: Apache-2.0
// Events in, findings and their cases out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "detect/detectors.hpp"
#include "segment/watcher.hpp"
#include "watch/cases.hpp"

namespace ward::watch {

struct Counts {
    std::uint64_t events = 0;
    std::uint64_t refused = 0;   // lines that are no events
    std::uint64_t late = 0;      // events that are from long before those that came earlier
    std::uint64_t findings = 0;
    std::uint64_t below_line = 0;        // cases that are not shown
    std::uint64_t not_kept = 0;          // findings, of more than there can be
    std::uint64_t forgotten_hosts = 0;   // to make room for others
};

/// Where a finding is told.
struct Place {
    std::size_t in_case = 0;
    double risk = 0;   // of the case
    event::Time at{};
};
/// One JSON object with its line end: docs/formats/findings.md.
void append_line(std::string& out, const detect::Finding& finding, const Place& place);

/// Whether findings become cases here, or with who takes the news: a desk.
enum class Joining : std::uint8_t { here, elsewhere };

enum class Telling : std::uint8_t { shown, all };   // all: also what is below the line

/// Over events of the sensor, one JSON object a line, in the order in which they were told.
class Watch {
public:
    // A flow is told when it is over, or was silent for an hour.
    static constexpr std::chrono::hours late_max{2};
    static constexpr std::size_t findings_max = 50'000;

    /// `secret`: Detectors has it; with the same one the same events give the same findings. Flows that the
    /// plan does not allow are findings, too.
    explicit Watch(std::uint64_t secret, std::optional<segment::Borders> plan = {},
                   Joining joining = Joining::here)
        : detectors_(secret), joining_(joining) {
        if (plan) plan_.emplace(*std::move(plan), IpAddressHash{secret});
    }

    /// A line without its end. What is no event is counted, and passed over; an empty line is nothing.
    void take(std::string_view line);
    /// One that was too long to be an event.
    void pass_over_line();

    Counts counts() const;
    /// Findings so far, one JSON object a line, each with the case it is in: docs/formats/findings.md. Not
    /// where they are joined elsewhere.
    std::string findings_json(Telling what) const;
    /// For who runs on and on: the findings since the last time, also below the line. They are not kept.
    detect::Findings take_news();
    /// What is known, without the findings: docs/formats/watch-state.md.
    Buffer save();
    /// Of save(), for one that has taken nothing yet. The names of detectors that begin anew, being of
    /// another version. After Errc::corrupt it is of no use.
    Result<std::vector<std::string_view>> restore(Bytes saved);

    /// The latest time of all events.
    event::Time now() const noexcept { return now_; }
    /// Those that are kept, as they were concluded, in that order.
    const detect::Findings& findings() const noexcept { return findings_; }

private:
    void append(std::string& out, std::size_t finding) const;

    detect::Detectors detectors_;
    std::optional<segment::Watcher> plan_;
    detect::Findings findings_;
    std::size_t told_ = 0;   // of those that cases_ knows, the ones that findings_ has no more
    Joining joining_;
    Cases cases_;
    Counts counts_;
    event::Time now_ = event::Time::min();
};

}   // namespace ward::watch
