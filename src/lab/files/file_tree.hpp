// SPDX-License-Identifier: Apache-2.0
// The hospital's file shares before its day begins: which files lie on them, and of what kind.
#pragma once

#include <string>
#include <vector>

#include "lab/random.hpp"
#include "lab/story.hpp"

namespace ward::lab {

/// What a file is, by its extension, and how its bytes look.
struct FileKind {
    std::string_view extension;
    double bytes = 0;         // the median
    double entropy = 0;       // bits a byte, of a usual one; most formats are compressed
    double spread = 0;        // of the entropy
    bool is_office = false;   // saved by way of a temporary file
};

enum class FileId : std::uint32_t {};

struct StoredFile {
    int share = 0;
    std::string folder;   // "3W/Letters"
    std::string name;     // without its extension
    const FileKind* kind = nullptr;
    std::string extension;   // as it is now
    std::uint64_t bytes = 0;
    std::optional<DepartmentId> department{};
    std::optional<PatientId> patient{};   // whose document it is

    std::string path() const { return folder + "\\" + name + "." + extension; }
};

struct Share {
    std::string name;
    DeviceId server{};
};

struct FileTree {
    std::vector<Share> shares;
    std::vector<StoredFile> files;

    const StoredFile& at(FileId id) const { return files[place(id)]; }
    StoredFile& at(FileId id) { return files[place(id)]; }
    std::vector<FileId> of_share(int share) const;
    std::optional<int> share_named(std::string_view name) const;
};

const FileKind& kind_of(std::string_view extension);   // of those that there are

/// Bits a byte of so many bytes as this kind has them.
double entropy_of(const FileKind& kind, std::uint64_t bytes, Random& random);
/// The same of noise: what is encrypted looks so.
double entropy_of_noise(std::uint64_t bytes, Random& random);

StoredFile make_file(const Story& story, int share, DepartmentId department, Random& random);
FileTree make_file_tree(const Story& story);

}   // namespace ward::lab
