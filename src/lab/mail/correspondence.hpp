// SPDX-License-Identifier: Apache-2.0
// What is written on an ordinary day: among the staff, with firms and practices, by programs, to patients.
#pragma once

#include "lab/mail/post.hpp"

namespace ward::lab {

/// Borrows the story and the post. Appointments and results become letters as they come to pass.
class Correspondence final : public Witness {
public:
    Correspondence(Story& story, Post& post, Moment end)
        : story_(story), post_(post), end_(end), random_(story.dice("correspondence")) {}

    /// Puts the days on the agenda.
    void begin();
    void see(const Act& act, const Story& story) override;

private:
    void plan_day(std::chrono::sys_days day);
    void plan_outside(std::chrono::sys_days day);
    void put(std::chrono::sys_days day, void (Correspondence::*write)(), double mean, int from, int until);

    void write_to_colleagues(StaffId who);
    void write_to_firm(StaffId who);
    void write_from_firm();
    void write_from_practice();
    void write_newsletter();
    void write_notice();
    void write_password_notice();
    void write_about_code();
    void write_about_thing();
    void write_from_patient();
    void write_to_patient(PatientId patient, Theme theme, Slots slots);

    const Topic& topic(Theme theme) { return random_->pick(topics_of(theme)); }
    std::vector<Party> colleagues_of(StaffId who);
    StaffId somebody();
    StaffId somebody_in(std::initializer_list<DepartmentKind> kinds);
    std::string other_box_of(const Firm& firm, double share);
    const Firm& firm_of(std::initializer_list<Trade> trades);

    Story& story_;
    Post& post_;
    Moment end_;
    Dice random_;
};

}   // namespace ward::lab
