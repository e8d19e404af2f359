// SPDX-License-Identifier: Apache-2.0
// What a scenario does to shares: those who steal or encrypt files, and programs that only look like it.
#pragma once

#include <map>

#include "lab/files/cabinet.hpp"
#include "lab/scenario/actors.hpp"

namespace ward::lab {

/// Borrows the story, the cabinet and the actors.
class FileDeeds {
public:
    FileDeeds(Story& story, Cabinet& cabinet, Actors& actors)
        : story_(story), cabinet_(cabinet), actors_(actors), dice_(story.dice("file deeds")) {}

    /// Somebody's account reads all that lies on some shares.
    Result<> steal_shares(const Cast& cast);
    /// A program reads all, as each night.
    Result<> back_up(const Cast& cast);
    /// Somebody of IT copies what lies on some shares to another.
    Result<> migrate(const Cast& cast);
    /// Somebody's account overwrites and renames all, and leaves a note in each folder.
    Result<> encrypt_share(const Cast& cast);
    /// A program for the rights to files does the same to what offices wrote, without notes.
    Result<> protect_share(const Cast& cast);
    /// A program makes new files of old ones.
    Result<> convert_share(const Cast& cast);

private:
    using Use = void (FileDeeds::*)(const FileUser& user, FileId file);

    std::vector<int> shares_of(const Cast& cast) const;
    Result<FileUser> user_of(const Cast& cast);
    /// Goes through the step's shares, in its minutes.
    Result<> go_through(const Cast& cast, const FileUser& user, Use use);
    void read(const FileUser& user, FileId file) { cabinet_.read(user, file); }
    void copy(const FileUser& user, FileId file);
    void protect(const FileUser& user, FileId file);
    void convert(const FileUser& user, FileId file);
    void encrypt(const FileUser& user, FileId file);

    struct Demand {
        std::string extension;   // that all files get
        std::string note;        // its name
        std::uint64_t bytes = 0;
        std::vector<bool> closed{};   // each department's folders: an account may not write everywhere
        std::string last_folder{};
    };

    Story& story_;
    Cabinet& cabinet_;
    Actors& actors_;
    Dice dice_;
    std::map<std::uint32_t, Demand> demands_{};   // of each step
};

}   // namespace ward::lab
