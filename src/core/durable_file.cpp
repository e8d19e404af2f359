// SPDX-License-Identifier: Apache-2.0
#include "core/durable_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/unique_fd.hpp"

namespace ward {
namespace {

/// Where the system refused; `what` is the step, for an operator.
tl::unexpected<Error> refused(const char* what, const std::filesystem::path& path) {
    return fail(errno == EEXIST ? Errc::conflict : Errc::unavailable,
                std::string{what} + " " + path.string() + ": " + std::strerror(errno));
}

Result<> write_all(int fd, Bytes bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const auto written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return refused("cannot write", path);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

}   // namespace

Result<> sync_folder(const std::filesystem::path& folder) {
    const UniqueFd fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd || ::fsync(fd.get()) != 0) return refused("cannot sync", folder);
    return {};
}

Result<> write_durably(const std::filesystem::path& path, Bytes bytes, Readable readable, Existing existing) {
    const std::filesystem::path unfinished = path.string() + ".new";
    const ::mode_t mode = readable == Readable::by_all ? 0644 : 0600;
    const UniqueFd fd{
        ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)};
    if (!fd) return refused("cannot create", unfinished);
    // One that a crash left there may be readable by others.
    if (readable == Readable::by_owner && ::fchmod(fd.get(), mode) != 0)
        return refused("cannot protect", unfinished);
    TRY(write_all(fd.get(), bytes, unfinished));
    if (::fsync(fd.get()) != 0) return refused("cannot sync", unfinished);
    const unsigned flags = existing == Existing::keep ? RENAME_NOREPLACE : 0;
    if (::renameat2(AT_FDCWD, unfinished.c_str(), AT_FDCWD, path.c_str(), flags) != 0) {
        auto error = refused("cannot put in place", path);
        ::unlink(unfinished.c_str());
        return error;
    }
    return sync_folder(path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."});
}

}   // namespace ward
