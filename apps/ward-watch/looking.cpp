// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-watch/looking.hpp"

#include <bit>

#include "core/log.hpp"
#include "crypto/random.hpp"

namespace ward::watch {

Looking::Looking(std::filesystem::path folder, std::optional<segment::Borders> plan)
    : folder_(std::move(folder)), plan_(std::move(plan)) {
    begin_anew();
}

void Looking::begin_anew() {
    watch_ =
        std::make_unique<Watch>(std::bit_cast<std::uint64_t>(crypto::random_array<sizeof(std::uint64_t)>()),
                                plan_, Joining::elsewhere);
    looked_.clear();
}

Result<> Looking::go_on(const Looked& stored) {
    const auto file = folder_ / file_name;
    auto known = recall_state(file, *watch_);
    if (known) {
        looked_ = std::move(*known);
        look_again();
    } else {
        if (known.error().code == Errc::unavailable) return tl::unexpected(known.error());
        if (known.error().code != Errc::not_found) {
            log::error("what was known is lost", {{"reason", known.error().what}});
            std::error_code error;
            std::filesystem::rename(file, file.string() + ".damaged", error);
        }
        begin_anew();
        looked_ = stored;
    }
    order_.open(folder_ / order_name, std::ios::app);
    return {};
}

void Looking::look_again() {
    const auto begun = watch_->now();
    const auto turns = order();
    const auto again = history::replay(
        folder_, looked_,
        {.since = begun == event::Time::min() ? begun : begun - Watch::late_max, .order = turns},
        [this](std::string_view line) { watch_->take(line); });
    if (!again) {
        log::error("what was stored is not looked at", {{"reason", again.error().what}});
        return;
    }
    for (const auto& day : again->damage) log::error("what was stored is not looked at", {{"reason", day}});
    if (again->passed_over > 0)
        log::warn("what was stored is not all looked at", {{"passed_over", again->passed_over}});
    if (again->events > 0) log::info("what was stored is looked at", {{"events", again->events}});
}

/// Half a line at the end is of a turn that was not stored yet.
std::vector<history::Turn> Looking::order() const {
    std::vector<history::Turn> turns;
    std::ifstream in{folder_ / order_name};
    history::Turn turn;
    while (in >> turn.publisher >> turn.first >> turn.last) turns.push_back(turn);
    return turns;
}

void Looking::note_turn(std::string_view publisher, std::uint64_t first, std::size_t count) {
    order_ << publisher << ' ' << first << ' ' << first + count - 1 << std::endl;
}

void Looking::look(std::string_view publisher, std::uint64_t first, std::span<const std::string_view> lines) {
    if (lines.empty()) return;
    note_turn(publisher, first, lines.size());
    auto& looked = looked_[std::string{publisher}];
    for (const auto line : lines) {
        const auto own = first++;
        if (own <= looked) continue;   // a batch may come again
        watch_->take(line);
        looked = own;
        unkept_ += line.size();
    }
}

Result<> Looking::keep() {
    unkept_ = 0;   // if it fails, it is tried again after as many
    TRY(keep_state(folder_ / file_name, *watch_, looked_));
    order_.close();
    order_.clear();
    order_.open(folder_ / order_name, std::ios::trunc);
    return {};
}

}   // namespace ward::watch
