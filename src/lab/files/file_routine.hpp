// SPDX-License-Identifier: Apache-2.0
// What is done with files on an ordinary day: people open and save them; at night programs read, index,
// compress and convert them.
#pragma once

#include "lab/files/cabinet.hpp"

namespace ward::lab {

/// Borrows the story and the cabinet, and lives as long as the agenda runs.
class FileRoutine {
public:
    FileRoutine(Story& story, Cabinet& cabinet, Moment end)
        : story_(story), cabinet_(cabinet), end_(end), random_(story.dice("file routine")) {}

    /// Puts the days on the agenda.
    void begin();

private:
    using Use = void (FileRoutine::*)(const FileUser& user, FileId file);

    void plan_day(std::chrono::sys_days day);
    void work(StaffId who);
    void work_on(const FileUser& user, FileId file);
    void make_one(const FileUser& user, DepartmentId department);
    std::optional<FileId> some_file(DepartmentId department);
    /// One after the other, so many seconds apart.
    void sweep(FileUser user, std::vector<FileId> files, double seconds_apart, Use use);
    void read(const FileUser& user, FileId file) { cabinet_.read(user, file); }
    void compress(const FileUser& user, FileId file);
    void convert(const FileUser& user, FileId file);
    std::vector<FileId> all();
    std::vector<FileId> some_of(double share, int on_share, std::string_view extension = {});

    Story& story_;
    Cabinet& cabinet_;
    Moment end_;
    Dice random_;
    std::vector<std::vector<FileId>> of_;     // of each department
    std::chrono::microseconds backup_at_{};   // after midnight
};

}   // namespace ward::lab
