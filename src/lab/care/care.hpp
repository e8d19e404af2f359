// SPDX-License-Identifier: Apache-2.0
// What a hospital does all day: people come, are looked after, and go; each step has a reason in the one
// before.
#pragma once

#include <memory>

#include "lab/story.hpp"

namespace ward::lab {

class Desk;

/// Puts the story's patients, and all that is done for them, on the agenda until `end`. Borrows the story,
/// and lives as long as its agenda runs.
class Care {
public:
    Care(Story& story, Moment end);
    ~Care();
    Care(const Care&) = delete;
    Care& operator=(const Care&) = delete;

    void begin();
    Desk& desk();

    /// A bed in this department for somebody who is ill enough; nothing if there is none free.
    std::optional<EncounterId> take_in(PatientId patient, DepartmentId department);
    /// No results until then: what is analysed meanwhile is told afterwards.
    void silence_laboratory(Moment until);
    /// A laboratory's result that is filed was wrong, and is filed again.
    void correct_result(OrderId order, std::uint32_t label);

private:
    class Clinicians;
    std::unique_ptr<Clinicians> clinicians_;
};

}   // namespace ward::lab
