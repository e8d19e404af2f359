// SPDX-License-Identifier: Apache-2.0
// How Ward is run, and how it ends.
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/scratch_folder.hpp"
#include "store/database.hpp"
#include "tests/attacks/attack.hpp"
#include "tests/running_ward.hpp"
#include "vault/vault.hpp"

namespace ward::attacks {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Running : public testing::Test {
protected:
    Running() { make_cheap_key_file(folder_ / "ward"); }

    std::string ward() const { return (programs_folder() / "ward").string(); }
    std::string log() const { return read_whole(folder_ / "log"); }

    const ScratchFolder folder_;
};

// As the services of the package do, each under its own rules.
TEST_F(Running, ItsProgramsCanBeWatchedBySomebodyElse) {
    std::ofstream{folder_ / "passphrase"} << test_passphrase;
    std::ofstream{folder_ / "ward.toml"} << fmt::format(
        "[server]\nlisten = \"127.0.0.1:0\"\n[data]\npath = \"{0}/ward/data\"\n"
        "[keys]\npassphrase_file = \"{0}/passphrase\"\nunwrap_burst = 7\n",
        folder_.path().string());
    const auto be = [&](const char* part) {
        return std::vector<std::string>{ward(),   "run", "--config", (folder_ / "ward.toml").string(),
                                        "--only", part};
    };
    Program keys{be("keys"), folder_ / "log"};
    const auto status = [&] {
        return Program{{ward(), "status", "--json", "--config", (folder_ / "ward.toml").string()},
                       folder_ / "log"}
            .finish()
            .output;
    };
    for (int i = 0; i < 100 && status().find("\"unsealed\"") == std::string::npos; ++i) continue;
    Program vault{be("vault"), folder_ / "log"};
    EXPECT_THAT(vault.line(), StartsWith("ward: serving https://127.0.0.1:")) << log();
    EXPECT_THAT(status(), HasSubstr("\"ownersLeft\":7")) << "the services read the same settings";
    vault.ask(SIGTERM);
    EXPECT_EQ(vault.finish().exit, 0) << log();
    keys.ask(SIGTERM);
    EXPECT_EQ(keys.finish().exit, 0) << log();
}

TEST_F(Running, ItStopsWhenAnotherProgramWroteToItsStore) {
    const auto ward = RunningWard::start(
        {.programs = programs_folder(), .folder = folder_ / "ward", .log = folder_ / "log"});
    ASSERT_TRUE(ward) << ward.error().what;
    const auto read = [&, token = (*ward)->token()] {
        auto client = (*ward)->connect();
        return RunningWard::send(*client, token, http::Method::get, "/Patient/p1")->status;
    };
    EXPECT_EQ(read(), 404);
    {
        const auto records = vault::VaultPaths{(*ward)->data()}.records();
        auto database = store::Database::open(records, store::Mode::read_write_create);
        ASSERT_TRUE(database->execute("CREATE TABLE mine (x INTEGER)"));
    }
    EXPECT_EQ(read(), 503);
    EXPECT_EQ((*ward)->wait(), 3);
    EXPECT_THAT(log(), HasSubstr("another program has changed records.db"));
    EXPECT_EQ((*ward)->run({"ledger", "verify"}).exit, 3);
    EXPECT_THAT(log(), HasSubstr("table mine does not belong there"));
}

}   // namespace
}   // namespace ward::attacks
