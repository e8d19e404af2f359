// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <linux/capability.h>
#include <sched.h>
#include <string>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine/confine.hpp"
#include "confine/filter.hpp"
#include "core/log.hpp"

namespace ward::confine {
namespace {

constexpr std::array sensing{
    // captures, keys and events in files, and the ring's readiness
    SCMP_SYS(read),
    SCMP_SYS(openat),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(rename),
    SCMP_SYS(flock),
    SCMP_SYS(fsync),
    // a spool; pread and pwrite refuse sockets
    SCMP_SYS(pread64),
    SCMP_SYS(pwrite64),
    SCMP_SYS(fdatasync),
    SCMP_SYS(ftruncate),
    SCMP_SYS(unlink),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(getsockopt),
    SCMP_SYS(getsockname),
    // memory
    SCMP_SYS(mremap),
    SCMP_SYS(munmap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    // threads, time, randomness, itself
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_setaffinity),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getrusage),
    SCMP_SYS(sysinfo),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

Result<> allow(const Filter& filter, int call, std::initializer_list<scmp_arg_cmp> arguments) {
    const auto count = static_cast<unsigned>(arguments.size());
    return check(::seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, call, count, arguments.begin()),
                 "rule");
}

constexpr scmp_arg_cmp argument(unsigned number, scmp_compare compare, scmp_datum_t a, scmp_datum_t b = 0) {
    return {.arg = number, .op = compare, .datum_a = a, .datum_b = b};
}

/// Writing to a packet socket sends: only files above it in number, standard output and error are written. No
/// other call that sends is allowed at all.
Result<> allow_writing_but_to(const Filter& filter, std::span<const int> captures) {
    int highest = 2;
    for (const int capture : captures) {
        highest = std::max(highest, capture);
        if (capture <= STDERR_FILENO)
            return fail(Errc::unavailable, "a capture has the place of standard output");
    }
    for (const int call : {SCMP_SYS(write), SCMP_SYS(writev)}) {
        TRY(allow(filter, call, {argument(0, SCMP_CMP_LE, STDERR_FILENO)}));
        TRY(allow(filter, call, {argument(0, SCMP_CMP_GT, static_cast<scmp_datum_t>(highest))}));
    }
    return {};
}

/// Threads of this process, but no processes; memory, but never code; signals to itself.
Result<> allow_threads_and_memory(const Filter& filter) {
    TRY(allow(filter, SCMP_SYS(clone), {argument(0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)}));
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
        TRY(allow(filter, call, {argument(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)}));
    TRY(allow(filter, SCMP_SYS(tgkill), {argument(0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid()))}));
    // Its arguments are out of a filter's sight; without it, glibc takes clone.
    return check(::seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0), "rule");
}

/// Of those that it has, these of the first 32.
Result<> keep_capabilities(std::uint32_t kept) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> sets{};
    bool done = ::syscall(SYS_capget, &header, sets.data()) == 0;
    const auto permitted = sets[0].permitted & kept;
    sets = {};
    sets[0] = {permitted, permitted, 0};
    done = done && ::syscall(SYS_capset, &header, sets.data()) == 0;
    if (done) return {};
    return fail(Errc::unavailable, std::string{"capabilities: "} + std::strerror(errno));
}

Result<> confine_files(const Folders& folders) {
    auto files = allow_only_files_in(folders);
    if (files || files.error().code != Errc::unavailable) return files;
    log::warn("files are not confined", {{"reason", files.error().what}});
    return {};
}

}   // namespace

Result<> allow_what_sensing_needs(std::span<const int> captures) {
    const Filter filter{::seccomp_init(SCMP_ACT_ERRNO(EPERM))};
    if (!filter) return fail(Errc::unavailable, "seccomp: no filter");
    for (const int call : sensing) TRY(allow(filter, call, {}));
    TRY(allow_writing_but_to(filter, captures));
    // Standard input, which is no capture's, as the program reads it.
    TRY(allow(filter, SCMP_SYS(dup), {argument(0, SCMP_CMP_EQ, STDIN_FILENO)}));
    TRY(allow_threads_and_memory(filter));
    return check(::seccomp_load(filter.get()), "load");   // sets no_new_privs first
}

Result<> leave_network() {
    if (::unshare(CLONE_NEWNET) == 0) return {};
    // Without the right to do that, a user namespace of one's own gives it, where the system lets it.
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0) return {};
    return fail(Errc::unavailable, std::string{"network namespace: "} + std::strerror(errno));
}

Result<> drop_capabilities() { return keep_capabilities(0); }

Result<> confine_sensor(std::span<const int> captures, const Folders& folders) {
    if (auto left = leave_network(); !left)
        log::warn("the network is not left", {{"reason", left.error().what}});
    TRY(drop_capabilities());
    TRY(confine_files(folders));
    return allow_what_sensing_needs(captures);
}

Result<> confine_reader(std::vector<std::filesystem::path> captures) {
    TRY(confine_files({std::move(captures), {}, {}}));
    TRY(keep_capabilities(1U << CAP_DAC_READ_SEARCH));
    return allow_what_sensing_needs({});
}

Result<> confine_on_bus(const Folders& folders) {
    TRY(drop_capabilities());
    TRY(confine_files(folders));
    return forbid_what_serving_never_needs();
}

Result<> confine_before(const std::filesystem::path& program, Folders folders) {
    folders.start.push_back(program);
    for (const auto* loader : {"/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"})
        if (std::filesystem::exists(loader)) folders.start.emplace_back(loader);
    TRY(drop_capabilities());
    TRY(confine_files(folders));
    return forbid_all_but_becoming_another();
}

}   // namespace ward::confine
