// SPDX-License-Identifier: Apache-2.0
// The sensor on captures, stage by stage, in CPU time (user and system) of one thread.
//   sensor_load CAPTURE.pcap…      (unpacked; the best of seven runs of each stage counts)
// Budgets: 1.2 M packets/s on a hospital's traffic (830 ns each, the file's reading and the events' writing
// included), 600 k on the mixed captures, which are all short flows (1,670 ns each); memory below 100 MiB.
#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <functional>
#include <sys/resource.h>
#include <unistd.h>

#include "capture/file_reader.hpp"
#include "core/assert.hpp"
#include "core/scratch_folder.hpp"
#include "sensor/eve.hpp"
#include "sensor/replay.hpp"

namespace ward::sensor {
namespace {

constexpr int runs = 7;

double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double best_of(const std::function<void()>& stage) {
    double best = 1e9;
    for (int i = 0; i < runs; ++i) {
        const auto before = cpu_seconds();
        stage();
        best = std::min(best, cpu_seconds() - before);
    }
    return best;
}

void each_frame(const std::string& path, const std::function<void(const wire::Frame&)>& take) {
    auto reader = capture::FileReader::open(path);
    WARD_ASSERT(reader.has_value());
    wire::Frame frame;
    while (reader->next(frame).value_or(false)) take(frame);
}

ReplayCounts replay(const std::string& path, Format format, const Write& write) {
    Replay replay{{}, format, write};
    WARD_ASSERT(replay.read(path).has_value());
    WARD_ASSERT(replay.finish().has_value());
    return replay.counts();
}

void measure(const std::string& path) {
    const auto nothing = [](std::string_view) -> Result<> { return {}; };
    const auto read = best_of([&] { each_frame(path, [](const wire::Frame&) {}); });
    const auto layers = best_of([&] {
        Unwrapper unwrapper;
        each_frame(path, [&](const wire::Frame& frame) {
            unwrapper.frame(
                frame, 1, [](const Sighting&) {}, [](const event::Event&) {});
        });
    });
    const auto flows = best_of([&] {
        replay(
            path, [](std::string&, const event::Event&) {}, nothing);
    });
    const auto json = best_of([&] { replay(path, append_eve, nothing); });
    const ScratchFolder folder;
    ReplayCounts counts;
    const auto all = best_of([&] {
        const int out = ::open((folder / "eve.json").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        counts = replay(path, append_eve, [out](std::string_view text) -> Result<> {
            WARD_ASSERT(::write(out, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
            return {};
        });
        ::close(out);
    });
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);

    const auto frames = static_cast<double>(counts.unwrap.frames);
    std::uint64_t events = 0;
    for (const auto& [type, count] : counts.events) events += count;
    std::printf("%s: %.0f packets, %llu flows, %llu events\n", path.c_str(), frames,
                static_cast<unsigned long long>(counts.engine.flows),
                static_cast<unsigned long long>(events));
    std::printf("  %12.0f packets/s  %.0f MB/s  %.0f flows/s  %ld MiB at most\n", frames / all,
                static_cast<double>(counts.unwrap.bytes) / all / 1e6,
                static_cast<double>(counts.engine.flows) / all, used.ru_maxrss / 1024);
    const auto stage = [&](const char* name, double seconds) {
        std::printf("  %-34s %6.1f ms  %5.0f ns a packet\n", name, seconds * 1e3, seconds / frames * 1e9);
    };
    stage("reading the file", read);
    stage("layers, tunnels, fragments", layers - read);
    stage("flows, streams, protocols", flows - layers);
    stage("JSON", json - flows);
    stage("writing", all - json);
    stage("all", all);
}

}   // namespace
}   // namespace ward::sensor

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: sensor_load CAPTURE.pcap…\n");
        return 2;
    }
    for (int i = 1; i < argc; ++i) ward::sensor::measure(argv[i]);
    return 0;
}
