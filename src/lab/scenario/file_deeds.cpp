// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/file_deeds.hpp"

#include <array>
#include <fmt/format.h>

#include "core/assert.hpp"
#include "core/text.hpp"
#include "lab/care/floor.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

std::string some_letters(Random& random) {
    std::string out;
    for (int left = random.between(3, 7); left > 0; --left)
        out += "abcdefghijklmnopqrstuvwxyz0123456789"[random.below(36)];
    return out;
}

std::string some_note(Random& random) {
    constexpr std::array<std::string_view, 5> verbs{"RESTORE", "RECOVER", "README", "DECRYPT", "OPEN"};
    constexpr std::array<std::string_view, 4> things{"FILES", "NOW", "ME", "YOUR_DATA"};
    return fmt::format("{}{}{}", random.pick(verbs), random.chance(0.5) ? "_" : "-", random.pick(things));
}

}   // namespace

std::vector<int> FileDeeds::shares_of(const Cast& cast) const {
    std::vector<int> shares;
    for (std::string_view left = cast.step->word("shares"); !left.empty();) {
        const auto name = take_until(left, ' ');
        const auto share = cabinet_.tree().share_named(name);
        WARD_ASSERT(share);
        shares.push_back(*share);
    }
    return shares;
}

Result<FileUser> FileDeeds::user_of(const Cast& cast) {
    const bool is_somebody = !cast.step->word("who").empty() && cast.step->word("as").empty();
    if (!is_somebody) {
        const auto actor = TRY(actors_.actor_of(cast));
        return FileUser{actor.account, actor.who, actor.machine, cast.label};
    }
    const auto who = TRY(somebody(cast, story_, *dice_));
    return cabinet_.user_of(who, cast.label);
}

/// What is there when it begins; what is gone when its turn comes is left out.
Result<> FileDeeds::go_through(const Cast& cast, const FileUser& user, Use use) {
    const auto shares = shares_of(cast);
    const auto minutes_taken = cast.step->number("minutes");
    story_.agenda().at(cast.at, [this, user, use, shares, minutes_taken] {
        std::vector<FileId> files;
        for (const auto share : shares)
            for (const auto id : cabinet_.present(share)) files.push_back(id);
        const auto apart = minutes_taken * 60e6 / static_cast<double>(files.size() + 1);
        auto at = story_.now();
        for (const auto id : files) {
            at += microseconds{static_cast<std::int64_t>(dice_->exponential(apart))};
            story_.agenda().at(at, [this, user, use, id] {
                if (cabinet_.is_present(id)) (this->*use)(user, id);
            });
        }
    });
    return {};
}

Result<> FileDeeds::steal_shares(const Cast& cast) {
    return go_through(cast, TRY(user_of(cast)), &FileDeeds::read);
}

Result<> FileDeeds::back_up(const Cast& cast) {
    return go_through(cast, cabinet_.program("svc-backup", DeviceKind::file_server, cast.label),
                      &FileDeeds::read);
}

Result<> FileDeeds::migrate(const Cast& cast) {
    return go_through(cast, TRY(user_of(cast)), &FileDeeds::copy);
}

void FileDeeds::copy(const FileUser& user, FileId id) {
    cabinet_.read(user, id);
    auto made = cabinet_.tree().at(id);
    made.folder =
        fmt::format("{}\\{}", cabinet_.tree().shares[static_cast<std::size_t>(made.share)].name, made.folder);
    made.share = *cabinet_.tree().share_named("archive");
    cabinet_.create(user, std::move(made));
}

Result<> FileDeeds::encrypt_share(const Cast& cast) {
    const auto user = TRY(user_of(cast));
    demands_[cast.label] = {some_letters(*dice_), some_note(*dice_),
                            static_cast<std::uint64_t>(dice_->between(700, 2'400))};
    auto& closed = demands_[cast.label].closed;
    const auto closed_share = 0.1 + 0.5 * dice_->uniform();   // an account may not write everywhere
    for (std::size_t left = story_.hospital().departments.size(); left > 0; --left)
        closed.push_back(dice_->chance(closed_share));
    closed[dice_->below(closed.size())] = false;
    return go_through(cast, user, &FileDeeds::encrypt);
}

void FileDeeds::encrypt(const FileUser& user, FileId id) {
    auto& demand = demands_[user.label];
    const auto& file = cabinet_.tree().at(id);
    if (file.department && demand.closed[place(*file.department)]) return;
    const auto share = file.share;
    const auto folder = file.folder;
    cabinet_.read(user, id);
    cabinet_.overwrite(user, id, entropy_of_noise(file.bytes, *dice_));
    cabinet_.rename(user, id, fmt::format("{}.{}", file.extension, demand.extension));
    if (folder == demand.last_folder) return;
    demand.last_folder = folder;
    cabinet_.leave_note(user, share, folder, demand.note, demand.bytes);
}

Result<> FileDeeds::protect_share(const Cast& cast) {
    return go_through(cast, cabinet_.program("svc-rights", DeviceKind::domain_controller, cast.label),
                      &FileDeeds::protect);
}

/// What is protected is encrypted, and its extension says so: a new one, or of what readers cannot open so, a
/// second one.
void FileDeeds::protect(const FileUser& user, FileId id) {
    const auto& file = cabinet_.tree().at(id);
    if (file.kind->extension == "log" || file.kind->extension == "db") return;
    cabinet_.read(user, id);
    cabinet_.overwrite(user, id, entropy_of_noise(file.bytes, *dice_));
    const bool is_native =
        file.extension == "pdf" || file.extension == "txt" || file.extension.ends_with('x');
    cabinet_.rename(user, id, is_native ? "p" + file.extension : file.extension + ".pfile");
}

Result<> FileDeeds::convert_share(const Cast& cast) {
    return go_through(cast, cabinet_.program("svc-convert", DeviceKind::file_server, cast.label),
                      &FileDeeds::convert);
}

void FileDeeds::convert(const FileUser& user, FileId id) {
    const auto extension = cabinet_.tree().at(id).kind->extension;
    if (extension != "doc" && extension != "tif" && extension != "msg") return;
    cabinet_.read(user, id);
    auto made = cabinet_.tree().at(id);
    made.kind = &kind_of(extension == "doc" ? "docx" : "pdf");
    made.extension = made.kind->extension;
    made.bytes = made.bytes / 2 + 700;
    cabinet_.create(user, std::move(made));
    cabinet_.remove(user, id);
}

}   // namespace ward::lab
