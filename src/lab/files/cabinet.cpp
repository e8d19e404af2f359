// SPDX-License-Identifier: Apache-2.0
#include "lab/files/cabinet.hpp"

#include <fmt/format.h>

namespace ward::lab {

using Action = FileTouched::Action;

FileUser Cabinet::user_of(StaffId who, std::uint32_t label) {
    const auto& member = story_.hospital().at(who);
    return {member.login, who, random_->pick(story_.network().workstations_of(member.home)), label};
}

FileUser Cabinet::program(std::string_view name, DeviceKind host, std::uint32_t label) const {
    return {std::string{name}, std::nullopt, story_.network().one_of(host, 0), label};
}

FileTouched Cabinet::touch(const FileUser& user, const StoredFile& file, Action action) const {
    const auto& share = tree_.shares[static_cast<std::size_t>(file.share)];
    return {.action = action,
            .user = user.name,
            .host = user.host,
            .server = share.server,
            .share = share.name,
            .path = file.path(),
            .patient = file.patient};
}

void Cabinet::tell(const FileUser& user, FileTouched touched) {
    story_.tell(user.staff, std::move(touched), user.label);
}

void Cabinet::read(const FileUser& user, FileId id) {
    auto touched = touch(user, tree_.at(id), Action::read);
    touched.bytes_read = tree_.at(id).bytes;
    tell(user, std::move(touched));
}

void Cabinet::save(const FileUser& user, FileId id) {
    auto& file = tree_.at(id);
    file.bytes =
        static_cast<std::uint64_t>(static_cast<double>(file.bytes) * random_->around(1.01, 1.04)) + 1;
    const auto entropy = entropy_of(*file.kind, file.bytes, *random_);
    if (!file.kind->is_office) return overwrite(user, id, entropy);
    const auto draft = fmt::format("{}\\~{:08X}.tmp", file.folder, random_->next() >> 32);
    auto written = touch(user, file, Action::create);
    written.path = draft;
    written.bytes_written = file.bytes;
    written.entropy = entropy;
    tell(user, std::move(written));
    const auto before = fmt::format("{}\\~{:08X}.tmp", file.folder, random_->next() >> 32);
    auto aside = touch(user, file, Action::rename);
    aside.new_path = before;
    tell(user, std::move(aside));
    auto placed = touch(user, file, Action::rename);
    placed.new_path = file.path();
    placed.path = draft;
    tell(user, std::move(placed));
    auto cleared = touch(user, file, Action::remove);
    cleared.path = before;
    tell(user, std::move(cleared));
}

FileId Cabinet::create(const FileUser& user, StoredFile file) {
    const FileId id{static_cast<std::uint32_t>(tree_.files.size())};
    auto touched = touch(user, file, Action::create);
    touched.bytes_written = file.bytes;
    touched.entropy = entropy_of(*file.kind, file.bytes, *random_);
    tree_.files.push_back(std::move(file));
    tell(user, std::move(touched));
    return id;
}

void Cabinet::remove(const FileUser& user, FileId id) {
    gone_.resize(tree_.files.size());
    gone_[place(id)] = true;
    tell(user, touch(user, tree_.at(id), Action::remove));
}

void Cabinet::rename(const FileUser& user, FileId id, std::string extension) {
    auto& file = tree_.at(id);
    auto touched = touch(user, file, Action::rename);
    file.extension = std::move(extension);
    touched.new_path = file.path();
    tell(user, std::move(touched));
}

void Cabinet::overwrite(const FileUser& user, FileId id, double entropy) {
    auto touched = touch(user, tree_.at(id), Action::write);
    touched.bytes_written = tree_.at(id).bytes;
    touched.entropy = entropy;
    tell(user, std::move(touched));
}

void Cabinet::leave_note(const FileUser& user, int share, const std::string& folder, const std::string& name,
                         std::uint64_t bytes) {
    StoredFile note;
    note.share = share;
    note.folder = folder;
    note.kind = &kind_of("txt");
    note.name = name;
    note.extension = note.kind->extension;
    note.bytes = bytes;
    create(user, std::move(note));
}

std::vector<FileId> Cabinet::present(int share) const {
    std::vector<FileId> found;
    for (const auto id : tree_.of_share(share))
        if (is_present(id)) found.push_back(id);
    return found;
}

}   // namespace ward::lab
