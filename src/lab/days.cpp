// SPDX-License-Identifier: Apache-2.0
#include "lab/days.hpp"

namespace ward::lab {

Days::Days(const DaysWish& wish)
    : wish_(wish),
      story_(wish.size, wish.seed, wish.first_day),
      end_(story_.begin() + std::chrono::days{wish.scenario.days}),
      care_(story_, end_),
      post_(story_),
      correspondence_(story_, post_, end_),
      cabinet_(story_),
      file_routine_(story_, cabinet_, end_),
      edges_(story_, post_, care_.desk(), cabinet_, end_),
      truth_(wish.scenario),
      director_(story_, care_, post_, cabinet_, edges_, wish.scenario, truth_) {}

Result<> Days::begin() {
    TRY(director_.begin());
    care_.begin();
    correspondence_.begin();
    file_routine_.begin();
    edges_.begin();
    return {};
}

}   // namespace ward::lab
