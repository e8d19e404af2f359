// SPDX-License-Identifier: Apache-2.0
// The way of events to cases, with all its processes: what Ward found before it was killed, and what it finds
// when it runs again, become the cases of a Ward that was never killed.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <thread>

#include "bus/publisher.hpp"
#include "bus/server_test.hpp"
#include "bus/trouble.hpp"
#include "core/clock.hpp"
#include "core/scratch_folder.hpp"
#include "desk/desk.hpp"
#include "history/find.hpp"
#include "json/document.hpp"
#include "spool/writer.hpp"
#include "tests/running_ward.hpp"

using namespace ward;
using namespace std::chrono_literals;

namespace {

/// What an intruder does from one machine and another, within some hours of today or yesterday.
class Attack {
public:
    explicit Attack(std::chrono::days ago = {})
        : at_(std::chrono::floor<std::chrono::days>(SystemClock{}.now()) - 6h - ago) {}

    /// Far more service tickets with a weak cipher than anybody needs.
    std::string roast(const std::string& client) { return roast(client, 0, 20); }
    /// From one service to another.
    std::string roast(const std::string& client, int from, int to) {
        std::string lines;
        for (int i = from; i < to; ++i)
            lines += event(client, "10.0.0.1",
                           R"("event_type":"krb5","app_proto":"krb5","krb5":{"msg_type":"KRB_TGS_REP",)"
                           R"("sname":"http/)" +
                               std::to_string(i) + R"(","ticket_encryption":"rc4-hmac"})");
        return lines;
    }
    std::string upload(const std::string& client, const std::string& to) {
        return event(client, to,
                     R"("event_type":"flow","flow":{"bytes_toserver":20000000,"bytes_toclient":1})");
    }

private:
    std::string event(const std::string& from, const std::string& to, const std::string& what) {
        const auto instant = to_instant(at_ += 1s);
        ++number_;
        return fmt::format(
            R"({{"timestamp":"{}000+0000","flow_id":{},"src_ip":"{}","src_port":50000,"dest_ip":"{}",)"
            R"("dest_port":88,"proto":"TCP","community_id":"1:{}:{}",{}}})"
            "\n",
            instant.substr(0, instant.size() - 1), number_, from, to, from, number_, what);
    }

    Time at_;
    int number_ = 0;
};

/// A spool with its publisher, a bus, and `ward-watch run` behind it.
class Running {
public:
    Running() {
        for (const auto* name : {"bus", "spool", "events", "watch"})
            std::filesystem::create_directory(folder_ / name);
        server_.emplace(folder_ / "bus");
        writer_.emplace(spool::Writer::open(folder_ / "spool").value());
        publisher_ = std::jthread{[this](const std::stop_token& stop) {
            bus::Publisher{folder_ / "spool", server_->files().for_publisher(), {.connect_every = 50ms}}.run(
                stop);
        }};
        start();
    }

    void start(const std::vector<std::string>& more = {}) {
        const auto to = server_->files().for_receiver();
        std::vector<std::string> words{
            WARD_WATCH, "run",  "--in",          folder_ / "events", "--findings", kept() / "findings.json",
            "--bus",    to.url, "--credentials", to.credentials};
        words.insert(words.end(), more.begin(), more.end());
        watch_.emplace(words, log());
    }
    void kill() {
        watch_->signal(SIGKILL);
        watch_.reset();
    }
    Ran stop() {
        watch_->ask(SIGTERM);
        return watch_->finish();
    }
    void send(const std::string& events) { ASSERT_TRUE(writer_->append(events)); }

    /// `ward-watch` beside the one that runs.
    Ran ask(std::vector<std::string> words) {
        words.insert(words.begin(), WARD_WATCH);
        words.insert(words.end(), {"--in", kept()});
        return Program{words, folder_ / "asked"}.finish();
    }

    desk::Book book() {
        auto desk = desk::Desk::open(kept());
        return desk ? desk->book().value() : desk::Book{};
    }
    std::string words(std::int64_t finding) {
        auto desk = desk::Desk::open(kept());
        return desk ? desk->words(finding).value() : std::string{};
    }
    /// Waits until so many events are stored.
    bool stores(std::size_t count) {
        const auto stored = [&] {
            const auto page = history::find(folder_ / "events", {}, [](history::DayOfEvents, const auto&) {});
            return page ? page->hits.size() : 0;
        };
        const auto deadline = std::chrono::steady_clock::now() + 60s;
        while (stored() < count && std::chrono::steady_clock::now() < deadline) bus::pause({}, 20ms);
        return stored() == count;
    }
    std::size_t stored(std::string_view query) {
        const auto filter = history::parse_filter(query);
        const auto page = history::find(folder_ / "events", {.filter = filter.value()},
                                        [](history::DayOfEvents, const auto&) {});
        return page ? page->hits.size() : 0;
    }
    /// Waits until it has so many findings.
    bool finds(std::size_t count) {
        const auto deadline = std::chrono::steady_clock::now() + 60s;
        while (book().findings.size() < count && std::chrono::steady_clock::now() < deadline)
            bus::pause({}, 20ms);
        return book().findings.size() == count;
    }

    /// A file in its folder.
    std::filesystem::path write(const char* name, std::string_view text) const {
        std::ofstream{folder_ / name} << text;
        return folder_ / name;
    }
    std::filesystem::path kept() const { return folder_ / "watch"; }
    std::filesystem::path log() const { return folder_ / "log"; }

private:
    ScratchFolder folder_;
    std::optional<bus::RunningServer> server_;
    std::optional<spool::Writer> writer_;
    std::jthread publisher_;
    std::optional<Program> watch_;
};

/// Each finding with its case.
std::vector<std::string> told(const desk::Book& book) {
    std::vector<std::string> all;
    for (const auto& one : book.findings)
        all.push_back(fmt::format("{} {} {} at {}: case {}, {} verdicts, {}", one.number, one.kind, one.who(),
                                  one.at.time_since_epoch().count(), one.in_case, one.verdicts.size(),
                                  book.cases.at(one.in_case).shown ? "shown" : "below the line"));
    return all;
}

enum class Between : std::uint8_t { nothing, kills };

/// The attack in three parts, with a person's verdict after the first.
std::vector<std::string> watched(Running& ward, Between between) {
    Attack attack;
    const auto rest = [&] {
        if (between == Between::nothing) return;
        ward.kill();
        ward.start();
    };
    ward.send(attack.roast("10.0.1.7") + attack.roast("10.0.1.8"));
    EXPECT_TRUE(ward.finds(2));
    const auto said =
        ward.ask({"verdict", "2", "benign", "--reason", "the inventory", "--by", "eve", "--json"});
    EXPECT_EQ(said.exit, 0) << said.output;
    rest();
    ward.send(attack.upload("10.0.1.7", "192.0.2.9") + attack.roast("10.0.1.9"));
    EXPECT_TRUE(ward.finds(4));
    rest();
    ward.send(attack.upload("10.0.1.8", "192.0.2.10") + attack.upload("10.0.1.9", "192.0.2.11"));
    EXPECT_TRUE(ward.finds(6));
    return told(ward.book());
}

std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> all;
    for (std::istringstream in{text}; std::getline(in, all.emplace_back());) {
    }
    all.pop_back();
    return all;
}

TEST(Cases, OfAWardThatWasKilledAreThoseOfOneThatWasNot) {
    if (!bus::is_nats_installed()) GTEST_SKIP() << bus::nats_server << " is not installed";
    Running unbroken, killed;
    const auto wanted = watched(unbroken, Between::nothing);
    EXPECT_EQ(wanted.size(), 6U);
    EXPECT_EQ(watched(killed, Between::kills), wanted);
}

TEST(Cases, AreFoundFromWhatWasStoredBeforeTheKillAndWhatCameAfter) {
    if (!bus::is_nats_installed()) GTEST_SKIP() << bus::nats_server << " is not installed";
    const auto found = [](Between between) {
        Running ward;
        Attack attack;
        for (const int part : {0, 1, 2, 3}) {
            ward.send(attack.roast("10.0.1.7", part * 5, part * 5 + 5));
            EXPECT_TRUE(ward.stores(static_cast<std::size_t>(part) * 5 + 5));
            if (between == Between::nothing) continue;
            ward.kill();
            ward.start();
        }
        EXPECT_TRUE(ward.finds(1));
        return ward.words(1);
    };
    const auto wanted = found(Between::nothing);
    EXPECT_EQ(found(Between::kills), wanted);
    EXPECT_NE(wanted.find("flow:1:10.0.1.7:1\""), std::string::npos) << "evidence of the first part";
}

TEST(Cases, AreAlsoOfWhatThePlanOfZonesDoesNotAllow) {
    if (!bus::is_nats_installed()) GTEST_SKIP() << bus::nats_server << " is not installed";
    Running ward;
    ward.kill();
    ward.start({"--plan", ward.write("plan.toml",
                                     "version = 1\n"
                                     "[[zone]]\nname = \"offices\"\nnetworks = \"10.0.1.0/24\"\n"
                                     "[[zone]]\nname = \"pumps\"\nnetworks = \"10.0.2.0/24\"\n")});
    Attack attack;
    ward.send(attack.upload("10.0.1.7", "10.0.2.9"));
    EXPECT_TRUE(ward.finds(1));
    EXPECT_EQ(ward.book().findings.front().kind, "outside-plan");
}

TEST(Cases, HaveEventsBehindThemForAsManyDaysAsWereSet) {
    if (!bus::is_nats_installed()) GTEST_SKIP() << bus::nats_server << " is not installed";
    Running ward;
    ward.kill();
    ward.start({"--flow-days", "5", "--protocol-days", "20"});
    Attack attack{std::chrono::days{10}};
    ward.send(attack.upload("10.0.1.7", "192.0.2.9") + attack.roast("10.0.1.7", 0, 3));
    EXPECT_TRUE(ward.stores(3));
    EXPECT_EQ(ward.stop().exit, 0);
    EXPECT_EQ(ward.stored("event_type = krb5"), 3U);
    EXPECT_EQ(ward.stored("event_type = flow"), 0U);
}

TEST(Cases, HaveTheSameNumbersInTheFileOfFindingsAndInTheLog) {
    if (!bus::is_nats_installed()) GTEST_SKIP() << bus::nats_server << " is not installed";
    Running ward;
    watched(ward, Between::kills);
    EXPECT_EQ(ward.stop().exit, 0);
    const auto book = ward.book();
    std::vector<std::string> in_book, in_file, in_log;
    for (const auto& one : book.findings) in_book.push_back(fmt::format("{} {}", one.kind, one.in_case));
    for (const auto& line : lines(read_whole(ward.kept() / "findings.json"))) {
        const auto one = json::Document::parse(line);
        in_file.push_back(fmt::format("{} {}", (*one)["finding"].text(), (*one)["case"].text()));
    }
    for (const auto& line : lines(read_whole(ward.log())))
        if (const auto one = json::Document::parse(line); (*one)["message"].text() == "finding")
            in_log.push_back(fmt::format("{} {}", (*one)["kind"].text(), *(*one)["case"].number()));
    EXPECT_EQ(in_file, in_book);
    EXPECT_EQ(in_log, in_book);
}

TEST(Cases, AreListedWhileWardRuns) {
    if (!bus::is_nats_installed()) GTEST_SKIP() << bus::nats_server << " is not installed";
    Running ward;
    Attack attack;
    for (int host = 1; host <= 40; ++host) ward.send(attack.roast(fmt::format("10.0.2.{}", host)));
    std::size_t listed = 0;
    for (const auto deadline = std::chrono::steady_clock::now() + 60s;
         listed < 40 && std::chrono::steady_clock::now() < deadline;) {
        const auto ran = ward.ask({"cases", "--all", "--json"});
        if (ran.exit == 0) listed = lines(ran.output).size();
    }
    EXPECT_EQ(listed, 40U);
    // The day has room for thirty, of which ten are kept for what is worse than this.
    EXPECT_EQ(lines(ward.ask({"cases", "--json"}).output).size(), 20U);
}

TEST(Cases, ThatNobodyAnswersEscalateByThemselves) {
    if (!bus::is_nats_installed()) GTEST_SKIP() << bus::nats_server << " is not installed";
    Running ward;
    Attack attack;
    ward.send(attack.roast("10.0.1.7"));
    ASSERT_TRUE(ward.finds(1));
    ward.kill();
    {   // a day goes by
        auto database =
            store::Database::open(ward.kept() / desk::Desk::file_name, store::Mode::read_write_create);
        ASSERT_TRUE(
            database->execute("UPDATE case_row SET told = told - 86400000000000;"
                              "UPDATE finding SET kept = kept - 86400000000000"));
    }
    ward.start();
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (ward.book().steps.empty() && std::chrono::steady_clock::now() < deadline) bus::pause({}, 20ms);
    EXPECT_EQ(ward.stop().exit, 0);
    const auto steps = ward.book().steps;
    ASSERT_EQ(steps.size(), 1U);
    EXPECT_EQ(steps[0].in_case, 1);
    EXPECT_EQ(steps[0].level, 1);
    EXPECT_NE(read_whole(ward.log()).find(R"("message":"nobody answers a case","case":1,"level":1)"),
              std::string::npos);
    EXPECT_NE(read_whole(ward.log()).find(R"("escalated":1)"), std::string::npos);
}

}   // namespace
