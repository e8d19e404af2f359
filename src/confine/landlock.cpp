// SPDX-License-Identifier: Apache-2.0
// Landlock has no wrapper in glibc 2.36: system calls as the kernel's userspace-api/landlock.rst has them.
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine/confine.hpp"

namespace ward::confine {
namespace {

using Rights = std::uint64_t;

constexpr Rights to_read = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr Rights to_truncate = 1U << 14;   // LANDLOCK_ACCESS_FS_TRUNCATE, which Linux 6.1's headers lack
constexpr Rights to_write = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                            LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                            LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                            LANDLOCK_ACCESS_FS_REFER | to_truncate;
constexpr Rights never = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                         LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                         LANDLOCK_ACCESS_FS_MAKE_SYM;
constexpr Rights of_files =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | to_truncate;

/// The rights that a kernel of this version knows; it refuses others.
Rights known_to(long version) {
    Rights rights = to_read | to_write | never;
    if (version < 2) rights &= ~Rights{LANDLOCK_ACCESS_FS_REFER};
    if (version < 3) rights &= ~to_truncate;
    return rights;
}

class Descriptor {
public:
    explicit Descriptor(long number) : number_(static_cast<int>(number)) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int get() const { return number_; }

private:
    int number_;
};

std::string reason() { return std::strerror(errno); }

Result<> allow(const Descriptor& ruleset, const std::filesystem::path& path, Rights rights) {
    const Descriptor place{::open(path.c_str(), O_PATH | O_CLOEXEC)};
    struct stat kind {};
    if (place.get() < 0 || ::fstat(place.get(), &kind) != 0)
        return fail(Errc::not_found, "landlock: " + path.string() + ": " + reason());
    landlock_path_beneath_attr rule{};
    rule.allowed_access = S_ISDIR(kind.st_mode) ? rights : rights & of_files;
    rule.parent_fd = place.get();
    if (::syscall(SYS_landlock_add_rule, ruleset.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0) return {};
    // A pipe of the shell's, /dev/fd/63, is in no folder: it needs no rule, and can have none.
    if (errno != EBADFD) return fail(Errc::unavailable, "landlock: " + path.string() + ": " + reason());
    return {};
}

}   // namespace

Result<> allow_only_files_in(const Folders& folders) {
    const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return fail(Errc::unavailable, "landlock: " + reason());
    const Rights known = known_to(version);
    landlock_ruleset_attr attributes{};
    attributes.handled_access_fs = known;
    const Descriptor ruleset{::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0)};
    if (ruleset.get() < 0) return fail(Errc::unavailable, "landlock: " + reason());
    for (const auto& path : folders.read) TRY(allow(ruleset, path, to_read & known));
    for (const auto& path : folders.read_write) TRY(allow(ruleset, path, (to_read | to_write) & known));
    for (const auto& path : folders.start)
        TRY(allow(ruleset, path, (to_read | LANDLOCK_ACCESS_FS_EXECUTE) & known));
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0)
        return fail(Errc::unavailable, "landlock: " + reason());
    return {};
}

}   // namespace ward::confine
