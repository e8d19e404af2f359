// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "history/history.hpp"

namespace ward::history {
namespace {

/// Sensors that were cut off send what they have; after so long hardly any does.
constexpr std::chrono::days sealed_after{2};

}   // namespace

Result<> History::remove_day(DayOfEvents date) {
    std::erase_if(days_, [&](const OpenDay& open) { return open.date == date; });
    const auto path = day_path(folder_, date);
    std::error_code error;
    // The file last: its log without it would be taken for that of the next file of this name.
    for (const auto* const suffix : {"-wal", "-shm", ""})
        if (!error) std::filesystem::remove(path.string() + suffix, error);
    if (error) return fail(Errc::unavailable, path.string() + ": " + error.message());
    return {};
}

Result<> History::forget_known() {
    const auto before = clock_->now() - std::chrono::days{keeping_.known_days};
    const auto microseconds =
        std::chrono::duration_cast<std::chrono::microseconds>(before.time_since_epoch()).count();
    auto removing = TRY(store::Transaction::begin(state_));
    for (const auto* table : {"DELETE FROM device WHERE last < ?", "DELETE FROM person WHERE last < ?"}) {
        auto removal = TRY(state_.prepare(table));
        TRY(removal.run(microseconds));
    }
    TRY(removing.commit());
    roster_ = Roster{};
    return roster_.load(state_);
}

Result<Forgotten> History::forget() {
    TRY(forget_known());
    const auto today = std::chrono::floor<std::chrono::days>(clock_->now());
    Forgotten forgotten;
    for (const auto date : TRY(days_in(folder_))) {
        std::vector<Class> gone;
        std::ranges::copy_if(classes, std::back_inserter(gone),
                             [&](Class kind) { return date + keeping_.days(kind) < today; });
        if (gone.empty()) {
            if (date + sealed_after >= today) continue;
            auto* const day = TRY(open_day(date));
            TRY(day->seal());
            continue;
        }
        bool is_left = false;
        if (gone.size() < classes.size()) {
            auto* const day = TRY(open_day(date));
            const auto left = day->forget(gone);
            if (!left) {
                days_.clear();
                return tl::unexpected(left.error());
            }
            is_left = *left;
        }
        if (!is_left) TRY(remove_day(date));
        ++(is_left ? forgotten.parts : forgotten.days);
    }
    return forgotten;
}

}   // namespace ward::history
