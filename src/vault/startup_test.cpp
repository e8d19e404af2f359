// SPDX-License-Identifier: Apache-2.0
#include "vault/startup.hpp"

#include <fcntl.h>
#include <functional>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "confine/sanitizers_test.hpp"
#include "keys/unix_socket.hpp"
#include "keys/wrapped_keys.hpp"
#include "vault/hospital_test.hpp"

namespace ward::vault {
namespace {

/// Somebody who took over a vault that runs: what he asks is asked in a child that was confined as it is.
class Intruder : public testing::Test {
protected:
    void SetUp() override {
        SKIP_UNDER_SANITIZERS();
        if (!can([] { return true; })) GTEST_SKIP() << "this kernel has no Landlock";
    }

    bool can(const std::function<bool()>& deed) const {
        const pid_t child = ::fork();
        if (child == 0) ::_exit(confine_to(hospital_.paths()) && deed() ? 0 : 1);
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    bool can_open(const std::filesystem::path& path, int flags) const {
        return can([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0600) >= 0; });
    }

    Hospital hospital_;
};

TEST_F(Intruder, WritesTheVaultsFilesAndNoOthers) {
    const auto paths = hospital_.paths();
    EXPECT_TRUE(can_open(paths.records(), O_RDWR));
    EXPECT_TRUE(can_open(paths.ledger() / "new", O_RDWR | O_CREAT));
    for (const auto& theirs : {paths.keys().store(), paths.ledger_key(), paths.root / "ward.toml"})
        EXPECT_FALSE(can_open(theirs, O_RDWR | O_CREAT)) << theirs;
    for (const auto* beside : {"-wal", "-shm", ".lock"})
        EXPECT_FALSE(can_open(paths.keys().store().string() + beside, O_RDWR)) << beside;
}

TEST_F(Intruder, DoesNotGetAtTheSealedKeyFile) {
    EXPECT_FALSE(can_open(hospital_.paths().keys().key_file(), O_RDONLY));
}

TEST_F(Intruder, EmptiesNoFileOfOthers) {
    const auto keys = hospital_.paths().keys();
    for (const auto& theirs : {keys.store(), keys.key_file()}) {
        EXPECT_FALSE(can([&] { return ::truncate(theirs.c_str(), 0) == 0; })) << theirs;
        EXPECT_FALSE(can([&] { return ::chmod(theirs.c_str(), 0) == 0; })) << theirs;
        EXPECT_FALSE(can_open(theirs, O_RDONLY | O_TRUNC)) << theirs;
        EXPECT_FALSE(can_open(theirs, O_ACCMODE | O_TRUNC)) << theirs;
    }
}

TEST_F(Intruder, PutsNoSocketOfHisInPlaceOfWardKeys) {
    const auto socket = hospital_.paths().keys().socket();
    EXPECT_FALSE(can([&] { return ::unlink(socket.c_str()) == 0; }));
    EXPECT_FALSE(can([&] { return ::rename(socket.c_str(), (socket.string() + "2").c_str()) == 0; }));
    const auto other = keys::unix_address(socket.parent_path() / "other");
    ASSERT_TRUE(other);
    EXPECT_FALSE(can([&] {
        return ::bind(::socket(AF_UNIX, SOCK_STREAM, 0), keys::as_sockaddr(*other), sizeof(*other)) == 0;
    }));
}

TEST_F(Intruder, StillAsksWardKeysAndChecksItsWrappedKeysAsTheVaultMust) {
    EXPECT_TRUE(can([&] { return keys::Client{hospital_.paths().keys().socket()}.status().has_value(); }));
    EXPECT_TRUE(can([&] {
        auto wrapped = keys::WrappedKeys::open(hospital_.paths().keys().store());
        return wrapped && wrapped->signed_size();
    }));
}

}   // namespace
}   // namespace ward::vault
