// SPDX-License-Identifier: Apache-2.0
// Whoever takes over the vault, with its memory and its sockets, opens the patients in use and those that the
// budget of ward-keys lets through, and not the hospital. Nor does whoever holds a token for everything.
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/scratch_folder.hpp"
#include "keys/client.hpp"
#include "store/database.hpp"
#include "tests/attacks/attack.hpp"
#include "tests/running_ward.hpp"
#include "vault/vault.hpp"
#include "vault/version.hpp"

namespace ward::attacks {
namespace {

using ::testing::HasSubstr;

constexpr int burst = 40;
constexpr int patients = 120;

struct WrappedOwner {
    keys::Owner owner;
    keys::KeyId key;
};

class StolenVault : public testing::Test {
protected:
    void SetUp() override {
        std::ofstream{folder_ / "ward.toml"}
            << fmt::format("[keys]\nunwrap_burst = {}\nunwrap_per_hour = 1\n", burst);
        start();
        auto bundle = std::string{R"({"resourceType":"Bundle","type":"transaction","entry":[)"};
        for (int i = 0; i < patients; ++i)
            bundle += fmt::format(
                R"({}{{"resource":{{"resourceType":"Patient","id":"p{}","name":[{{"family":"Invented"}}]}},)"
                R"("request":{{"method":"PUT","url":"Patient/p{}"}}}})",
                i == 0 ? "" : ",", i, i);
        EXPECT_EQ(ask(http::Method::post, "", bundle + "]}"), 200);
        ward_->stop();
        pass_a_day();
        start();   // a thief finds no key in the memory of a vault that has just started
    }

    void start() {
        auto started = RunningWard::start({.programs = programs_folder(),
                                           .folder = folder_ / "ward",
                                           .log = folder_ / "log",
                                           .arguments = {"--config", folder_ / "ward.toml"}});
        ASSERT_TRUE(started) << started.error().what;
        ward_ = *std::move(started);
        token_ = ward_->token();
    }

    vault::VaultPaths paths() const { return vault::VaultPaths{ward_->data()}; }

    /// An owner whose key was made or given out within the hour is not counted again.
    void pass_a_day() {
        auto database = store::Database::open(paths().keys().store(), store::Mode::read_write_create);
        ASSERT_TRUE(
            database->execute("UPDATE data_key SET counted_ms = counted_ms - 86400000;"
                              "UPDATE unwrap_budget SET updated_ms = updated_ms - 86400000;"));
    }

    int ask(http::Method method, const std::string& path, const std::string& body = {}) {
        auto client = ward_->connect();
        auto answer = RunningWard::send(*client, token_, method, path, body);
        EXPECT_TRUE(answer) << answer.error().what;
        last_ = answer ? *std::move(answer) : http::Response{};
        return last_.status;
    }

    /// What the store says about whose keys there are.
    std::vector<WrappedOwner> owners() {
        std::vector<WrappedOwner> owners;
        auto database = store::Database::open(paths().records(), store::Mode::read_only);
        auto query = database->prepare("SELECT owner, key FROM version WHERE type = ?");
        EXPECT_TRUE(query->bind(vault::key_record_type));
        while (*query->step()) {
            auto& owner = owners.emplace_back();
            std::ranges::copy(query->bytes(0), owner.owner.begin());
            std::ranges::copy(query->bytes(1), owner.key.begin());
        }
        return owners;
    }

    int open_all(const std::vector<WrappedOwner>& owners) const {
        keys::Client socket{paths().keys().socket()};
        int opened = 0;
        for (const auto& owner : owners) {
            const auto key = socket.unwrap(owner.owner, owner.key);
            EXPECT_TRUE(key || key.error().code == Errc::limit_exceeded) << key.error().what;
            if (key) ++opened;
        }
        return opened;
    }

    keys::Status status() const { return keys::Client{paths().keys().socket()}.status().value(); }

    const ScratchFolder folder_;
    std::unique_ptr<RunningWard> ward_;
    std::string token_;
    http::Response last_;
};

TEST_F(StolenVault, OpensOnlyWhatTheBudgetLetsThrough) {
    const auto before = status();
    const auto all = owners();
    ASSERT_GE(all.size(), static_cast<std::size_t>(patients));
    EXPECT_LE(open_all(all), burst);
    EXPECT_LE(open_all(all), burst) << "the same ones again, by another connection";
    const auto after = status();
    EXPECT_EQ(after.owners_left, 0U);
    EXPECT_GE(after.refused - before.refused, 2 * (all.size() - burst));
    EXPECT_GT(after.alarms, before.alarms);
    EXPECT_THAT(read_whole(folder_ / "log"), HasSubstr("unwrap limit reached"));

    ward_->stop();
    start();
    EXPECT_LE(open_all(all), burst) << "a restart gives no new budget";
    EXPECT_EQ(status().owners_left, 0U);
}

TEST_F(StolenVault, ATokenForEverythingReadsNoMoreEither) {
    int read = 0;
    for (int i = 0; i < patients; ++i) {
        const auto got = ask(http::Method::get, fmt::format("/Patient/p{}", i));
        if (got == 200) ++read;
        if (got == 200) continue;
        EXPECT_EQ(got, 429);
        EXPECT_THAT(refusal_in(last_), HasSubstr("throttled: "));
        EXPECT_FALSE(last_.header("Retry-After").empty());
    }
    EXPECT_LE(read, burst);
    EXPECT_GE(read, burst - 4) << "the trail of the audit takes some of the budget, and no more";
    EXPECT_EQ(ask(http::Method::get, "/Patient/p0"), 200) << "who is being cared for stays open";
    EXPECT_EQ(ask(http::Method::get, "/Patient?family=Invented&_count=100"), 429) << "nor by a search";
    EXPECT_EQ(ask(http::Method::put, "/Patient/new", R"({"resourceType":"Patient","id":"new"})"), 201);

    const auto shown = json::Document::parse(ward_->run({"status", "--json"}).output);
    ASSERT_TRUE(shown);
    EXPECT_GE((*shown)["keys"]["refused"].number().value_or(0), patients - burst);
    EXPECT_GE((*shown)["keys"]["alarms"].number().value_or(0), 1);
    EXPECT_EQ(ward_->run({"ledger", "verify"}).exit, 0) << "and every refusal is in the ledger";
}

}   // namespace
}   // namespace ward::attacks
