// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-watch/casework.hpp"

#include <algorithm>
#include <iterator>
#include <span>

#include "core/log.hpp"
#include "watch/watch.hpp"

namespace ward::watch {
namespace {

constexpr std::uint64_t file_bytes = std::uint64_t{64} << 20U;

}   // namespace

Result<Casework> Casework::open(const std::filesystem::path& findings_file, const Clock& clock,
                                CaseworkLimits limits) {
    auto file = TRY(Output::open(findings_file, file_bytes));
    auto desk = TRY(desk::Desk::open(std::filesystem::absolute(findings_file).parent_path()));
    return Casework{std::move(desk), std::move(file), clock, limits};
}

void Casework::keep(detect::Findings news) {
    wait(std::move(news));
    while (!waiting_.empty()) {
        const auto kept = keep_batch();
        if (!kept) {
            if (!std::exchange(is_stuck_, true))
                log::error("findings are not kept yet", {{"reason", kept.error().what}});
            return;
        }
        if (std::exchange(is_stuck_, false)) log::info("findings are kept again");
    }
}

void Casework::escalate() {
    keep({});
    const auto steps = desk_.escalate(clock_->now());
    if (!steps) return log::error("cases do not escalate", {{"reason", steps.error().what}});
    for (const auto& step : *steps)
        log::warn("nobody answers a case", {{"case", step.in_case}, {"level", step.level}});
    counts_.escalated += steps->size();
}

void Casework::forget(std::chrono::days kept) {
    const auto gone = desk_.forget(clock_->now(), kept);
    if (!gone) return log::error("old cases are not removed", {{"reason", gone.error().what}});
    if (gone->cases > 0)
        log::info("old cases are removed", {{"cases", gone->cases}, {"findings", gone->findings}});
    counts_.forgotten += gone->cases;
}

void Casework::wait(detect::Findings news) {
    const auto room = limits_.waiting_max - waiting_.size();
    if (news.size() > room) {
        counts_.lost += news.size() - room;
        log::error("findings are lost, too many wait", {{"findings", news.size() - room}});
        news.resize(room);
    }
    std::ranges::move(news, std::back_inserter(waiting_));
}

Result<> Casework::keep_batch() {
    const std::span batch{waiting_.data(), std::min(waiting_.size(), limits_.batch_max)};
    const auto done = TRY(desk_.keep(batch, clock_->now()));
    counts_.kept += done.added;
    counts_.repeated += done.repeated;
    counts_.explained += done.explained;
    for (const auto& placed : done.placed) tell(batch[placed.finding], placed);
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(batch.size()));
    return {};
}

/// The log tells what and where to look; the sentence and who it is about are in the file.
void Casework::tell(const detect::Finding& finding, const desk::Desk::Placed& placed) {
    log::info(
        "finding",
        {{"kind", finding.kind}, {"severity", detect::name(finding.severity)}, {"case", placed.in_case}});
    std::string line;
    append_line(line, finding,
                {.in_case = static_cast<std::size_t>(placed.in_case), .risk = placed.risk, .at = finding.at});
    const auto written = file_.write(line);
    if (!written) log::error("a finding is not written", {{"reason", written.error().what}});
}

}   // namespace ward::watch
