// SPDX-License-Identifier: Apache-2.0
// The store of events: what storing costs, and how long a hunt waits for its first page.
//   events EVENTS COUNT FOLDER      (EVENTS of one day of the lab; `./dev bench events` makes them)
// Budgets: 100,000 events/s on one core (10 us each); a first page in a second, over 30 days and 150 M
// events.
#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <map>
#include <sys/resource.h>
#include <unistd.h>

#include "core/assert.hpp"
#include "core/scratch_folder.hpp"
#include "core/text.hpp"
#include "events_made.hpp"
#include "history/find.hpp"
#include "history/history.hpp"
#include "history/indexed.hpp"

namespace ward::bench {
namespace {

using namespace history;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::days over{30};
constexpr std::chrono::sys_days begin{std::chrono::year{2026} / 11 / 1};
constexpr std::size_t sampled = 101;   // one of so many events, for values to ask for

/// Of each indexed field, how often values were seen.
using Values = std::map<std::string_view, std::map<std::string, std::uint64_t>>;

double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double seconds_since(Steady::time_point start) {
    return std::chrono::duration<double>(Steady::now() - start).count();
}

void sample(std::string_view line, Values& values) {
    const auto event = json::Document::parse(std::string{line});
    WARD_ASSERT(event);
    for (const auto& field : indexed_fields())
        each_value(event->root(), field.path, [&](json::Value value) {
            if (auto text = canonical(value)) ++values[field.path][std::move(*text)];
            return true;
        });
}

std::uint64_t bytes_in(const std::filesystem::path& folder) {
    std::uint64_t bytes = 0;
    for (const auto& file : std::filesystem::directory_iterator{folder}) bytes += file.file_size();
    return bytes;
}

Values store(const std::string& day, std::uint64_t count, std::size_t batch,
             const std::filesystem::path& folder) {
    MadeEvents made{day, count, begin, over};
    const ManualClock clock{begin + over};
    auto history = History::open(folder, clock);
    WARD_ASSERT(history);
    Values values;
    std::uint64_t sequence = 1, bytes = 0;
    double cpu = 0, longest = 0;
    const auto start = Steady::now();
    double waited = 0;
    for (;;) {
        const auto& lines = made.next(batch);
        if (lines.empty()) break;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            bytes += lines[i].size();
            if ((sequence + i) % sampled == 0) sample(lines[i], values);
        }
        const auto cpu_before = cpu_seconds();
        const auto before = Steady::now();
        WARD_ASSERT(history->append({.publisher = "bench", .first_sequence = sequence, .lines = lines}));
        cpu += cpu_seconds() - cpu_before;
        const auto took = seconds_since(before);
        waited += took;
        longest = std::max(longest, took);
        sequence += lines.size();
    }
    const auto events = static_cast<double>(history->counts().stored);
    fmt::print(
        "{} events of {:.0f} bytes in batches of {}: {:.0f} events/s a core, {:.0f} events/s with its "
        "disk, longest batch {:.2f} s, whole run {:.0f} s\n",
        history->counts().stored, static_cast<double>(bytes) / events, batch, events / cpu, events / waited,
        longest, seconds_since(start));
    WARD_ASSERT(history->counts().stored == count);
    return values;
}

/// What was read before is read from the disk again.
void forget_pages(const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
        ::fdatasync(file);
        ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
        ::close(file);
    }
}

struct Answer {
    double seconds = 0;
    std::size_t hits = 0;
    std::uint64_t blocks = 0;
};

Answer ask(const std::filesystem::path& folder, const std::string& query) {
    auto filter = parse_filter(query);
    WARD_ASSERT(filter);
    const auto start = Steady::now();
    const auto page = find(folder, {.filter = std::move(*filter)}, [](DayOfEvents, const Effort&) {});
    WARD_ASSERT(page && page->damage.empty());
    return {seconds_since(start), page->hits.size(), page->effort.blocks};
}

/// Cold, then again; the worst of each column is told at the end.
class Table {
public:
    explicit Table(std::filesystem::path folder) : folder_(std::move(folder)) {}

    void row(std::string_view path, const char* kind, const std::string& value) {
        const auto query = fmt::format("{} = \"{}\"", path, escaped(value));
        forget_pages(folder_);
        const auto cold = ask(folder_, query);
        const auto warm = ask(folder_, query);
        worst_cold_ = std::max(worst_cold_, cold.seconds);
        worst_warm_ = std::max(worst_warm_, warm.seconds);
        fmt::print("{:<20} {:<7} {:>5} hits {:>6} blocks {:>8.1f} ms cold {:>8.1f} ms warm\n", path, kind,
                   cold.hits, cold.blocks, cold.seconds * 1e3, warm.seconds * 1e3);
        std::fflush(stdout);
    }
    void finish() const {
        fmt::print("worst: {:.0f} ms cold, {:.0f} ms warm\n", worst_cold_ * 1e3, worst_warm_ * 1e3);
    }

private:
    static std::string escaped(std::string_view value) {
        std::string out;
        for (const char c : value) {
            if (c == '"' || c == '\\' || c == '*') out += '\\';
            out += c;
        }
        return out;
    }

    std::filesystem::path folder_;
    double worst_cold_ = 0;
    double worst_warm_ = 0;
};

/// Of the same shape as one that exists.
std::string absent(std::string value) {
    for (auto& c : value)
        if (c >= '1' && c <= '8') c = static_cast<char>(c + 1);
    return value + "7";
}

void hunt(const std::filesystem::path& folder, const Values& values) {
    Table table{folder};
    for (const auto& [path, counts] : values) {
        const auto by_count = [](const auto& one) { return one.second; };
        const auto rare = std::ranges::min_element(counts, {}, by_count);
        const auto common = std::ranges::max_element(counts, {}, by_count);
        table.row(path, "rare", rare->first);
        table.row(path, "common", common->first);
        table.row(path, "absent", parse_ip_address(rare->first) ? "203.0.114.77" : absent(rare->first));
    }
    table.finish();
}

int run(const std::string& day, std::uint64_t count, const std::filesystem::path& folder) {
    const auto values = store(day, count, 8'192, folder);
    fmt::print("{:.1f} bytes an event on disk\n",
               static_cast<double>(bytes_in(folder)) / static_cast<double>(count));
    hunt(folder, values);
    const ScratchFolder small_batches{folder};
    store(day, std::min<std::uint64_t>(count, 500'000), 512, small_batches.path());
    return 0;
}

}   // namespace
}   // namespace ward::bench

int main(int argc, char** argv) {
    const auto count = argc == 4 ? ward::number(argv[2]) : std::nullopt;
    if (!count) {
        std::fprintf(stderr, "usage: events EVENTS COUNT FOLDER\n");
        return 2;
    }
    const ward::ScratchFolder folder{argv[3]};
    return ward::bench::run(argv[1], *count, folder.path());
}
