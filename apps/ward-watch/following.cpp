// SPDX-License-Identifier: Apache-2.0
// `follow`: what other sensors of this machine tell goes into a spool, from which ward-courier takes it.
#include "apps/ward-watch/following.hpp"

#include <csignal>
#include <poll.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>

#include "apps/ward-watch/keep.hpp"
#include "core/log.hpp"
#include "follow/follower.hpp"

namespace ward::watch {
namespace {

constexpr std::chrono::milliseconds files_looked_at_every{200};
constexpr std::chrono::seconds tried_again_after{2};
constexpr std::uint64_t mib = 1U << 20U;

/// The folder of that file, or the nearest one above it that is there: whoever writes may make the others.
std::filesystem::path folder_of(const std::filesystem::path& file) {
    auto folder = file.parent_path();
    std::error_code error;
    while (folder.has_relative_path() && !std::filesystem::exists(folder, error))
        folder = folder.parent_path();
    return folder;
}

/// Those of sources, since files that were put aside are beside them, and sockets are made there.
confine::Folders folders_of(const std::vector<follow::Source>& sources, const std::string& spool) {
    confine::Folders folders{.read = {}, .read_write = {spool}};
    for (const auto& source : sources)
        (source.door ? folders.read_write : folders.read).push_back(folder_of(source.path));
    return folders;
}

/// Tells once that something is wrong, and once that it is over.
class Trouble {
public:
    void tell(const Result<bool>& done) {
        if (!done && !is_told_) log::error("events are not followed", {{"reason", done.error().what}});
        if (done && is_told_) log::info("events are followed again", {});
        is_told_ = !done;
    }

private:
    bool is_told_ = false;
};

/// False once it is to stop.
bool wait(int stop, const follow::Follower& follower, std::chrono::milliseconds patience) {
    std::vector<pollfd> waited_for{{stop, POLLIN, 0}};
    for (const auto socket : follower.waited_for()) waited_for.push_back({socket, POLLIN, 0});
    ::poll(waited_for.data(), waited_for.size(), static_cast<int>(patience.count()));
    return waited_for.front().revents == 0;
}

bool is_told_to_stop(int stop, std::chrono::milliseconds patience) {
    pollfd stopping{stop, POLLIN, 0};
    return ::poll(&stopping, 1, static_cast<int>(patience.count())) > 0;
}

void follow_until(int stop, follow::Follower& follower) {
    Trouble trouble;
    for (bool goes_on = true; goes_on;) {
        const auto done = follower.step();
        trouble.tell(done);
        goes_on = done ? wait(stop, follower, *done ? std::chrono::milliseconds{0} : files_looked_at_every)
                       : !is_told_to_stop(stop, tried_again_after);
    }
    trouble.tell(follower.step());   // what came before it was told to stop
}

}   // namespace

Result<> follow_sensors(const CommandOptions& options) {
    std::vector<follow::Source> sources;
    for (const auto& text : options.files) sources.push_back(TRY(follow::parse_source(text)));
    sigset_t stops;
    sigemptyset(&stops);
    for (const int signal : {SIGINT, SIGTERM}) sigaddset(&stops, signal);
    ::pthread_sigmask(SIG_BLOCK, &stops, nullptr);
    const UniqueFd stop{::signalfd(-1, &stops, SFD_CLOEXEC)};
    if (options.with_parent) ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    TRY(confine_to(folders_of(sources, options.spool)));
    auto follower =
        TRY(follow::Follower::open(sources, options.spool, foreign::sensor_named(options.from),
                                   {.bytes_max = static_cast<std::uint64_t>(options.spool_mib) * mib}));
    log::info("other sensors are followed", {{"spool", options.spool}});
    follow_until(stop.get(), follower);
    const auto counts = follower.counts();
    log::info("stopped", {{"events", counts.events},
                          {"suricata", counts.foreign.suricata},
                          {"zeek", counts.foreign.zeek},
                          {"left_out", counts.foreign.left_out},
                          {"refused", counts.foreign.refused},
                          {"too_long", counts.too_long}});
    return {};
}

}   // namespace ward::watch
