// SPDX-License-Identifier: Apache-2.0
// From a sensor's spool over the bus into the store of events, each in a process of its own.
//   bus_load EVENTS COUNT      (EVENTS of one day of the lab; `./dev bench bus` makes them)
// Budget: 100,000 events/s of some 500 bytes on two cores, which is 20 us of a core for each, all processes
// together; of these the store takes the half.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fmt/format.h>
#include <functional>
#include <sys/mman.h>
#include <sys/resource.h>

#include "bus/publisher.hpp"
#include "bus/receiver.hpp"
#include "bus/server_test.hpp"
#include "bus/trouble.hpp"
#include "core/scratch_folder.hpp"
#include "events_made.hpp"
#include "history/history.hpp"
#include "spool/writer.hpp"

namespace ward::bench {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::chrono::sys_days begin{std::chrono::year{2026} / 11 / 1};
constexpr std::chrono::days over{1};
constexpr std::size_t events_a_text = 128;   // 64 KiB, as the sensor hands them over

/// For all processes.
struct Shared {
    std::atomic<std::uint64_t> stored = 0;
    std::atomic<std::uint64_t> bytes = 0;
    std::atomic<std::uint64_t> spool_us = 0;   // of a core, for filling it
    std::atomic<bool> begun = false;
};

Shared& shared() {
    static auto* all = std::construct_at(static_cast<Shared*>(
        ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)));
    return *all;
}

double seconds(const rusage& used) {
    const auto of = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return of(used.ru_utime) + of(used.ru_stime);
}

double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return seconds(used);
}

pid_t in_process(const std::function<void()>& work) {
    const auto process = ::fork();
    WARD_ASSERT(process >= 0);
    if (process != 0) return process;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    work();
    ::_exit(0);
}

double end(pid_t process) {
    rusage used{};
    ::kill(process, SIGKILL);
    ::wait4(process, nullptr, 0, &used);
    return seconds(used);
}

void fill(const std::filesystem::path& folder, const std::string& day, std::uint64_t count) {
    MadeEvents made{day, count, begin, over};
    auto writer = spool::Writer::open(folder).value();
    shared().begun = true;
    double cpu = 0;
    std::uint64_t bytes = 0;
    for (std::string text;; text.clear()) {
        const auto& lines = made.next(events_a_text);
        if (lines.empty()) break;
        for (const auto line : lines) (text += line) += '\n';
        const auto before = cpu_seconds();
        WARD_ASSERT(writer.append(text).has_value());
        cpu += cpu_seconds() - before;
        bytes += text.size();
    }
    WARD_ASSERT(writer.sync().has_value());
    shared().bytes = bytes;
    shared().spool_us = static_cast<std::uint64_t>(cpu * 1e6);
    ::pause();   // the spool belongs to it
}

void store(const std::filesystem::path& folder, const bus::ServerFiles& files) {
    const ManualClock clock{begin + over};
    auto history = history::History::open(folder, clock).value();
    std::vector<std::string_view> lines;
    const auto append = [&](const bus::PublisherId& publisher, bus::Sequence first,
                            std::string_view text) -> Result<bus::Sequence> {
        lines.clear();
        while (!text.empty()) {
            const auto line_end = text.find('\n');
            lines.push_back(text.substr(0, line_end));
            text.remove_prefix(line_end + 1);
        }
        const auto watermark = TRY(history.append({publisher.hex(), first, lines}));
        shared().stored = history.counts().stored;
        return watermark;
    };
    const auto watermark = [&](const bus::PublisherId& publisher) {
        return history.watermark(publisher.hex());
    };
    bus::Receiver{files.for_receiver(), {watermark, append}}.run({});
}

void measure(const std::string& day, std::uint64_t count) {
    const ScratchFolder folder;
    for (const auto* name : {"bus", "spool", "events"}) std::filesystem::create_directory(folder / name);
    auto& all = shared();
    bus::RunningServer server{folder / "bus"};
    const auto receiver = in_process([&] { store(folder / "events", server.files()); });
    const auto publisher = in_process([&] {
        bus::Publisher{folder / "spool", server.files().for_publisher()}.run({});
    });
    const auto writer = in_process([&] { fill(folder / "spool", day, count); });
    while (!all.begun) bus::pause({}, std::chrono::milliseconds{1});
    const auto start = Steady::now();
    while (all.stored < count) bus::pause({}, std::chrono::milliseconds{5});
    const std::chrono::duration<double> took = Steady::now() - start;
    server.kill();
    const auto events = static_cast<double>(count);
    const auto each = [events](double cpu) { return cpu / events * 1e6; };
    const auto making = each(end(writer)), sending = each(end(publisher)), storing = each(end(receiver));
    rusage children{};
    ::getrusage(RUSAGE_CHILDREN, &children);
    const auto spooling = static_cast<double>(all.spool_us) / events;
    const auto on_bus = each(seconds(children)) - making - sending - storing;
    fmt::print("{} events of {:.0f} bytes, stored after {:.1f} s: {:.0f} events/s\n", count,
               static_cast<double>(all.bytes) / events, took.count(), events / took.count());
    fmt::print(
        "us of a core for each: spool {:.2f}, publisher {:.2f}, nats-server {:.2f}, receiver and store "
        "{:.2f}; sum {:.2f}, and {:.2f} for making them up\n",
        spooling, sending, on_bus, storing, spooling + sending + on_bus + storing, making - spooling);
}

}   // namespace
}   // namespace ward::bench

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    ward::bench::measure(argv[1], std::stoull(argv[2]));
}
