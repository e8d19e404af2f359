// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-watch/looking.hpp"

#include <bit>

#include "core/log.hpp"
#include "crypto/random.hpp"
#include "history/replay.hpp"

namespace ward::watch {

Looking::Looking(std::filesystem::path folder, std::optional<segment::Borders> plan)
    : folder_(std::move(folder)), plan_(std::move(plan)) {
    begin_anew();
}

void Looking::begin_anew() {
    watch_ = std::make_unique<Watch>(
        std::bit_cast<std::uint64_t>(crypto::random_array<sizeof(std::uint64_t)>()), plan_);
    looked_.clear();
}

void Looking::go_on(const Looked& stored) {
    auto known = recall_state(folder_ / file_name, *watch_);
    if (!known) {
        if (known.error().code != Errc::not_found)
            log::error("what was known is lost", {{"reason", known.error().what}});
        begin_anew();
        looked_ = stored;
        return;
    }
    looked_ = std::move(*known);
    const auto begun = watch_->now();
    const auto since = begun == event::Time::min() ? begun : begun - Watch::late_max;
    const auto again =
        history::replay(folder_, looked_, since, [this](std::string_view line) { watch_->take(line); });
    if (!again)
        log::error("what was stored is not looked at", {{"reason", again.error().what}});
    else if (again->events + again->passed_over > 0)
        log::info("what was stored is looked at",
                  {{"events", again->events}, {"passed_over", again->passed_over}});
}

void Looking::look(std::string_view publisher, std::uint64_t first, std::span<const std::string_view> lines) {
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
    TRY(keep_state(folder_ / file_name, *watch_, looked_));
    unkept_ = 0;
    return {};
}

}   // namespace ward::watch
