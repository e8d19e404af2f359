// SPDX-License-Identifier: Apache-2.0
// What ward-sensor can still do once it is confined. Each question is asked in a child.
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <net/if.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "confine/confine.hpp"
#include "confine/sanitizers_test.hpp"
#include "core/scratch_folder.hpp"

namespace ward::confine {
namespace {

using Question = std::function<bool()>;

/// What `question` says in a child that was confined as a sensor with these captures.
bool sensing(const Question& question, const std::vector<int>& captures = {}, const Folders& folders = {}) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(confine_sensor(captures, folders) && question() ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool not_permitted(long result) { return result == -1 && errno == EPERM; }

/// Two ends of something that can be written to, as a capture's socket could be.
struct Pair {
    Pair() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM, 0, ends.data()), 0); }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;
    ~Pair() {
        for (const int end : ends) ::close(end);
    }
    std::array<int, 2> ends{};
};

/// What /bin/sh, as which the child goes on, says to the command.
bool becoming(const std::filesystem::path& program, const char* command, const Folders& folders = {}) {
    const pid_t child = ::fork();
    if (child == 0) {
        if (confine_before(program, folders)) ::execl("/bin/sh", "sh", "-c", command, nullptr);
        ::_exit(100);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(Becoming, AnotherProgramItHasItsFoldersAndStartsNoOther) {
    SKIP_UNDER_SANITIZERS();
    const ScratchFolder folder;
    std::ofstream{folder / "theirs"} << "x";
    const auto shell = std::filesystem::canonical("/bin/sh");
    const auto reads = "read line < " + (folder / "theirs").string() + " || test \"$line\"";
    const Folders folders{.read = {"/usr/lib", "/etc"}, .read_write = {}};
    const Folders with_theirs{.read = {"/usr/lib", "/etc", folder.path()}, .read_write = {}};
    EXPECT_TRUE(becoming(shell, "exit 0", folders));
    EXPECT_FALSE(becoming("/bin/true", "exit 0", folders)) << "the shell is not what was said";
    EXPECT_TRUE(becoming(shell, reads.c_str(), with_theirs));
    EXPECT_FALSE(becoming(shell, reads.c_str(), folders));
    EXPECT_FALSE(becoming(shell, "/bin/true", folders));
    EXPECT_FALSE(becoming(shell, ("echo y > " + (folder / "theirs").string()).c_str(), with_theirs));
}

TEST(OnBus, ItConnectsButStartsNothingAndFindsOnlyItsFolders) {
    SKIP_UNDER_SANITIZERS();
    const ScratchFolder folder;
    const auto on_bus = [&](const Question& question) {
        const pid_t child = ::fork();
        const Folders folders{.read = {}, .read_write = {folder.path()}};
        if (child == 0) ::_exit(confine_on_bus(folders) && question() ? 0 : 1);
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    };
    EXPECT_TRUE(on_bus([] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }));
    EXPECT_TRUE(on_bus([] { return not_permitted(::socket(AF_PACKET, SOCK_RAW, 0)); }));
    EXPECT_TRUE(on_bus([] { return not_permitted(::execl("/bin/true", "true", nullptr)); }));
    EXPECT_TRUE(on_bus([&] { return ::open((folder / "own").c_str(), O_WRONLY | O_CREAT, 0600) >= 0; }));
    EXPECT_TRUE(on_bus([] { return ::open("/etc/passwd", O_RDONLY) == -1 && errno == EACCES; }));
}

TEST(Sensing, OpensNoSocketOfAnyKind) {
    SKIP_UNDER_SANITIZERS();
    for (const int family : {AF_INET, AF_INET6, AF_PACKET, AF_NETLINK, AF_UNIX})
        EXPECT_TRUE(sensing([family] { return not_permitted(::socket(family, SOCK_DGRAM, 0)); })) << family;
}

TEST(Sensing, SendsNothingOnTheCaptureThatItHas) {
    SKIP_UNDER_SANITIZERS();
    const Pair capture;
    const int end = capture.ends[0];
    EXPECT_TRUE(sensing([end] { return not_permitted(::write(end, "x", 1)); }, {end}));
    EXPECT_TRUE(sensing([end] { return not_permitted(::send(end, "x", 1, 0)); }, {end}));
    EXPECT_TRUE(sensing(
        [end] {
            iovec piece{};
            msghdr message{};
            message.msg_iov = &piece;
            message.msg_iovlen = 1;
            return not_permitted(::sendmsg(end, &message, 0));
        },
        {end}));
    EXPECT_TRUE(sensing([end] { return ::pwrite(end, "x", 1, 0) == -1 && errno == ESPIPE; }, {end}));
    EXPECT_TRUE(sensing([end] { return not_permitted(::dup(end)); }, {end}));
    std::array<char, 8> heard{};
    EXPECT_EQ(::recv(capture.ends[1], heard.data(), heard.size(), MSG_DONTWAIT), -1) << "something was sent";
}

TEST(Sensing, StillWritesItsEvents) {
    SKIP_UNDER_SANITIZERS();
    const ScratchFolder folder;
    const Pair capture;
    const int events = ::open((folder / "eve.json").c_str(), O_WRONLY | O_CREAT, 0600);
    ASSERT_GT(events, capture.ends[0]);
    EXPECT_TRUE(sensing([events] { return ::write(events, "{}\n", 3) == 3; }, {capture.ends[0]}));
    ::close(events);
    EXPECT_EQ(std::filesystem::file_size(folder / "eve.json"), 3u);
}

TEST(Sensing, ACaptureInThePlaceOfStandardOutputIsRefused) {
    SKIP_UNDER_SANITIZERS();
    EXPECT_FALSE(sensing([] { return true; }, {STDOUT_FILENO}));
}

TEST(Sensing, OpensFilesOnlyInItsFolder) {
    SKIP_UNDER_SANITIZERS();
    const ScratchFolder folder;
    const ScratchFolder elsewhere;
    std::ofstream{elsewhere / "ward.key"} << "secret";
    const auto rotates = [&] {
        const int made = ::open((folder / "eve.json").c_str(), O_WRONLY | O_CREAT, 0600);
        return made >= 0 && ::rename((folder / "eve.json").c_str(), (folder / "eve.json.1").c_str()) == 0;
    };
    EXPECT_TRUE(sensing(rotates, {}, {{}, {folder.path()}}));
    const auto pries = [&] { return ::open((elsewhere / "ward.key").c_str(), O_RDONLY) == -1; };
    EXPECT_TRUE(sensing(pries, {}, {{}, {folder.path()}}));
}

/// What `question` says in a child that was confined to reading these files.
bool reading(const std::vector<std::filesystem::path>& files, const Question& question) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(confine_reader(files) && question() ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool has_landlock() {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(allow_only_files_in({}) ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status) == 0;
}

TEST(Reading, OpensWhatItWasToldToReadAndNothingElse) {
    SKIP_UNDER_SANITIZERS();
    const ScratchFolder folder;
    std::ofstream{folder / "a.pcap"} << "capture";
    std::ofstream{folder / "ward.key"} << "secret";
    const auto opens = [&](const char* name, int how) {
        return ::open((folder / name).c_str(), how, 0600) >= 0;
    };
    EXPECT_TRUE(reading({folder / "a.pcap"}, [&] { return opens("a.pcap", O_RDONLY); }));
    EXPECT_TRUE(reading({folder / "a.pcap"}, [&] { return ::dup(STDIN_FILENO) >= 0; }));
    if (!has_landlock()) GTEST_SKIP() << "the kernel has no Landlock";
    EXPECT_TRUE(reading({folder / "a.pcap"}, [&] {
        return !opens("ward.key", O_RDONLY) && !opens("a.pcap", O_RDWR) && !opens("new", O_WRONLY | O_CREAT);
    }));
}

TEST(Reading, ReadsAPipeThatTheShellMade) {
    SKIP_UNDER_SANITIZERS();
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const auto name = "/dev/fd/" + std::to_string(ends[0]);
    EXPECT_TRUE(reading({name}, [&] { return ::open(name.c_str(), O_RDONLY) >= 0; }));
    for (const int end : ends) ::close(end);
}

TEST(Reading, OpensNoSocketAndStartsNoProgram) {
    SKIP_UNDER_SANITIZERS();
    EXPECT_TRUE(reading({}, [] { return not_permitted(::socket(AF_INET, SOCK_DGRAM, 0)); }));
    EXPECT_TRUE(reading({}, [] { return not_permitted(::execl("/bin/true", "true", nullptr)); }));
    EXPECT_TRUE(reading({}, [] { return not_permitted(::chown("/tmp", 0, 0)); }));
}

TEST(Sensing, StartsNoProgramAndSignalsNobody) {
    SKIP_UNDER_SANITIZERS();
    EXPECT_TRUE(sensing([] { return not_permitted(::fork()); }));
    EXPECT_TRUE(sensing([] { return not_permitted(::execl("/bin/true", "true", nullptr)); }));
    EXPECT_TRUE(sensing([] { return not_permitted(::kill(::getppid(), 0)); }));
}

TEST(Sensing, MakesThreadsAndMemoryButNoCode) {
    SKIP_UNDER_SANITIZERS();
    EXPECT_TRUE(sensing([] {
        int answer = 0;
        std::jthread{[&answer] { answer = 42; }}.join();
        return answer == 42;
    }));
    const auto maps = [](int protection) {
        return ::mmap(nullptr, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    };
    EXPECT_TRUE(sensing([&] { return maps(PROT_READ | PROT_WRITE) != MAP_FAILED; }));
    EXPECT_TRUE(sensing([&] { return maps(PROT_READ | PROT_EXEC) == MAP_FAILED && errno == EPERM; }));
}

TEST(Sensing, HasNoNetworkAndNoCapabilities) {
    SKIP_UNDER_SANITIZERS();
    if (::geteuid() != 0) GTEST_SKIP() << "a network namespace may need root here";
    EXPECT_TRUE(sensing([] { return not_permitted(::chown("/tmp", 0, 0)); }));
    const pid_t child = ::fork();
    if (child == 0) {
        const bool left = leave_network().has_value();
        // The new namespace has loopback only, and that is down.
        ::_exit(left && ::if_nametoindex("lo") == 1 && ::if_nametoindex("eth0") == 0 ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

}   // namespace
}   // namespace ward::confine
