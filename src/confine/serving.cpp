// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <asm/sockios.h>
#include <cerrno>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "confine/confine.hpp"
#include "confine/filter.hpp"

namespace ward::confine {
namespace {

constexpr std::array never_needed{
    // other programs and processes
    SCMP_SYS(execveat),
    SCMP_SYS(ptrace),
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(rt_sigqueueinfo),
    SCMP_SYS(rt_tgsigqueueinfo),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(process_madvise),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(kcmp),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(personality),
    // files by their names, where Landlock does not look: truncating (before Linux 6.2) and their owners; and
    // a way of opening them whose flags no filter sees
    SCMP_SYS(truncate),
    SCMP_SYS(chmod),
    SCMP_SYS(fchmodat),
    SCMP_SYS(chown),
    SCMP_SYS(lchown),
    SCMP_SYS(fchownat),
    SCMP_SYS(openat2),
    // code in the kernel, or ways round this filter
    SCMP_SYS(bpf),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(memfd_create),
    SCMP_SYS(memfd_secret),
    // the kernel's keyrings
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    // memory that others share, and that may be code
    SCMP_SYS(shmget),
    SCMP_SYS(shmat),
    // mounts and namespaces
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsconfig),
    SCMP_SYS(fsmount),
    SCMP_SYS(fspick),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(setns),
    SCMP_SYS(unshare),
    SCMP_SYS(name_to_handle_at),
    SCMP_SYS(open_by_handle_at),
    // the machine
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(acct),
    SCMP_SYS(quotactl),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(adjtimex),
    SCMP_SYS(clock_adjtime),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
};

constexpr auto refuse = SCMP_ACT_ERRNO(EPERM);

Result<> add(const Filter& filter, int call, std::initializer_list<scmp_arg_cmp> arguments) {
    const auto count = static_cast<unsigned>(arguments.size());
    return check(::seccomp_rule_add_array(filter.get(), refuse, call, count, arguments.begin()), "rule");
}

constexpr scmp_arg_cmp argument(unsigned number, scmp_compare compare, scmp_datum_t a, scmp_datum_t b = 0) {
    return {.arg = number, .op = compare, .datum_a = a, .datum_b = b};
}

Result<> refuse_other_families(const Filter& filter) {
    for (const int call : {SCMP_SYS(socket), SCMP_SYS(socketpair)}) {
        for (scmp_datum_t family = 0; family < AF_INET6; ++family)
            if (family != AF_UNIX && family != AF_INET)
                TRY(add(filter, call, {argument(0, SCMP_CMP_EQ, family)}));
        TRY(add(filter, call, {argument(0, SCMP_CMP_GT, AF_INET6)}));
    }
    return {};
}

/// abort() sends a signal too, to a thread of its own process. A file or socket could be made to send some
/// for us, a terminal be typed on; and limits are set for others with the call that sets one's own.
Result<> refuse_meddling_with_others(const Filter& filter) {
    const auto own = static_cast<scmp_datum_t>(::getpid());
    TRY(add(filter, SCMP_SYS(tgkill), {argument(0, SCMP_CMP_NE, own)}));
    TRY(add(filter, SCMP_SYS(prlimit64), {argument(0, SCMP_CMP_NE, 0)}));
    constexpr scmp_datum_t number = 0xffffffff;
    for (const auto command : std::to_array<scmp_datum_t>({F_SETOWN, F_SETOWN_EX, F_SETSIG}))
        TRY(add(filter, SCMP_SYS(fcntl), {argument(1, SCMP_CMP_MASKED_EQ, number, command)}));
    for (const auto request : std::to_array<scmp_datum_t>({FIOSETOWN, SIOCSPGRP, TIOCSTI, TIOCLINUX}))
        TRY(add(filter, SCMP_SYS(ioctl), {argument(1, SCMP_CMP_MASKED_EQ, number, request)}));
    return {};
}

/// Before Linux 6.2 Landlock lets whoever may read a file open it so that it is empty then, and anybody who
/// opens it for neither reading nor writing (access mode 3).
Result<> refuse_truncating_unseen(const Filter& filter) {
    struct Opening {
        int call;
        unsigned flags;   // which argument they are
    };
    for (const auto& [call, flags] : {Opening{SCMP_SYS(open), 1}, Opening{SCMP_SYS(openat), 2}}) {
        TRY(add(filter, call, {argument(flags, SCMP_CMP_MASKED_EQ, O_ACCMODE | O_TRUNC, O_TRUNC)}));
        TRY(add(filter, call, {argument(flags, SCMP_CMP_MASKED_EQ, O_ACCMODE, O_ACCMODE)}));
    }
    return {};
}

/// What was data never becomes code. Libraries may still be mapped: they come from files.
Result<> refuse_new_code(const Filter& filter) {
    constexpr scmp_datum_t execute = PROT_EXEC, both = PROT_EXEC | PROT_WRITE;
    TRY(add(filter, SCMP_SYS(mmap), {argument(2, SCMP_CMP_MASKED_EQ, both, both)}));
    TRY(add(filter, SCMP_SYS(mprotect), {argument(2, SCMP_CMP_MASKED_EQ, execute, execute)}));
    return add(filter, SCMP_SYS(pkey_mprotect), {argument(2, SCMP_CMP_MASKED_EQ, execute, execute)});
}

enum class Starting { forbidden, allowed };   // of programs

Result<> forbid(Starting starting) {
    const Filter filter{::seccomp_init(SCMP_ACT_ALLOW)};
    if (!filter) return fail(Errc::unavailable, "seccomp: no filter");
    for (const int call : never_needed) TRY(add(filter, call, {}));
    if (starting == Starting::forbidden) TRY(add(filter, SCMP_SYS(execve), {}));
    TRY(refuse_other_families(filter));
    TRY(refuse_meddling_with_others(filter));
    TRY(refuse_truncating_unseen(filter));
    TRY(refuse_new_code(filter));
    return check(::seccomp_load(filter.get()), "load");   // sets no_new_privs first
}

}   // namespace

Result<> forbid_what_serving_never_needs() { return forbid(Starting::forbidden); }

Result<> forbid_all_but_becoming_another() { return forbid(Starting::allowed); }

}   // namespace ward::confine
