// SPDX-License-Identifier: Apache-2.0
#include "confine/confine.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <fcntl.h>
#include <functional>
#include <poll.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SKIP_UNDER_SANITIZERS() GTEST_SKIP() << "sanitizers need more of the kernel"
#else
#define SKIP_UNDER_SANITIZERS() static_cast<void>(0)
#endif

namespace ward::confine {
namespace {

/// What `question` says in a confined child.
bool confined(const std::function<bool()>& question) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(allow_what_keeping_keys_needs() && question() ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool not_permitted(long result) { return result == -1 && errno == EPERM; }

TEST(Confine, AKeeperOpensNoSocket) {
    SKIP_UNDER_SANITIZERS();
    for (const int family : {AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_UNIX})
        EXPECT_TRUE(confined([family] { return not_permitted(::socket(family, SOCK_STREAM, 0)); })) << family;
}

TEST(Confine, AKeeperStartsNothingAndLooksAtNobody) {
    SKIP_UNDER_SANITIZERS();
    EXPECT_TRUE(confined([] { return not_permitted(::fork()); }));
    EXPECT_TRUE(confined([] { return not_permitted(::execl("/bin/true", "true", nullptr)); }));
    EXPECT_TRUE(confined([] { return not_permitted(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }));
    EXPECT_TRUE(confined([] { return not_permitted(::kill(::getppid(), 0)) || errno == EPERM; }));
}

TEST(Confine, AKeeperStillHasItsFilesMemoryAndConnections) {
    SKIP_UNDER_SANITIZERS();
    int pair[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    EXPECT_TRUE(confined([&pair] {
        char byte = 'w';
        pollfd ready{pair[1], POLLIN, 0};
        const int file = ::open("/proc/self/status", O_RDONLY);
        void* const memory =
            ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return ::send(pair[0], &byte, 1, 0) == 1 && ::poll(&ready, 1, 1000) == 1 &&
               ::recv(pair[1], &byte, 1, 0) == 1 && file >= 0 && ::read(file, &byte, 1) == 1 &&
               memory != MAP_FAILED && ::mlock(memory, 4096) == 0;
    }));
    ::close(pair[0]);
    ::close(pair[1]);
}

}   // namespace
}   // namespace ward::confine
