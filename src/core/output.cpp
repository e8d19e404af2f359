// SPDX-License-Identifier: Apache-2.0
#include "core/output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/log.hpp"

namespace ward {
namespace {

tl::unexpected<Error> refused(Errc code, const std::string& name) {
    return fail(code, "cannot write " + name + ": " + std::strerror(errno));
}

/// A file that nobody else writes, until it is closed: lines of two would be mixed, and one would rotate away
/// what the other writes. Devices and pipes, and file systems without locks, are let pass.
Result<UniqueFd> open_file(const std::string& path, int flags) {
    UniqueFd file{::open(path.c_str(), flags | O_CREAT | O_CLOEXEC, 0600)};
    if (!file) return refused(Errc::denied, path);
    struct stat about {};
    const bool is_file = ::fstat(file.get(), &about) == 0 && S_ISREG(about.st_mode);
    if (is_file && ::flock(file.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return fail(Errc::conflict, "cannot write " + path + ": another program is writing it");
    return file;
}

}   // namespace

Result<Output> Output::open(const std::string& path, std::uint64_t rotate_bytes) {
    if (path.empty() || path == "-") {
        UniqueFd file{::dup(STDOUT_FILENO)};
        if (!file) return refused(Errc::denied, "standard output");
        return Output{"standard output", std::move(file), 0};
    }
    Output output{path, {}, rotate_bytes};
    TRY(output.go_on());
    // What crashes and starts again must not lose what it had told before.
    if (rotate_bytes > 0 || output.size_ == 0) return output;
    if (::ftruncate(output.file_.get(), 0) != 0) return refused(Errc::denied, path);
    output.size_ = 0;
    return output;
}

/// Opens the file of this name at its end.
Result<> Output::go_on() {
    // To see its last byte it must be readable, which a pipe or a device need not be.
    const int access = rotate_bytes_ > 0 ? O_RDWR : O_WRONLY;
    file_ = TRY(open_file(name_, access | O_APPEND));
    struct stat about {};
    if (::fstat(file_.get(), &about) != 0) return refused(Errc::denied, name_);
    can_vanish_ = S_ISREG(about.st_mode) && about.st_nlink > 0;
    size_ = S_ISREG(about.st_mode) ? static_cast<std::uint64_t>(about.st_size) : 0;
    char last = '\n';
    torn_ = size_ > 0 && ::pread(file_.get(), &last, 1, about.st_size - 1) == 1 && last != '\n';
    return {};
}

/// What is written to a file that was removed, nobody will ever read.
Result<> Output::go_on_if_removed() {
    struct stat about {};
    if (!can_vanish_ || ::fstat(file_.get(), &about) != 0 || about.st_nlink > 0) return {};
    TRY(go_on());
    log::warn("the events' file was removed", {{"file", name_}});
    return {};
}

/// The new file is there before anything is renamed, and the older ones move up to the first gap only: a
/// rotation that fails half-way costs nothing, and may be tried again.
Result<> Output::rotate() {
    const auto numbered = [this](unsigned number) { return name_ + "." + std::to_string(number); };
    const auto fresh_name = name_ + ".new";
    auto fresh = TRY(open_file(fresh_name, O_WRONLY | O_TRUNC | O_APPEND));
    unsigned gap = 1;
    std::error_code unknown;   // is taken for a gap, and what is there is replaced
    while (gap < kept_max && std::filesystem::exists(numbered(gap), unknown)) ++gap;
    for (; gap > 1; --gap)
        if (::rename(numbered(gap - 1).c_str(), numbered(gap).c_str()) != 0)
            return refused(Errc::denied, numbered(gap));
    if (::rename(name_.c_str(), numbered(1).c_str()) != 0 || ::rename(fresh_name.c_str(), name_.c_str()) != 0)
        return refused(Errc::denied, name_);
    file_ = std::move(fresh);
    size_ = 0;
    torn_ = false;
    return {};
}

Result<> Output::write(std::string_view text) {
    TRY(go_on_if_removed());
    if (rotate_bytes_ > 0 && size_ > 0 && size_ + text.size() > rotate_bytes_) {
        // A file that grows too long is better than events that are lost.
        const auto rotated = rotate();
        if (!rotated && !stuck_) log::error("the events' file grows", {{"reason", rotated.error().what}});
        stuck_ = !rotated;
    }
    if (torn_) TRY(write_whole("\n"));
    return write_whole(text);
}

Result<> Output::write_whole(std::string_view text) {
    while (!text.empty()) {
        const auto count = ::write(file_.get(), text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return refused(errno == EPIPE ? Errc::not_found : Errc::unavailable, name_);
        const auto written = static_cast<std::size_t>(count);
        size_ += written;
        if (written > 0) torn_ = text[written - 1] != '\n';
        text.remove_prefix(written);
    }
    return {};
}

Result<> Output::close() {
    if (::close(file_.release()) == 0) return {};
    return refused(Errc::unavailable, name_);
}

Result<> check_inputs(const std::vector<std::string>& inputs, const std::string& output) {
    const bool is_file = !output.empty() && output != "-";
    struct stat out {};
    const bool has_content =
        (is_file ? ::stat(output.c_str(), &out) : ::fstat(STDOUT_FILENO, &out)) == 0 && S_ISREG(out.st_mode);
    for (const auto& input : inputs) {
        struct stat in {};
        const bool is_there = input == "-"
                                  ? ::fstat(STDIN_FILENO, &in) == 0
                                  : ::stat(input.c_str(), &in) == 0 && ::access(input.c_str(), R_OK) == 0;
        if (!is_there) return fail(Errc::not_found, input + ": " + std::strerror(errno));
        if (S_ISDIR(in.st_mode)) return fail(Errc::not_found, input + ": " + std::strerror(EISDIR));
        if (has_content && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
            return fail(Errc::conflict, input + ": what is read cannot be the output too");
    }
    return {};
}

}   // namespace ward
