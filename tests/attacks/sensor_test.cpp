// SPDX-License-Identifier: Apache-2.0
// The sensor as Ward runs it: beside the rest, started again when it dies, or watched by somebody else.
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "core/scratch_folder.hpp"
#include "spool/reader.hpp"
#include "tests/attacks/attack.hpp"
#include "tests/running_ward.hpp"

namespace ward::attacks {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

bool may_capture() {
    const int socket = ::socket(AF_PACKET, SOCK_RAW, 0);
    if (socket >= 0) ::close(socket);
    return socket >= 0;
}

std::size_t count_of(std::string_view text, std::string_view what) {
    std::size_t count = 0;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++count;
    return count;
}

class Sensor : public testing::Test {
protected:
    Sensor() { make_cheap_key_file(folder_ / "ward"); }

    std::string log() const { return read_whole(folder_ / "log"); }
    std::string config(std::string_view interface) const {
        const auto path = folder_ / "ward.toml";
        std::ofstream{path} << fmt::format("[data]\npath = \"{}\"\n[sensor]\ninterface = \"{}\"\n",
                                           data().string(), interface);
        return path;
    }
    fs::path data() const { return folder_ / "ward" / "data"; }
    fs::path spool() const { return data() / "sensor" / "spool"; }
    std::uintmax_t spooled_bytes() const {
        std::uintmax_t bytes = 0;
        for (const auto& file : fs::directory_iterator{spool()})
            if (file.path().extension() == ".events") bytes += file.file_size();
        return bytes;
    }
    std::string spooled() const {
        std::string text;
        spool::Reader reader{spool()};
        const auto chunk = reader.next().value();
        for (Bytes rest = chunk.records; !rest.empty();) {
            const auto record = std::get<Decoded<spool::Record>>(spool::decode_record(rest));
            text += spool::unpack(record.message).value();
            rest = rest.subspan(record.consumed);
        }
        return text;
    }
    WardOptions options(std::string_view interface) const {
        return {.programs = programs_folder(),
                .folder = folder_ / "ward",
                .log = folder_ / "log",
                .arguments = {"--config", config(interface)}};
    }
    std::unique_ptr<Program> only_sensor(std::string_view interface) const {
        return std::make_unique<Program>(
            std::vector<std::string>{(programs_folder() / "ward").string(), "run", "--config",
                                     config(interface), "--only", "sensor"},
            folder_ / "log");
    }
    /// Until the log says it so often. Nothing tells but the log.
    bool said(std::string_view what, std::size_t times) const {
        for (int i = 0; i < 3000; ++i) {
            if (count_of(log(), what) >= times) return true;
            ::poll(nullptr, 0, 10);
        }
        return false;
    }
    /// Until the store has said that it has so many more of its events. Its statistics come each ten seconds.
    bool stores_more_than(std::uint64_t stored) const {
        for (int i = 0; i < 6000; ++i) {
            const auto filling = spool::filling_of(spool());
            if (filling && filling->stored > stored) return true;
            ::poll(nullptr, 0, 10);
        }
        return false;
    }
    pid_t server() const { return process_with("--config", (data() / "bus" / "nats.conf").string()); }
    /// The sensor that writes into this test's folder; the courier names it, too.
    pid_t process() const { return process_with("--spool-mib", spool().string()); }
    static pid_t process_with(const char* option, const std::string& path) {
        for (const auto& entry : fs::directory_iterator{"/proc"}) {
            const auto words = read_whole(entry.path() / "cmdline");
            if (words.find(option) != std::string::npos && words.find(path) != std::string::npos)
                return static_cast<pid_t>(std::stoi(entry.path().filename().string()));
        }
        return 0;
    }

    const ScratchFolder folder_;
};

TEST_F(Sensor, RunsBesideTheRestAndIsStartedAgainWhenItDies) {
    if (!may_capture()) GTEST_SKIP() << "no CAP_NET_RAW";
    const auto ward = RunningWard::start(options("lo"));
    ASSERT_TRUE(ward) << ward.error().what;
    ASSERT_TRUE(said("\"listening\"", 1)) << log();
    const auto first = process();
    ASSERT_GT(first, 0);
    ::kill(first, SIGKILL);
    ASSERT_TRUE(said("\"listening\"", 2)) << log();
    EXPECT_THAT(log(), HasSubstr("signal 9"));
    EXPECT_NE(process(), first);
    (*ward)->stop();
    EXPECT_EQ(process(), 0);
    EXPECT_GT(spooled_bytes(), 100u) << "the end of its flows, at least its statistics";
}

TEST_F(Sensor, TellsTheStoreAlsoAfterTheBusWasKilled) {
    if (!may_capture()) GTEST_SKIP() << "no CAP_NET_RAW";
    if (!fs::exists("/usr/sbin/nats-server")) GTEST_SKIP() << "no nats-server";
    const auto ward = RunningWard::start(options("lo"));
    ASSERT_TRUE(ward) << ward.error().what;
    ASSERT_TRUE(stores_more_than(0)) << log();
    const auto bus = server();
    ASSERT_GT(bus, 0);
    for (const auto* secret : {"bus/nats.conf", "bus/publisher/credentials", "bus/receiver/credentials"}) {
        struct stat about {};
        EXPECT_EQ(::stat((data() / secret).c_str(), &about), 0) << secret;
        EXPECT_EQ(about.st_mode & 0777U, 0600u) << secret;
    }
    const auto before = spool::filling_of(spool()).value().stored;
    ::kill(bus, SIGKILL);
    ASSERT_TRUE(stores_more_than(before + 1)) << log();
    (*ward)->stop();
    EXPECT_EQ(server(), 0);
}

TEST_F(Sensor, ThatCannotRunIsTriedAgainLaterEachTimeAndStopsNothingElse) {
    const auto ward = RunningWard::start(options("nosuch0"));
    ASSERT_TRUE(ward) << ward.error().what;
    ASSERT_TRUE(said("program ended", 2)) << log();
    EXPECT_THAT(log(), HasSubstr("\"again_in_seconds\":1"));
    EXPECT_THAT(log(), HasSubstr("\"again_in_seconds\":2"));
    EXPECT_NE((*ward)->token(), "");
}

TEST_F(Sensor, IsWatchedBySomebodyElseAndKeepsItsKey) {
    if (!may_capture()) GTEST_SKIP() << "no CAP_NET_RAW";
    fs::create_directories(data());
    std::string key;
    for (const std::size_t start : {1U, 2U}) {
        const auto sensor = only_sensor("lo");
        ASSERT_TRUE(said("\"listening\"", start)) << log();
        sensor->ask(SIGTERM);
        EXPECT_EQ(sensor->finish().exit, 0) << log();
        const auto path = data() / "sensor" / "pseudonym.key";
        EXPECT_EQ(read_whole(path).size(), 32u);
        struct stat about {};
        EXPECT_EQ(::stat(path.c_str(), &about), 0);
        EXPECT_EQ(about.st_mode & 0777U, 0600u);
        EXPECT_TRUE(start == 1 || read_whole(path) == key);
        key = read_whole(path);
    }
    EXPECT_GE(count_of(spooled(), "\"event_type\":\"stats\""), 2u)
        << "what was told before it started again is still there";
}

TEST_F(Sensor, NeedsAnInterfaceToBeWatchedAlone) {
    EXPECT_EQ(only_sensor("")->finish().exit, 1);
    EXPECT_THAT(log(), HasSubstr("no interface is set"));
    EXPECT_FALSE(fs::exists(data() / "sensor"));
}

}   // namespace
}   // namespace ward::attacks
