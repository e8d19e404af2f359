// SPDX-License-Identifier: Apache-2.0
// A sensor's writer, its publisher, the bus and the store, killed again and again at any moment. Every event
// that the spool accepted is stored once and in order. WARD_KILLS is how often, WARD_SEED makes a run come
// again.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <sys/mman.h>

#include "bus/publisher.hpp"
#include "bus/receiver.hpp"
#include "bus/server_test.hpp"
#include "bus/trouble.hpp"
#include "core/scratch_folder.hpp"
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
};

Told& shared() {
    static auto* told = std::construct_at(static_cast<Told*>(
        ::mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)));
    return *told;
}

/// The text tells its number, so that a lost, doubled or altered one shows.
std::string event(Sequence number) {
    return fmt::format("{{\"event_type\":\"flow\",\"number\":{},\"check\":{}}}\n", number,
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
    auto& told = shared();
    if (writer.next() <= told.accepted) ++told.wrong;
    std::minstd_rand dice{static_cast<unsigned>(::getpid())};
    for (;;) {
        std::string lines;
        auto last = writer.next() + dice() % 40;
        last = std::min<Sequence>(last, told.stop_at);
        for (auto number = writer.next(); number <= last; ++number) lines += event(number);
        if (!writer.append(lines)) ++told.wrong;
        told.accepted = writer.next() - 1;
        pause({}, lines.empty() ? 20ms : 1ms);
    }
}

void publish(const std::filesystem::path& folder, const ServerFiles& files) {
    Publisher{folder, files.for_publisher(), {.patience = 500ms, .connect_every = 50ms}}.run({});
}

/// Lines in a file: the line's place is its number.
class LineFile {
public:
    explicit LineFile(std::filesystem::path path) : path_(std::move(path)) {
        std::ifstream in{path_, std::ios::binary};
        std::uint64_t bytes = 0;
        for (std::string line; std::getline(in, line) && !in.eof(); ++lines_) bytes += line.size() + 1;
        file_ = UniqueFd{::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
        WARD_ASSERT(::ftruncate(file_.get(), static_cast<off_t>(bytes)) == 0);
        WARD_ASSERT(::lseek(file_.get(), 0, SEEK_END) == static_cast<off_t>(bytes));
    }

    Sink sink() {
        return {[this](const PublisherId&) -> Result<Sequence> { return lines_; },
                [this](const PublisherId&, Sequence first, std::string_view lines) -> Result<Sequence> {
                    if (first != lines_ + 1) ++shared().wrong;
                    WARD_ASSERT(::write(file_.get(), lines.data(), lines.size()) ==
                                static_cast<ssize_t>(lines.size()));
                    WARD_ASSERT(::fdatasync(file_.get()) == 0);
                    lines_ += static_cast<Sequence>(std::ranges::count(lines, '\n'));
                    shared().stored = lines_;
                    return lines_;
                }};
    }

private:
    std::filesystem::path path_;
    UniqueFd file_;
    Sequence lines_ = 0;
};

void store(const std::filesystem::path& path, const ServerFiles& files) {
    LineFile file{path};
    Receiver{files.for_receiver(), file.sink(), {.connect_every = 50ms}}.run({});
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
    auto& told = shared();   // made before there are others
    std::mt19937_64 dice{seed};
    const ScratchFolder folder;
    for (const auto* name : {"bus", "spool"}) std::filesystem::create_directory(folder / name);
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
    const auto under_kills = told.stored.load();
    told.stop_at = told.accepted + 1000;
    ASSERT_TRUE(comes_to(told.accepted, told.stop_at)) << told.accepted << " of " << told.stop_at;
    ASSERT_TRUE(comes_to(told.stored, told.stop_at)) << told.stored << " of " << told.stop_at;
    std::printf(
        "killed: writer %llu, publisher %llu, receiver %llu, bus %llu, wiped %llu; %llu events, of which "
        "%llu were stored between kills\n",
        static_cast<unsigned long long>(killed[0]), static_cast<unsigned long long>(killed[1]),
        static_cast<unsigned long long>(killed[2]), static_cast<unsigned long long>(killed[3]),
        static_cast<unsigned long long>(killed[4]), static_cast<unsigned long long>(told.stored),
        static_cast<unsigned long long>(under_kills));
    EXPECT_GT(under_kills, kills);
    EXPECT_EQ(told.wrong, 0U);
    std::ifstream stored{folder / "events", std::ios::binary};
    Sequence number = 0;
    for (std::string line; std::getline(stored, line);) ASSERT_EQ(line + '\n', event(++number));
    EXPECT_EQ(number, told.stop_at);
}

}   // namespace
