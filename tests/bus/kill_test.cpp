// SPDX-License-Identifier: Apache-2.0
// A sensor's writer, its publisher, the bus and the store, killed again and again at any moment. Every event
// that the spool accepted is stored once and in order. WARD_KILLS is how often, WARD_SEED makes a run come
// again.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <fmt/format.h>
#include <functional>
#include <gtest/gtest.h>
#include <random>
#include <sys/mman.h>

#include "bus/publisher.hpp"
#include "bus/receiver.hpp"
#include "bus/server_test.hpp"
#include "bus/trouble.hpp"
#include "core/clock.hpp"
#include "core/scratch_folder.hpp"
#include "history/find.hpp"
#include "history/history.hpp"
#include "spool/writer.hpp"

using namespace ward;
using namespace ward::bus;
using namespace std::chrono_literals;

namespace {

/// What the processes tell each other beside the bus, for the test alone.
struct Told {
    std::atomic<Sequence> accepted = 0;   // by the spool, for certain
    std::atomic<Sequence> stored = 0;
    std::atomic<Sequence> stop_at = ~Sequence{0};   // the writer's last
    std::atomic<std::uint64_t> wrong = 0;
    std::chrono::sys_days day = std::chrono::floor<std::chrono::days>(SystemClock{}.now());
};

Told& told() {
    static auto* all = std::construct_at(static_cast<Told*>(
        ::mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)));
    return *all;
}

/// The text and the time tell its number, so that a lost, doubled or altered one shows.
std::string event(Sequence number) {
    const std::chrono::hh_mm_ss time{std::chrono::milliseconds{number}};
    const std::chrono::year_month_day day{told().day};
    return fmt::format(
        R"({{"timestamp":"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}000+0000",)"
        R"("event_type":"flow","check":{}}})",
        static_cast<int>(day.year()), static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
        time.hours().count(), time.minutes().count(), time.seconds().count(), time.subseconds().count(),
        number * 2654435761U % 9973);
}

/// A process of one's own that does one thing until it is killed.
class Victim {
public:
    explicit Victim(std::function<void()> work) : work_(std::move(work)) { start(); }
    ~Victim() { kill(); }
    Victim(const Victim&) = delete;
    Victim& operator=(const Victim&) = delete;

    void start() {
        process_ = ::fork();
        if (process_ != 0) return;
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        work_();
        ::_exit(0);
    }
    void kill() {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }

private:
    std::function<void()> work_;
    pid_t process_ = 0;
};

void write_events(const std::filesystem::path& folder) {
    auto writer = spool::Writer::open(folder, {.segment_bytes = 64 << 10, .sync_every = 50ms}).value();
    auto& all = told();
    if (writer.next() <= all.accepted) ++all.wrong;
    std::minstd_rand dice{static_cast<unsigned>(::getpid())};
    for (;;) {
        std::string lines;
        auto last = writer.next() + dice() % 40;
        last = std::min<Sequence>(last, all.stop_at);
        for (auto number = writer.next(); number <= last; ++number) (lines += event(number)) += '\n';
        if (!writer.append(lines)) ++all.wrong;
        all.accepted = writer.next() - 1;
        pause({}, lines.empty() ? 20ms : 1ms);
    }
}

void publish(const std::filesystem::path& folder, const ServerFiles& files) {
    Publisher{folder, files.for_publisher(), {.patience = 500ms, .connect_every = 50ms}}.run({});
}

void store(const std::filesystem::path& folder, const ServerFiles& files) {
    const SystemClock clock;
    auto history = history::History::open(folder, clock).value();
    const auto append = [&](const PublisherId& publisher, Sequence first,
                            std::string_view text) -> Result<Sequence> {
        std::vector<std::string_view> lines;
        while (!text.empty()) {
            lines.push_back(text.substr(0, text.find('\n')));
            text.remove_prefix(lines.back().size() + 1);
        }
        const auto stored = TRY(history.append({publisher.hex(), first, lines}));
        const auto& counts = history.counts();
        if (counts.missing + counts.refused + counts.misdated > 0) ++told().wrong;
        return told().stored = stored;
    };
    const auto watermark = [&](const PublisherId& publisher) { return history.watermark(publisher.hex()); };
    Receiver{files.for_receiver(), {watermark, append}, {.connect_every = 50ms}}.run({});
}

/// Counts what is stored as it should be, from the last one down to the first.
void check_all(const std::filesystem::path& folder, Sequence last) {
    history::Question question{.limit = history::Question::limit_max};
    for (bool more = true; more;) {
        const auto page = history::find(folder, question, [](auto, const auto&) {}).value();
        ASSERT_TRUE(page.damage.empty());
        for (const auto& hit : page.hits) {
            ASSERT_EQ(hit.place.sequence, last);
            ASSERT_EQ(hit.line, event(last--));
        }
        more = page.more;
        if (more) question.after = page.hits.back().place;
    }
    EXPECT_EQ(last, 0U);
}

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);   // NOLINT(concurrency-mt-unsafe): there are no threads
    return text == nullptr ? otherwise : std::stoull(text);
}

bool comes_to(const std::atomic<Sequence>& count, Sequence wanted) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (count < wanted && std::chrono::steady_clock::now() < deadline) pause({}, 20ms);
    return count >= wanted;
}

TEST(Kills, LoseAndDoubleNothing) {
    if (!is_nats_installed()) GTEST_SKIP() << nats_server << " is not installed";
    const auto kills = number_from("WARD_KILLS", 200);
    const auto seed = number_from("WARD_SEED", std::random_device{}());
    std::printf("%llu kills, WARD_SEED=%llu\n", static_cast<unsigned long long>(kills),
                static_cast<unsigned long long>(seed));
    auto& all = told();   // made before there are others
    std::mt19937_64 dice{seed};
    const ScratchFolder folder;
    for (const auto* name : {"bus", "spool", "events"}) std::filesystem::create_directory(folder / name);
    RunningServer server{folder / "bus"};
    Victim writer{[&] { write_events(folder / "spool"); }};
    Victim publisher{[&] { publish(folder / "spool", server.files()); }};
    Victim receiver{[&] { store(folder / "events", server.files()); }};
    std::array<std::uint64_t, 5> killed{};
    for (std::uint64_t kill = 0; kill < kills; ++kill) {
        pause({}, std::chrono::milliseconds{dice() % 400});
        const auto which = dice() % killed.size();
        ++killed[which];
        if (which >= 3) {
            server.kill();
            // Nothing of it is left, not even who may come in.
            if (which == 4) std::filesystem::remove_all(folder / "bus");
            std::filesystem::create_directory(folder / "bus");
            server.start();
            continue;
        }
        auto& victim = *std::array{&writer, &publisher, &receiver}[which];
        victim.kill();
        victim.start();
    }
    const auto under_kills = all.stored.load();
    all.stop_at = all.accepted + 1000;
    ASSERT_TRUE(comes_to(all.accepted, all.stop_at)) << all.accepted << " of " << all.stop_at;
    ASSERT_TRUE(comes_to(all.stored, all.stop_at)) << all.stored << " of " << all.stop_at;
    std::printf(
        "killed: writer %llu, publisher %llu, receiver %llu, bus %llu, wiped %llu; %llu events, of which "
        "%llu were stored between kills\n",
        static_cast<unsigned long long>(killed[0]), static_cast<unsigned long long>(killed[1]),
        static_cast<unsigned long long>(killed[2]), static_cast<unsigned long long>(killed[3]),
        static_cast<unsigned long long>(killed[4]), static_cast<unsigned long long>(all.stored),
        static_cast<unsigned long long>(under_kills));
    EXPECT_GT(under_kills, kills);
    EXPECT_EQ(all.wrong, 0U);
    check_all(folder / "events", all.stop_at);
}

}   // namespace
