// SPDX-License-Identifier: Apache-2.0
// All detectors at the size of a large hospital: how many events a core takes, and the memory of what is
// known.
//   watch_load EVENTS [COUNT]      (EVENTS of one day of the lab; `./dev bench watch` makes them)
// Budget: 50,000 events/s a core (20 us each) at 20,000 devices and 5,000 accounts.
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>
#include <unordered_set>

#include "core/assert.hpp"
#include "events_made.hpp"
#include "watch/watch.hpp"

namespace ward::bench {
namespace {

constexpr std::uint64_t networks = 24;
constexpr std::chrono::sys_days begin{std::chrono::year{2026} / 11 / 2};
constexpr std::size_t batch = 10'000;

double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec) + static_cast<double>(used.ru_utime.tv_usec) / 1e6 +
           static_cast<double>(used.ru_stime.tv_sec) + static_cast<double>(used.ru_stime.tv_usec) / 1e6;
}

double resident_megabytes() {
    std::ifstream statm{"/proc/self/statm"};
    double all = 0, resident = 0;
    statm >> all >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

std::uint64_t lines_of(const std::string& file) {
    std::ifstream lines{file, std::ios::binary};
    return static_cast<std::uint64_t>(
        std::count(std::istreambuf_iterator<char>{lines}, std::istreambuf_iterator<char>{}, '\n'));
}

/// The different values behind a key.
class Different {
public:
    explicit Different(std::string_view mark) : mark_(mark) {}
    void look(std::string_view line) {
        for (auto at = line.find(mark_); at != line.npos; at = line.find(mark_, at + 1)) {
            const auto value = line.substr(at + mark_.size());
            all_.emplace(value.substr(0, value.find('"')));
        }
    }
    std::size_t size() const { return all_.size(); }

private:
    std::string_view mark_;
    std::unordered_set<std::string> all_;
};

void run(const std::string& day, std::uint64_t count) {
    if (count == 0) count = networks * lines_of(day);
    MadeEvents made{day,
                    count,
                    begin,
                    std::chrono::days{1},
                    {.networks = networks, .order = MadeEvents::Layout::Order::beside}};
    Different hosts{R"("src_ip":"10.)"}, accounts{R"("user":")"};
    const auto memory = resident_megabytes();
    const auto watch = std::make_unique<watch::Watch>(0x5741'5244);
    double cpu = 0;
    std::uint64_t taken = 0;
    for (;;) {
        const auto& lines = made.next(batch);
        if (lines.empty()) break;
        for (const auto line : lines) {
            hosts.look(line);
            accounts.look(line);
        }
        const auto before = cpu_seconds();
        for (const auto line : lines) watch->take(line);
        cpu += cpu_seconds() - before;
        taken += lines.size();
    }
    const auto counts = watch->counts();
    WARD_ASSERT(counts.events == count && counts.refused == 0);
    fmt::print(
        "{} events of {} hosts and {} accounts in a day: {:.0f} events/s a core, {:.0f} MB more than before, "
        "{} findings, {} hosts forgotten\n",
        taken, hosts.size(), accounts.size(), static_cast<double>(taken) / cpu, resident_megabytes() - memory,
        counts.findings, counts.forgotten_hosts);
}

}   // namespace
}   // namespace ward::bench

int main(int argc, char** argv) {
    if (argc != 2 && argc != 3) {
        fmt::print(stderr, "usage: watch_load EVENTS [COUNT]\n");
        return 2;
    }
    ward::bench::run(argv[1], argc == 3 ? std::stoull(argv[2]) : 0);
}
