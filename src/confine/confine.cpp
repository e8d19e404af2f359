// SPDX-License-Identifier: Apache-2.0
#include "confine/confine.hpp"

#include <array>
#include <cerrno>
#include <sys/prctl.h>

#include "confine/filter.hpp"
#include "core/log.hpp"

namespace ward::confine {
namespace {

constexpr std::array keeping_keys{
    // files: the key file, keys.db with its log
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(pread64),
    SCMP_SYS(pwrite64),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(openat),
    SCMP_SYS(open),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(fsync),
    SCMP_SYS(fdatasync),
    SCMP_SYS(ftruncate),
    SCMP_SYS(fallocate),
    SCMP_SYS(stat),
    SCMP_SYS(fstat),
    SCMP_SYS(lstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(renameat2),
    SCMP_SYS(fchmod),
    SCMP_SYS(fchown),
    SCMP_SYS(umask),
    SCMP_SYS(fcntl),
    SCMP_SYS(flock),
    SCMP_SYS(utimensat),
    SCMP_SYS(fstatfs),
    // the socket that is already open, and those that it accepts
    SCMP_SYS(accept4),
    SCMP_SYS(recvfrom),
    SCMP_SYS(sendto),
    SCMP_SYS(getsockopt),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(shutdown),
    // memory
    SCMP_SYS(mmap),
    SCMP_SYS(mremap),
    SCMP_SYS(munmap),
    SCMP_SYS(mprotect),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(mlock),
    SCMP_SYS(munlock),
    // time, randomness, itself
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(prlimit64),
    SCMP_SYS(futex),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(tgkill),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

}   // namespace

Result<> allow_what_keeping_keys_needs() {
    const Filter filter{::seccomp_init(SCMP_ACT_ERRNO(EPERM))};
    if (!filter) return fail(Errc::unavailable, "seccomp: no filter");
    for (const int call : keeping_keys)
        TRY(check(::seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0), "rule"));
    return check(::seccomp_load(filter.get()), "load");   // sets no_new_privs first
}

Result<> confine(Role role, const Folders& folders) {
    // Without it neither filters nor Landlock are for programs without rights; and no set-user-id program
    // helps.
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return fail(Errc::unavailable, "the kernel has no no_new_privs");
    auto files = allow_only_files_in(folders);
    if (!files && files.error().code != Errc::unavailable) return files;
    if (!files) log::warn("files are not confined", {{"reason", files.error().what}});
    return role == Role::keys ? allow_what_keeping_keys_needs() : forbid_what_serving_never_needs();
}

}   // namespace ward::confine
