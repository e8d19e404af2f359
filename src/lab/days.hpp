// SPDX-License-Identifier: Apache-2.0
// A hospital's days with a scenario in them: all who put something on the agenda, together.
#pragma once

#include <chrono>
#include <cstdint>

#include "lab/care/care.hpp"
#include "lab/edge/edges.hpp"
#include "lab/files/cabinet.hpp"
#include "lab/files/file_routine.hpp"
#include "lab/mail/correspondence.hpp"
#include "lab/mail/post.hpp"
#include "lab/scenario/director.hpp"

namespace ward::lab {

struct DaysWish {
    Scenario scenario;
    Size size = Size::small;
    std::uint64_t seed = 1;
    std::chrono::year_month_day first_day = census_day;
};

/// Borrows the wish.
class Days {
public:
    explicit Days(const DaysWish& wish);

    Story& story() { return story_; }
    Truth& truth() { return truth_; }
    Moment end() const { return end_; }

    /// Once all witnesses are there. What Director::begin() says of the scenario.
    Result<> begin();
    std::string truth_json() const { return truth_.json(story_, wish_.scenario, wish_.seed); }

private:
    const DaysWish& wish_;
    Story story_;
    Moment end_;
    Care care_;
    Post post_;
    Correspondence correspondence_;
    Cabinet cabinet_;
    FileRoutine file_routine_;
    Edges edges_;
    Truth truth_;
    Director director_;
};

}   // namespace ward::lab
