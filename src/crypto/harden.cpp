// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstring>
#include <linux/capability.h>
#include <string>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "crypto/secret.hpp"

namespace ward::crypto {
namespace {

/// Whether every later allocation may be locked too. Under a limit, mlockall would make malloc fail some day.
bool may_lock_everything() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY) return true;
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct sets[2]{};
    if (::syscall(SYS_capget, &header, sets) != 0) return false;
    return (sets[0].effective & (1U << CAP_IPC_LOCK)) != 0;
}

/// What the system refused.
class Refusals {
public:
    void note(const char* what) {
        if (!text_.empty()) text_ += "; ";
        text_ += std::string{what} + ": " + std::strerror(errno);
    }
    Result<> all() const {
        if (!text_.empty()) return fail(Errc::unavailable, text_);
        return {};
    }

private:
    std::string text_;
};

void hide(Refusals& refused) {
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) refused.note("PR_SET_DUMPABLE");
    constexpr rlimit no_core{0, 0};
    if (::setrlimit(RLIMIT_CORE, &no_core) != 0) refused.note("RLIMIT_CORE");
}

}   // namespace

Result<> hide_memory() {
    Refusals refused;
    hide(refused);
    return refused.all();
}

Result<> harden_process() {
    Refusals refused;
    hide(refused);
    // SecretBytes are locked anyway; this also keeps what libraries and the stack hold for a moment out of
    // swap. On fault, or every thread's stack and every cache would be resident at once.
    if (!may_lock_everything()) {
        errno = EPERM;
        refused.note("mlockall");
    } else if (::mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0) {
        refused.note("mlockall");
    }
    return refused.all();
}

}   // namespace ward::crypto
