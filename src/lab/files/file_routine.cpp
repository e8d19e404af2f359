// SPDX-License-Identifier: Apache-2.0
#include "lab/files/file_routine.hpp"

#include <array>

#include "lab/care/floor.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr int clinical = 1, archive = 2;   // shares

/// Times a day on duty that somebody opens a file.
double sittings_of(Role role) {
    switch (role) {
        case Role::coder: return 14;
        case Role::clerk:
        case Role::manager: return 10;
        case Role::it_administrator: return 6;
        case Role::physician:
        case Role::pharmacist: return 4;
        case Role::vendor_technician: return 0;
        default: return 1.5;
    }
}

}   // namespace

void FileRoutine::begin() {
    of_.resize(story_.hospital().departments.size());
    const auto& files = cabinet_.tree().files;
    for (std::uint32_t i = 0; i < files.size(); ++i) of_[place(*files[i].department)].push_back(FileId{i});
    backup_at_ = between(*random_, 20min, 150min);   // the same each night
    for (auto day = floor<days>(story_.begin()); day < end_; day += days{1})
        story_.agenda().at(day, [this, day] { plan_day(day); });
}

void FileRoutine::plan_day(sys_days day) {
    const auto& staff = story_.hospital().staff;
    for (std::uint32_t i = 0; i < staff.size(); ++i) {
        // Office hours are a third of the day, as shifts are.
        const auto tries = sittings_of(staff[i].role) * 3;
        for (double left = tries * random_->uniform() * 2; left >= 1; --left) {
            const Moment at = day + between(*random_, 0h, 24h - 1us);
            if (story_.roster().is_on_duty(StaffId{i}, at) || random_->chance(0.01))
                story_.agenda().at(at, [this, who = StaffId{i}] { work(who); });
        }
    }
    const auto at = [&](microseconds when, auto deed) { story_.agenda().at(day + when, deed); };
    at(backup_at_, [this] {
        sweep(cabinet_.program("svc-backup", DeviceKind::file_server), all(), 0.25, &FileRoutine::read);
    });
    at(between(*random_, 19h, 22h), [this] {
        sweep(cabinet_.program("svc-index", DeviceKind::domain_controller), some_of(0.1, clinical), 0.6,
              &FileRoutine::read);
    });
    at(between(*random_, 3h, 5h), [this] {
        sweep(cabinet_.program("svc-archive", DeviceKind::file_server), some_of(0.06, archive), 4,
              &FileRoutine::compress);
    });
    at(between(*random_, 5h, 21h), [this] {
        sweep(cabinet_.program("svc-scan", DeviceKind::interface_engine), some_of(0.05, clinical, "tif"), 3,
              &FileRoutine::convert);
    });
}

std::vector<FileId> FileRoutine::all() {
    std::vector<FileId> files;
    for (int share = 0; share <= archive; ++share)
        for (const auto id : cabinet_.present(share)) files.push_back(id);
    return files;
}

std::vector<FileId> FileRoutine::some_of(double share, int on_share, std::string_view extension) {
    std::vector<FileId> files;
    for (const auto id : cabinet_.present(on_share))
        if ((extension.empty() || cabinet_.tree().at(id).extension == extension) && random_->chance(share))
            files.push_back(id);
    return files;
}

void FileRoutine::sweep(FileUser user, std::vector<FileId> files, double seconds_apart, Use use) {
    auto at = story_.now();
    for (const auto id : files) {
        at += seconds_of(random_->exponential(seconds_apart));
        story_.agenda().at(at, [this, user, id, use] {
            if (cabinet_.is_present(id)) (this->*use)(user, id);
        });
    }
}

void FileRoutine::compress(const FileUser& user, FileId id) {
    cabinet_.read(user, id);
    auto packed = cabinet_.tree().at(id);
    packed.kind = &kind_of("7z");
    packed.name += "." + packed.extension;
    packed.extension = "7z";
    packed.bytes = packed.bytes / 5 + 400;
    cabinet_.create(user, std::move(packed));
    cabinet_.remove(user, id);
}

/// A scan becomes a document that can be searched.
void FileRoutine::convert(const FileUser& user, FileId id) {
    cabinet_.read(user, id);
    auto made = cabinet_.tree().at(id);
    made.kind = &kind_of("pdf");
    made.extension = "pdf";
    made.bytes = made.bytes / 3 + 900;
    cabinet_.create(user, std::move(made));
    cabinet_.remove(user, id);
}

std::optional<FileId> FileRoutine::some_file(DepartmentId department) {
    for (int tries = 0; tries < 8; ++tries) {
        const auto& files = of_[place(department)];
        if (files.empty()) return std::nullopt;
        const auto id = random_->pick(files);
        if (cabinet_.is_present(id)) return id;
    }
    return std::nullopt;
}

void FileRoutine::work(StaffId who) {
    const auto home = story_.hospital().at(who).home;
    const auto user = cabinet_.user_of(who);
    if (random_->chance(0.12)) return make_one(user, home);
    const auto others = static_cast<std::uint32_t>(random_->below(of_.size()));
    const auto id = some_file(random_->chance(0.85) ? home : DepartmentId{others});
    if (id) work_on(user, *id);
}

void FileRoutine::make_one(const FileUser& user, DepartmentId department) {
    const auto share = random_->chance(0.5) ? clinical : random_->chance(0.9) ? 0 : archive;
    const auto id = cabinet_.create(user, make_file(story_, share, department, *random_));
    of_[place(department)].push_back(id);
}

void FileRoutine::work_on(const FileUser& user, FileId id) {
    cabinet_.read(user, id);
    auto later = 0us;
    while (random_->chance(0.4)) {
        later += seconds_of(random_->around(240, 2.5));
        story_.agenda().in(later, [this, user, id] {
            if (cabinet_.is_present(id)) cabinet_.save(user, id);
        });
    }
    const auto afterwards = later + between(*random_, 5s, 5min);
    if (random_->chance(0.02))
        story_.agenda().in(afterwards, [this, user, id] {
            if (cabinet_.is_present(id)) cabinet_.remove(user, id);
        });
    else if (random_->chance(0.03))
        story_.agenda().in(afterwards, [this, user, id] {
            constexpr std::array<std::string_view, 4> words{"old", "bak", "copy", "2025"};
            const auto& before = cabinet_.tree().at(id).extension;
            if (cabinet_.is_present(id) && before.size() < 6)
                cabinet_.rename(user, id, before + "." + std::string{random_->pick(words)});
        });
}

}   // namespace ward::lab
