// SPDX-License-Identifier: Apache-2.0
// All of Ward's programs are killed at any moment while clients write, and while it recovers from the last
// time. What was acknowledged is there, of a transaction all or nothing, and the ledger is whole.
#include <chrono>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <poll.h>
#include <thread>

#include "core/scratch_folder.hpp"
#include "tests/attacks/attack.hpp"
#include "tests/running_ward.hpp"

namespace ward::attacks {
namespace {

constexpr int hospitals = 8;   // all that one holds is checked after each cut, so they stay small
constexpr int cuts = 25;       // of each
constexpr int writers = 4;
constexpr int longest_load_ms = 300;
constexpr int longest_start_ms = 250;
constexpr std::size_t transaction_size = 5;

using Random = std::mt19937;

int up_to(Random& random, int most) { return std::uniform_int_distribution{0, most}(random); }

/// What a path must say: `mark` stands in the resource; `body`, where it is known, is all of it.
struct Stored {
    std::int64_t mark = 0;
    std::string body{};
};
using Expected = std::map<std::string, Stored>;

std::string observation(const std::string& id, const std::string& patient, std::int64_t mark) {
    const auto with_id = id.empty() ? std::string{} : fmt::format(R"("id":"{}",)", id);
    return fmt::format(R"({{"resourceType":"Observation",{}"status":"final","code":{{"text":"invented"}},)"
                       R"("subject":{{"reference":"Patient/{}"}},"valueInteger":{}}})",
                       with_id, patient, mark);
}

std::string patient_with(const std::string& id, std::int64_t mark) {
    return fmt::format(R"({{"resourceType":"Patient","id":"{}","multipleBirthInteger":{}}})", id, mark);
}

std::int64_t mark_in(const std::string& body) {
    const auto resource = json::Document::parse(body);
    if (!resource) return -1;
    const auto number = (*resource)["valueInteger"].number();
    return static_cast<std::int64_t>(number ? *number
                                            : (*resource)["multipleBirthInteger"].number().value_or(-1));
}

/// One client. It keeps count of what was acknowledged, and of what was under way when the power went.
class Writer {
public:
    Writer(int number, std::uint32_t seed) : patient_(fmt::format("w{}", number)), random_(seed) {}

    /// Until the server goes away.
    void write(const RunningWard& ward, const std::string& token) {
        auto client = ward.connect();
        if (!client) return;
        while (write_once(*client, token)) {
        }
    }

    const Expected& acknowledged() const { return acknowledged_; }

    /// What may be there, all of it or nothing.
    const Expected& under_way() const { return under_way_; }

    void settled(const Expected& found) {
        for (const auto& [path, stored] : found) acknowledged_[path] = stored;
        under_way_.clear();
    }

    int transactions() const { return transactions_; }

private:
    bool write_once(http::Client& client, const std::string& token) {
        switch (up_to(random_, 2)) {
            case 0: return create(client, token);
            case 1: return update(client, token);
            default: return transact(client, token);
        }
    }

    bool create(http::Client& client, const std::string& token) {
        const auto mark = ++mark_;
        const auto answer = RunningWard::send(client, token, http::Method::post, "/Observation",
                                              observation({}, patient_, mark));
        if (!answer) return false;   // its id was never told, so there is nothing to look for
        EXPECT_EQ(answer->status, 201) << refusal_in(*answer);
        const auto location = answer->header("Location");
        const auto path = location.substr(location.find("/Observation/"));
        acknowledged_[std::string{path.substr(0, path.find("/_history"))}] = {mark, answer->body};
        return true;
    }

    bool update(http::Client& client, const std::string& token) {
        const auto path = "/Patient/" + patient_;
        under_way_ = {{path, {++mark_}}};
        const auto answer =
            RunningWard::send(client, token, http::Method::put, path, patient_with(patient_, mark_));
        if (!answer) return false;
        EXPECT_TRUE(answer->status == 200 || answer->status == 201) << refusal_in(*answer);
        acknowledged_[path] = {mark_, answer->body};
        under_way_.clear();
        return true;
    }

    bool transact(http::Client& client, const std::string& token) {
        under_way_ = {{"/Patient/" + patient_, {++mark_}}};
        auto bundle = R"({"resourceType":"Bundle","type":"transaction","entry":[)" +
                      entry("Patient/" + patient_, patient_with(patient_, mark_));
        for (std::size_t i = 1; i < transaction_size; ++i) {
            const auto id = fmt::format("{}-{}", patient_, ++mark_);
            under_way_["/Observation/" + id] = {mark_};
            bundle += "," + entry("Observation/" + id, observation(id, patient_, mark_));
        }
        const auto answer = RunningWard::send(client, token, http::Method::post, "", bundle + "]}");
        if (!answer) return false;
        EXPECT_EQ(answer->status, 200) << refusal_in(*answer);
        settled(Expected{under_way_});
        ++transactions_;
        return true;
    }

    static std::string entry(const std::string& url, const std::string& resource) {
        return fmt::format(R"({{"resource":{},"request":{{"method":"PUT","url":"{}"}}}})", resource, url);
    }

    const std::string patient_;
    Random random_;
    std::int64_t mark_ = 0;
    int transactions_ = 0;
    Expected acknowledged_;
    Expected under_way_;
};

class PowerCut : public testing::TestWithParam<int> {
protected:
    void SetUp() override {
        make_cheap_key_file(options_.folder);
        for (int i = 0; i < writers; ++i) all_.emplace_back(i, random_());
        start();
        token_ = ward_->token();
    }

    void TearDown() override {
        if (HasFailure()) fmt::print("{}\n", read_whole(options_.log));
    }

    void start() {
        if (up_to(random_, 4) == 0) {
            const auto program = RunningWard::begin(options_);
            ::poll(nullptr, 0, up_to(random_, longest_start_ms));
            program->signal(SIGKILL);
            program->finish();
            ++cuts_at_start_;
        }
        auto started = RunningWard::start(options_);
        ASSERT_TRUE(started) << started.error().what << "\n" << read_whole(options_.log);
        ward_ = *std::move(started);
    }

    void write_until_cut() {
        std::vector<std::jthread> threads;
        for (auto& writer : all_) threads.emplace_back([&] { writer.write(*ward_, token_); });
        ::poll(nullptr, 0, up_to(random_, longest_load_ms));
        ward_->kill();
    }

    /// Nothing if there is no such resource.
    std::optional<std::string> read(http::Client& client, const std::string& path) const {
        const auto answer = RunningWard::send(client, token_, http::Method::get, path);
        EXPECT_TRUE(answer) << answer.error().what;
        if (!answer || answer->status == 404) return std::nullopt;
        EXPECT_EQ(answer->status, 200) << path << " " << refusal_in(*answer);
        return answer->body;
    }

    void expect_stored(http::Client& client, const std::string& path, const Stored& stored) const {
        const auto body = read(client, path);
        ASSERT_TRUE(body) << path << " was acknowledged and is not there";
        EXPECT_EQ(mark_in(*body), stored.mark) << path;
        EXPECT_TRUE(stored.body.empty() || *body == stored.body) << path << " is " << *body;
    }

    /// What was under way is there as a whole, or not at all.
    void settle(http::Client& client, Writer& writer) const {
        Expected found;
        for (const auto& [path, stored] : writer.under_way()) {
            const auto body = read(client, path);
            if (body && mark_in(*body) == stored.mark) found[path] = {stored.mark, *body};
        }
        EXPECT_TRUE(found.empty() || found.size() == writer.under_way().size())
            << found.size() << " of " << writer.under_way().size() << " of a transaction";
        writer.settled(found);
    }

    /// All of a writer's patient and, unless all is wanted, some of the rest.
    enum class Wanted { some, all };
    void check(Wanted wanted) {
        constexpr int one_in = 8;
        auto client = *ward_->connect();
        for (auto& writer : all_) {
            settle(client, writer);
            for (const auto& [path, stored] : writer.acknowledged())
                if (HasFailure())
                    return;
                else if (wanted == Wanted::all || path.starts_with("/Patient") ||
                         up_to(random_, one_in - 1) == 0)
                    expect_stored(client, path, stored);
        }
    }

    const std::uint32_t seed_ = chosen_seed();
    Random random_{seed_ + static_cast<std::uint32_t>(GetParam())};
    const ScratchFolder folder_;
    const WardOptions options_{
        .programs = programs_folder(), .folder = folder_ / "ward", .log = folder_ / "log"};
    std::unique_ptr<RunningWard> ward_;
    std::string token_;
    std::vector<Writer> all_;
    int cuts_at_start_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Hospital, PowerCut, testing::Range(0, hospitals));

TEST_P(PowerCut, LosesNothingThatWasAcknowledgedAndLeavesNothingHalfDone) {
    for (int cut = 0; cut < cuts && !HasFailure(); ++cut) {
        SCOPED_TRACE(fmt::format("cut {}, WARD_SEED={}", cut, seed_));
        write_until_cut();
        EXPECT_EQ(ward_->run({"ledger", "verify"}).exit, 0) << read_whole(options_.log);
        ASSERT_NO_FATAL_FAILURE(start());
        check(Wanted::some);
    }
    check(Wanted::all);
    EXPECT_EQ(ward_->run({"ledger", "verify"}).exit, 0);
    std::size_t stored = 0;
    int transactions = 0;
    for (const auto& writer : all_) {
        stored += writer.acknowledged().size();
        transactions += writer.transactions();
    }
    fmt::print("{} cuts under load and {} while starting; {} resources stored, {} transactions\n", cuts,
               cuts_at_start_, stored, transactions);
}

}   // namespace
}   // namespace ward::attacks
