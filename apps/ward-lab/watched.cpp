// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-lab/watched.hpp"

#include <array>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <vector>

extern char** environ;   // NOLINT: POSIX wants it declared by its users

namespace ward::lab {
namespace {

struct Pipe {
    UniqueFd read;
    UniqueFd write;
};

Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return fail(Errc::unavailable, fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    return Pipe{UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

struct Streams {
    int in;
    int out;
};

/// A program that stands beside this one.
Result<pid_t> start_sibling(const std::string& name, std::vector<std::string> words, Streams streams) {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    auto path = (self.parent_path() / name).string();
    std::vector<char*> arguments{path.data()};
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, streams.in, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, streams.out, STDOUT_FILENO);
    pid_t child = 0;
    const int refusal = ::posix_spawn(&child, path.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (refusal != 0)
        return fail(Errc::unavailable, fmt::format("cannot start {}: {}", path, std::strerror(refusal)));
    return child;
}

bool ends_well(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}   // namespace

Result<Watched> Watched::start(const std::filesystem::path& folder) {
    const auto frames = folder / "network.pcap";
    if (!std::filesystem::exists(frames))
        return fail(Errc::not_found, fmt::format("{} is not there: was {} made by `ward lab make`?",
                                                 frames.string(), folder.string()));
    const UniqueFd nothing{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    auto events = TRY(make_pipe());
    auto found = TRY(make_pipe());
    const auto sensor =
        TRY(start_sibling("ward-sensor", {"read", frames.string()}, {nothing.get(), events.write.get()}));
    const auto watch = TRY(
        start_sibling("ward-watch", {"read", "-", "--seed", "1"}, {events.read.get(), found.write.get()}));
    return Watched{sensor, watch, std::move(found.read)};
}

std::filesystem::path Watched::findings() const { return fmt::format("/dev/fd/{}", findings_.get()); }

Result<> Watched::finish() {
    findings_ = {};
    const bool is_read = ends_well(sensor_), is_watched = ends_well(watch_);
    if (is_read && is_watched) return {};
    return fail(Errc::unavailable,
                // A sensor that nobody listens to any more ends too.
                fmt::format("{} did not come to its end", is_watched ? "ward-sensor" : "ward-watch"));
}

}   // namespace ward::lab
