// SPDX-License-Identifier: Apache-2.0
// The shares as people and programs use them: each use is told as the file server's audit would.
#pragma once

#include "lab/files/file_tree.hpp"

namespace ward::lab {

/// Who uses files, and from where.
struct FileUser {
    std::string name;   // a login, or a program's account
    std::optional<StaffId> staff{};
    DeviceId host{};
    std::uint32_t label = 0;
};

/// Borrows the story.
class Cabinet {
public:
    explicit Cabinet(Story& story)
        : story_(story), random_(story.dice("cabinet")), tree_(make_file_tree(story)) {}

    FileTree& tree() { return tree_; }
    const FileTree& tree() const { return tree_; }

    void read(const FileUser& user, FileId file);
    /// As the program that it belongs to saves it: offices' by a temporary file, which takes the name at
    /// last.
    void save(const FileUser& user, FileId file);
    FileId create(const FileUser& user, StoredFile file);
    void remove(const FileUser& user, FileId file);
    void rename(const FileUser& user, FileId file, std::string extension);
    /// In place, with bytes of this entropy.
    void overwrite(const FileUser& user, FileId file, double entropy);
    /// A small text beside others.
    void leave_note(const FileUser& user, int share, const std::string& folder, const std::string& name,
                    std::uint64_t bytes);
    bool is_present(FileId file) const { return place(file) >= gone_.size() || !gone_[place(file)]; }
    std::vector<FileId> present(int share) const;

    FileUser user_of(StaffId who, std::uint32_t label = 0);
    FileUser program(std::string_view name, DeviceKind host, std::uint32_t label = 0) const;

private:
    FileTouched touch(const FileUser& user, const StoredFile& file, FileTouched::Action action) const;
    void tell(const FileUser& user, FileTouched touched);

    Story& story_;
    Dice random_;
    FileTree tree_;
    std::vector<bool> gone_{};   // of each file
};

}   // namespace ward::lab
