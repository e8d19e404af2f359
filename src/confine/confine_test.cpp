// SPDX-License-Identifier: Apache-2.0
#include "confine/confine.hpp"

#include <arpa/inet.h>
#include <asm/sockios.h>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <linux/openat2.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "confine/sanitizers_test.hpp"
#include "core/scratch_folder.hpp"

namespace ward::confine {
namespace {

using Question = std::function<bool()>;

/// What `question` says in a child that was confined first.
bool in_child(const std::function<Result<>()>& confined_by, const Question& question) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(confined_by() && question() ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool keeping(const Question& question) { return in_child(allow_what_keeping_keys_needs, question); }
bool serving(const Question& question) { return in_child(forbid_what_serving_never_needs, question); }

bool not_permitted(long result) { return result == -1 && errno == EPERM; }

TEST(Confine, AKeeperOpensNoSocket) {
    SKIP_UNDER_SANITIZERS();
    for (const int family : {AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_UNIX})
        EXPECT_TRUE(keeping([family] { return not_permitted(::socket(family, SOCK_STREAM, 0)); })) << family;
}

TEST(Confine, AKeeperStartsNothingAndLooksAtNobody) {
    SKIP_UNDER_SANITIZERS();
    EXPECT_TRUE(keeping([] { return not_permitted(::fork()); }));
    EXPECT_TRUE(keeping([] { return not_permitted(::execl("/bin/true", "true", nullptr)); }));
    EXPECT_TRUE(keeping([] { return not_permitted(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }));
    EXPECT_TRUE(keeping([] { return not_permitted(::kill(::getppid(), 0)) || errno == EPERM; }));
}

TEST(Confine, AKeeperStillHasItsFilesMemoryAndConnections) {
    SKIP_UNDER_SANITIZERS();
    int pair[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    EXPECT_TRUE(keeping([&pair] {
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

TEST(Confine, AVaultStartsNoProgramAndLooksIntoNoOther) {
    SKIP_UNDER_SANITIZERS();
    iovec nothing{};
    EXPECT_TRUE(serving([] { return not_permitted(::execl("/bin/true", "true", nullptr)); }));
    EXPECT_TRUE(serving([] { return not_permitted(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }));
    EXPECT_TRUE(serving([&nothing] {
        return not_permitted(::process_vm_readv(::getppid(), &nothing, 1, &nothing, 1, 0)) &&
               not_permitted(::process_vm_writev(::getppid(), &nothing, 1, &nothing, 1, 0));
    }));
}

TEST(Confine, AVaultSendsSignalsToItselfOnly) {
    SKIP_UNDER_SANITIZERS();
    EXPECT_TRUE(serving([] {
        const auto parent = ::getppid();
        return not_permitted(::kill(parent, 0)) && not_permitted(::syscall(SYS_tgkill, parent, parent, 0)) &&
               ::raise(0) == 0;
    }));
}

TEST(Confine, AVaultLetsNoFileSendSignalsAndSetsNobodyElsesLimits) {
    SKIP_UNDER_SANITIZERS();
    int pair[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    EXPECT_TRUE(serving([&pair] {
        const auto parent = ::getppid();
        rlimit limit{};
        return not_permitted(::fcntl(pair[0], F_SETOWN, parent)) &&
               not_permitted(::fcntl(pair[0], F_SETSIG, SIGKILL)) &&
               not_permitted(::ioctl(pair[0], FIOSETOWN, &parent)) &&
               not_permitted(::ioctl(pair[0], TIOCSTI, "x")) &&
               not_permitted(::syscall(SYS_shmat, 0, nullptr, 0)) &&
               not_permitted(::prlimit(parent, RLIMIT_NOFILE, nullptr, &limit)) &&
               ::getrlimit(RLIMIT_NOFILE, &limit) == 0 && ::fcntl(pair[0], F_SETFL, O_NONBLOCK) == 0;
    }));
    ::close(pair[0]);
    ::close(pair[1]);
}

TEST(Confine, AVaultDoesToNoFileWhatLandlockWouldNotSee) {
    SKIP_UNDER_SANITIZERS();
    const ScratchFolder folder;
    const auto file = folder / "file";
    std::ofstream{file} << "x";
    EXPECT_TRUE(serving([&file] {
        open_how how{};
        return not_permitted(::truncate(file.c_str(), 0)) && not_permitted(::chmod(file.c_str(), 0)) &&
               not_permitted(::chown(file.c_str(), 0, 0)) &&
               not_permitted(::open(file.c_str(), O_RDONLY | O_TRUNC)) &&
               not_permitted(::open(file.c_str(), O_ACCMODE | O_TRUNC)) &&
               not_permitted(::syscall(SYS_openat2, AT_FDCWD, file.c_str(), &how, sizeof how)) &&
               ::open(file.c_str(), O_RDWR | O_TRUNC) >= 0;
    }));
}

TEST(Confine, AVaultLeavesTheKernelAndTheMachineAlone) {
    SKIP_UNDER_SANITIZERS();
    for (const long call : {SYS_bpf, SYS_init_module, SYS_finit_module, SYS_kexec_load, SYS_mount,
                            SYS_umount2, SYS_unshare, SYS_io_uring_setup, SYS_keyctl, SYS_perf_event_open})
        EXPECT_TRUE(serving([call] { return not_permitted(::syscall(call, 0, 0, 0, 0, 0)); })) << call;
}

TEST(Confine, AVaultSpeaksInternetAndUnixOnly) {
    SKIP_UNDER_SANITIZERS();
    for (const int family : {AF_INET, AF_INET6, AF_UNIX})
        EXPECT_TRUE(serving([family] { return ::socket(family, SOCK_STREAM, 0) >= 0; })) << family;
    for (const int family : {AF_UNSPEC, AF_AX25, AF_NETLINK, AF_PACKET, AF_ALG, AF_VSOCK, AF_BLUETOOTH})
        EXPECT_TRUE(serving([family] { return not_permitted(::socket(family, SOCK_RAW, 0)); })) << family;
}

TEST(Confine, AVaultMakesNoNewCode) {
    SKIP_UNDER_SANITIZERS();
    EXPECT_TRUE(serving([] {
        constexpr int data = PROT_READ | PROT_WRITE, hidden = MAP_PRIVATE | MAP_ANONYMOUS;
        void* const memory = ::mmap(nullptr, 4096, data, hidden, -1, 0);
        return memory != MAP_FAILED && not_permitted(::mprotect(memory, 4096, PROT_READ | PROT_EXEC)) &&
               ::mprotect(memory, 4096, PROT_READ) == 0 &&
               ::mmap(nullptr, 4096, data | PROT_EXEC, hidden, -1, 0) == MAP_FAILED;
    }));
}

TEST(Confine, AVaultHasThreads) {
    SKIP_UNDER_SANITIZERS();
    EXPECT_TRUE(serving([] {
        std::atomic<int> ran = 0;
        {
            const std::jthread thread{[&ran] { ran = 1; }};
        }
        return ran == 1;
    }));
}

bool opens(const std::filesystem::path& path, int flags) {
    const int file = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
    if (file >= 0) ::close(file);
    return file >= 0;
}

/// Each answer in a child that can open only these.
class OnlyFilesIn : public testing::Test {
protected:
    void SetUp() override {
        SKIP_UNDER_SANITIZERS();
        if (!limited([] { return true; })) GTEST_SKIP() << "this kernel has no Landlock";
        for (const auto* name : {"mine", "to_read", "others"}) {
            std::filesystem::create_directory(folder_ / name);
            std::ofstream{folder_ / name / "file"} << "x";
        }
        folders_ = {.read = {folder_ / "to_read"}, .read_write = {folder_ / "mine"}};
    }

    bool limited(const Question& question) const {
        return in_child([this] { return allow_only_files_in(folders_); }, question);
    }

    const ScratchFolder scratch_;
    const std::filesystem::path folder_ = scratch_.path();
    Folders folders_;
};

TEST_F(OnlyFilesIn, ReadsAndWritesItsOwn) {
    EXPECT_TRUE(limited([this] {
        return opens(folder_ / "mine/file", O_RDWR | O_TRUNC) &&
               opens(folder_ / "mine/new", O_WRONLY | O_CREAT) &&
               ::rename((folder_ / "mine/new").c_str(), (folder_ / "mine/newer").c_str()) == 0 &&
               ::mkdir((folder_ / "mine/below").c_str(), 0700) == 0 &&
               ::rename((folder_ / "mine/newer").c_str(), (folder_ / "mine/below/new").c_str()) == 0 &&
               ::unlink((folder_ / "mine/below/new").c_str()) == 0;
    }));
}

TEST_F(OnlyFilesIn, ReadsButDoesNotChangeWhatIsToRead) {
    EXPECT_TRUE(limited([this] {
        return opens(folder_ / "to_read/file", O_RDONLY) && !opens(folder_ / "to_read/file", O_RDWR) &&
               errno == EACCES && !opens(folder_ / "to_read/new", O_WRONLY | O_CREAT) &&
               ::unlink((folder_ / "to_read/file").c_str()) == -1;
    }));
}

TEST_F(OnlyFilesIn, OpensNothingElse) {
    EXPECT_TRUE(limited([this] {
        return !opens(folder_ / "others/file", O_RDONLY) && errno == EACCES &&
               !opens("/etc/passwd", O_RDONLY) && !opens("/proc/self/mem", O_RDWR) &&
               !opens(folder_ / "mine/../others/file", O_RDONLY);
    }));
}

TEST_F(OnlyFilesIn, GivesRightsToSingleFiles) {
    folders_ = {.read = {folder_ / "others/file"}, .read_write = {}};
    EXPECT_TRUE(limited([this] {
        return opens(folder_ / "others/file", O_RDONLY) && !opens(folder_ / "mine/file", O_RDONLY);
    }));
}

TEST_F(OnlyFilesIn, SaysWhichFolderIsMissing) {
    const auto result = allow_only_files_in({.read = {folder_ / "missing"}, .read_write = {}});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::not_found);
    EXPECT_NE(result.error().what.find("missing"), std::string::npos);
}

TEST_F(OnlyFilesIn, HoldsTogetherWithTheFiltersOfARole) {
    for (const auto role : {Role::keys, Role::vault})
        EXPECT_TRUE(in_child([this, role] { return confine(role, folders_); },
                             [this] {
                                 return !opens("/etc/passwd", O_RDONLY) &&
                                        opens(folder_ / "mine/file", O_RDWR) &&
                                        not_permitted(::execl("/bin/true", "true", nullptr));
                             }))
            << static_cast<int>(role);
}

}   // namespace
}   // namespace ward::confine
