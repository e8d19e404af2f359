// SPDX-License-Identifier: Apache-2.0
#include "lab/output.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <system_error>
#include <utility>

#include "core/durable_file.hpp"

namespace ward::lab {
namespace {

constexpr std::size_t handed_on_at = 256 << 10;
constexpr const char* mark_name = ".unfinished-by-ward-lab";

std::string reason() { return std::system_category().message(errno); }

/// Takes away what an interrupted run left, and nothing else.
Result<> clear(const std::filesystem::path& partial) {
    const auto refuse = [&](std::string_view why) {
        return fail(Errc::conflict, fmt::format("{} is in the way: {}", partial.string(), why));
    };
    std::error_code error;
    const auto there = std::filesystem::symlink_status(partial, error);
    if (!std::filesystem::exists(there)) return {};
    if (!std::filesystem::is_directory(there)) return refuse("move it, or name another folder");
    const bool is_empty = std::filesystem::is_empty(partial, error);
    const UniqueFd mark{::open((partial / mark_name).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!mark && !is_empty) return refuse("no run of the lab left it; move it, or name another folder");
    if (mark && ::flock(mark.get(), LOCK_EX | LOCK_NB) != 0)
        return refuse("another run of the lab is making it; name another folder");
    std::filesystem::remove_all(partial, error);
    if (error) return refuse(error.message());
    return {};
}

}   // namespace

Result<OutputFile> OutputFile::create(const std::filesystem::path& path) {
    std::ofstream stream{path, std::ios::binary | std::ios::trunc};
    if (!stream) return fail(Errc::unavailable, fmt::format("{} cannot be written", path.string()));
    return OutputFile{path, std::move(stream)};
}

void OutputFile::write(Bytes bytes) {
    append(waiting_, bytes);
    size_ += bytes.size();
    if (waiting_.size() >= handed_on_at) hand_on();
}

void OutputFile::hand_on() {
    const auto text = as_text(waiting_);
    stream_.write(text.data(), static_cast<std::streamsize>(text.size()));
    waiting_.clear();
}

Result<> OutputFile::finish() {
    hand_on();
    stream_.close();
    if (stream_) return {};
    return fail(Errc::unavailable,
                fmt::format("{} could not be written whole; is the disk full?", path_.string()));
}

Result<OutputFolder> OutputFolder::create(std::filesystem::path target) {
    if (!target.has_filename()) target = target.parent_path();   // "made/"
    std::error_code error;
    if (std::filesystem::exists(target, error))
        return fail(Errc::conflict, fmt::format("{} is there already; name a new folder", target.string()));
    auto partial = target;
    partial += ".partial";
    TRY(clear(partial));
    if (!std::filesystem::create_directories(partial, error))
        return fail(Errc::unavailable,
                    fmt::format("{} cannot be made: {}", partial.string(), error.message()));
    const auto mark = partial / mark_name;
    UniqueFd marked{::open(mark.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)};
    if (!marked || ::flock(marked.get(), LOCK_EX | LOCK_NB) != 0)
        return fail(Errc::unavailable, fmt::format("{} cannot be made: {}", mark.string(), reason()));
    return OutputFolder{std::move(target), std::move(partial), std::move(marked)};
}

OutputFolder::OutputFolder(OutputFolder&& other) noexcept
    : target_(std::move(other.target_)),
      partial_(std::exchange(other.partial_, {})),
      mark_(std::move(other.mark_)) {}

OutputFolder::~OutputFolder() {
    std::error_code ignored;
    if (!partial_.empty()) std::filesystem::remove_all(partial_, ignored);
}

Result<> OutputFolder::keep() {
    std::error_code error;
    std::filesystem::remove(partial_ / mark_name, error);
    if (!error) std::filesystem::rename(partial_, target_, error);
    if (error)
        return fail(Errc::unavailable,
                    fmt::format("{} cannot be made: {}", target_.string(), error.message()));
    partial_.clear();
    return {};
}

Result<LateFile> LateFile::create(const std::filesystem::path& path) {
    std::error_code error;
    const auto there = std::filesystem::status(path, error);
    if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there))
        return fail(Errc::conflict, fmt::format("{} is no file that can be replaced", path.string()));
    auto target = path;
    if (std::filesystem::exists(there))
        target = std::filesystem::canonical(path, error);   // not the link to it
    auto unfinished = target;
    unfinished += ".new";   // as write_durably() has it
    // An empty one that nobody holds is of a play that was cut off.
    if (const UniqueFd left{::open(unfinished.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
        left && ::flock(left.get(), LOCK_EX | LOCK_NB) == 0 &&
        std::filesystem::is_regular_file(std::filesystem::symlink_status(unfinished, error)) &&
        std::filesystem::is_empty(unfinished, error))
        std::filesystem::remove(unfinished, error);
    UniqueFd file{::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)};
    if (file && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0)
        return LateFile{std::move(target), std::move(unfinished), std::move(file)};
    if (errno == EEXIST)
        return fail(Errc::conflict, fmt::format("{} is in the way of {}; move it, or name another file",
                                                unfinished.string(), path.string()));
    return fail(Errc::unavailable, fmt::format("{} cannot be written: {}", path.string(), reason()));
}

LateFile::LateFile(LateFile&& other) noexcept
    : path_(std::move(other.path_)),
      unfinished_(std::exchange(other.unfinished_, {})),
      lock_(std::move(other.lock_)) {}

LateFile::~LateFile() {
    std::error_code ignored;
    if (!unfinished_.empty()) std::filesystem::remove(unfinished_, ignored);
}

Result<> LateFile::keep(std::string_view text) {
    TRY(write_durably(path_, as_bytes(text), Readable::by_all, Existing::replace));
    unfinished_.clear();
    return {};
}

}   // namespace ward::lab
