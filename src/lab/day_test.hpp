// SPDX-License-Identifier: Apache-2.0
// A small hospital's day, for tests: who sees it, sees all of it.
#pragma once

#include <functional>

#include "lab/care/care.hpp"

namespace ward::lab {

class Onlooker final : public Witness {
public:
    explicit Onlooker(std::function<void(const Act&, const Story&)> look) : look_(std::move(look)) {}
    void see(const Act& act, const Story& story) override { look_(act, story); }

private:
    std::function<void(const Act&, const Story&)> look_;
};

inline void live_a_day(std::function<void(const Act&, const Story&)> look, Size size = Size::small) {
    Story story{
        size, 7,
        std::chrono::year_month_day{std::chrono::year{2026}, std::chrono::March, std::chrono::day{2}}};
    Onlooker onlooker{std::move(look)};
    story.add_witness(onlooker);
    const auto end = story.begin() + std::chrono::days{1};
    Care care{story, end};
    care.begin();
    story.agenda().run_until(end);
}

}   // namespace ward::lab
