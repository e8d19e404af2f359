// SPDX-License-Identifier: Apache-2.0
#include "keys/keeper.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "crypto/hash.hpp"
#include "keys/keeper_fixture_test.hpp"
#include "keys/paths.hpp"

namespace ward::keys {
namespace {

using namespace std::chrono_literals;

Errc refusal(const Result<Buffer>& reply) { return reply ? Errc::malformed : reply.error().code; }

std::string checkpoint(std::uint64_t size, std::string_view tree, std::string_view origin = "ward.example") {
    return std::string{origin} + "\n" + std::to_string(size) + "\n" +
           to_base64(crypto::sha256(as_bytes(tree))) + "\n";
}

std::string all_files(const std::filesystem::path& folder) {
    std::string text;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file{entry.path(), std::ios::binary};
        text.append(std::istreambuf_iterator<char>{file}, {});
    }
    return text;
}

bool occurs(const std::string& files, Bytes bytes) { return files.find(as_text(bytes)) != std::string::npos; }

class KeeperTest : public testing::Test {
protected:
    Result<Buffer> sign(Keeper& keeper, const std::string& text) {
        return ask(keeper, {.op = Op::sign_checkpoint, .payload = as_bytes(text)}, noon);
    }

    const ScratchFolder folder_;
};

TEST_F(KeeperTest, GivesBackTheKeyThatItMade) {
    auto keeper = opened_keeper(folder_.path(), noon);
    const auto made = make_key(keeper, noon);
    EXPECT_EQ(unwrap(keeper, made, noon).value(), made.data_key);
    EXPECT_NE(make_key(keeper, noon).data_key, made.data_key);
    EXPECT_FALSE(occurs(all_files(folder_.path()), made.data_key));
}

TEST_F(KeeperTest, MakesOneKeyAnOwner) {
    auto keeper = opened_keeper(folder_.path(), noon);
    const auto made = make_key(keeper, noon);
    EXPECT_EQ(refusal(ask(keeper, {.op = Op::create, .owner = made.owner}, noon)), Errc::conflict);
    EXPECT_EQ(unwrap(keeper, made, noon).value(), made.data_key);
}

TEST_F(KeeperTest, KnowsNoKeyOfAnotherOwner) {
    auto keeper = opened_keeper(folder_.path(), noon);
    const auto one = make_key(keeper, noon);
    const auto two = make_key(keeper, noon);
    EXPECT_EQ(refusal(ask(keeper, {.op = Op::unwrap, .owner = one.owner, .key = two.id}, noon)),
              Errc::not_found);
    EXPECT_EQ(refusal(ask(keeper, {.op = Op::unwrap, .owner = some_owner(), .key = one.id}, noon)),
              Errc::not_found);
}

TEST_F(KeeperTest, SealedItAnswersOnlyWhatNeedsNoKey) {
    auto keeper = Keeper::open({.directory = folder_.path(), .limits = tight, .cost = cheap}, noon).value();
    EXPECT_EQ(keeper.status(noon).value().seal, Seal::sealed);
    for (const auto op : {Op::create, Op::unwrap, Op::facility, Op::sign_checkpoint, Op::sign_token,
                          Op::public_keys, Op::secret})
        EXPECT_EQ(refusal(ask(keeper, {.op = op, .name = "tls-key"}, noon)), Errc::unavailable);
    EXPECT_TRUE(ask(keeper, {.op = Op::status}, noon));
}

TEST_F(KeeperTest, IsUnsealedOverTheSocketOnlyWithTheKeyFileOfTheFirstStart) {
    const auto unseal = [](Keeper& keeper, std::string_view passphrase) {
        return ask(keeper, {.op = Op::unseal, .payload = as_bytes(passphrase)}, noon);
    };
    const auto sealed = [this] {
        return Keeper::open({.directory = folder_.path(), .cost = cheap}, noon).value();
    };
    {
        auto keeper = sealed();
        EXPECT_EQ(refusal(unseal(keeper, "an invented passphrase")), Errc::not_found);
    }
    opened_keeper(folder_.path(), noon);
    auto keeper = sealed();
    EXPECT_EQ(refusal(unseal(keeper, "another passphrase")), Errc::denied);
    EXPECT_EQ(keeper.status(noon).value().seal, Seal::sealed);
    EXPECT_TRUE(unseal(keeper, "an invented passphrase"));
    EXPECT_EQ(keeper.status(noon).value().seal, Seal::unsealed);
    EXPECT_EQ(refusal(unseal(keeper, "an invented passphrase")), Errc::conflict);
}

TEST_F(KeeperTest, MakesNoNewKeyFileOverKeysThatAreWrapped) {
    opened_keeper(folder_.path(), noon);
    std::filesystem::remove(folder_ / "ward.key");
    auto keeper = Keeper::open({.directory = folder_.path(), .cost = cheap}, noon).value();
    const auto unsealed = keeper.unseal(secret_of("new"), Keeper::KeyFile::made_if_nothing_is_wrapped);
    EXPECT_EQ(unsealed.error().code, Errc::corrupt);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "ward.key"));
}

TEST_F(KeeperTest, NoticesAKeyFileOfAnotherHospital) {
    const ScratchFolder other;
    opened_keeper(folder_.path(), noon);
    opened_keeper(other.path(), noon);
    std::filesystem::copy_file(other / "ward.key", folder_ / "ward.key",
                               std::filesystem::copy_options::overwrite_existing);
    auto keeper = Keeper::open({.directory = folder_.path(), .cost = cheap}, noon).value();
    const auto unsealed = keeper.unseal(secret_of("an invented passphrase"), Keeper::KeyFile::must_exist);
    EXPECT_EQ(unsealed.error().code, Errc::corrupt);
}

TEST_F(KeeperTest, IsTheOnlyOneOfItsFolder) {
    const auto keeper = opened_keeper(folder_.path(), noon);
    EXPECT_EQ(Keeper::open({.directory = folder_.path()}, noon).error().code, Errc::conflict);
}

TEST_F(KeeperTest, AThiefOpensNoMoreThanTheBudget) {
    std::vector<Made> owners;
    {
        auto keeper = opened_keeper(folder_.path(), noon);
        for (int i = 0; i < 200; ++i) owners.push_back(make_key(keeper, noon));
    }
    const auto opened = [&owners](Keeper& keeper, Time now) {
        return std::ranges::count_if(owners,
                                     [&](const Made& made) { return unwrap(keeper, made, now).has_value(); });
    };
    auto next_day = noon + 24h;
    {
        auto keeper = opened_keeper(folder_.path(), next_day);
        EXPECT_EQ(opened(keeper, next_day), 20);
        EXPECT_EQ(opened(keeper, next_day), 20);   // the same twenty: they are open already
        EXPECT_EQ(opened(keeper, next_day + 10min), 30);
        const auto status = keeper.status(next_day + 10min).value();
        EXPECT_EQ(status.alarms, 4U);   // after ten minutes it was half full again
        EXPECT_EQ(status.refused, 180U + 180U + 170U);
        EXPECT_EQ(status.owners_opened, 30U);
        EXPECT_EQ(status.owners_left, 0U);
    }
    // Killed and started again, ten times: neither the budget nor the alarms are forgotten.
    for (int restart = 0; restart < 10; ++restart) {
        auto keeper = opened_keeper(folder_.path(), next_day + 10min);
        EXPECT_EQ(opened(keeper, next_day + 10min), 30);
        EXPECT_GE(keeper.status(next_day + 10min).value().alarms, 4U);
    }
}

TEST_F(KeeperTest, WhatIsWrittenIntoItsFileWhileItRunsOpensNothingMore) {
    auto keeper = opened_keeper(folder_.path(), noon);
    std::vector<Made> patients;
    for (int i = 0; i < 100; ++i) patients.push_back(make_key(keeper, noon));
    const auto later = noon + 3h;
    auto database = store::Database::open(KeyPaths{folder_.path()}.store(), store::Mode::read_write_create);
    const auto forged = std::to_string(later.time_since_epoch().count());
    ASSERT_TRUE(database->execute("UPDATE data_key SET counted_ms = " + forged));
    ASSERT_TRUE(database->execute("UPDATE unwrap_budget SET left_units = 1000000000000"));
    const auto opened = std::ranges::count_if(
        patients, [&](const Made& patient) { return unwrap(keeper, patient, later).has_value(); });
    EXPECT_EQ(opened, tight.burst);
}

TEST_F(KeeperTest, MakesNoSecretAnewThatRecordsRestOn) {
    opened_keeper(folder_.path(), noon);
    const auto rename = [&](const std::string& from, const std::string& to) {
        auto database =
            store::Database::open(KeyPaths{folder_.path()}.store(), store::Mode::read_write_create);
        EXPECT_TRUE(database->execute("UPDATE secret SET name = '" + to + "' WHERE name = '" + from + "'"));
        EXPECT_EQ(database->changes(), 1);
    };
    {
        auto keeper = opened_keeper(folder_.path(), noon);
        make_key(keeper, noon);
    }
    for (const std::string name : {".ledger-seed", ".token-seed", ".facility-key"}) {
        rename(name, "lost");
        auto keeper =
            Keeper::open({.directory = folder_.path(), .limits = tight, .cost = cheap}, noon).value();
        const auto unsealed = keeper.unseal(secret_of("an invented passphrase"), Keeper::KeyFile::must_exist);
        ASSERT_FALSE(unsealed) << name;
        EXPECT_EQ(unsealed.error().code, Errc::corrupt);
        EXPECT_NE(unsealed.error().what.find(name), std::string::npos) << unsealed.error().what;
        rename("lost", name);
    }
}

TEST_F(KeeperTest, GivesNoKeyOutWhoseCountItCannotKeep) {
    auto keeper = opened_keeper(folder_.path(), noon);
    const auto patient = make_key(keeper, noon);
    auto database = store::Database::open(KeyPaths{folder_.path()}.store(), store::Mode::read_write_create);
    ASSERT_TRUE(
        database->execute("CREATE TRIGGER full BEFORE UPDATE ON data_key"
                          " BEGIN SELECT RAISE(FAIL, 'the disk is full'); END"));
    const auto later = noon + 3h;
    EXPECT_FALSE(unwrap(keeper, patient, later));
    EXPECT_FALSE(unwrap(keeper, patient, later)) << "nor when asked again";
    ASSERT_TRUE(database->execute("DROP TRIGGER full"));
    EXPECT_TRUE(unwrap(keeper, patient, later));
}

TEST_F(KeeperTest, WhoeverMadeAKeyMayHaveItAgain) {
    std::vector<Made> owners;
    auto keeper = opened_keeper(folder_.path(), noon);
    for (int i = 0; i < 100; ++i) owners.push_back(make_key(keeper, noon));
    for (const auto& made : owners)
        EXPECT_TRUE(unwrap(keeper, made, noon + 59min));   // a long import goes on
    EXPECT_EQ(keeper.status(noon).value().owners_opened, 0U);
}

TEST_F(KeeperTest, SignsOnlyALogThatGrows) {
    auto keeper = opened_keeper(folder_.path(), noon);
    EXPECT_TRUE(sign(keeper, checkpoint(10, "ten")));
    EXPECT_TRUE(sign(keeper, checkpoint(10, "ten")));   // asked again after a crash
    EXPECT_EQ(refusal(sign(keeper, checkpoint(10, "another ten"))), Errc::conflict);
    EXPECT_EQ(refusal(sign(keeper, checkpoint(9, "nine"))), Errc::conflict);
    EXPECT_EQ(refusal(sign(keeper, checkpoint(11, "eleven", "other.example"))), Errc::conflict);
    EXPECT_EQ(refusal(sign(keeper, "not a checkpoint")), Errc::malformed);
    EXPECT_TRUE(sign(keeper, checkpoint(12, "twelve")));
}

TEST_F(KeeperTest, RemembersAfterARestartWhatItSigned) {
    {
        auto keeper = opened_keeper(folder_.path(), noon);
        ASSERT_TRUE(sign(keeper, checkpoint(10, "ten")));
    }
    auto keeper = opened_keeper(folder_.path(), noon);
    EXPECT_EQ(refusal(sign(keeper, checkpoint(9, "nine"))), Errc::conflict);
    EXPECT_EQ(refusal(sign(keeper, checkpoint(10, "another ten"))), Errc::conflict);
    EXPECT_TRUE(sign(keeper, checkpoint(11, "eleven")));
}

TEST_F(KeeperTest, SignaturesVerifyWithThePublicKeysOfTheirPurpose) {
    auto keeper = opened_keeper(folder_.path(), noon);
    const auto keys = ask(keeper, {.op = Op::public_keys}, noon).value();
    crypto::PublicKey ledger{};
    crypto::PublicKey token{};
    std::ranges::copy(Bytes{keys}.first(32), ledger.value.begin());
    std::ranges::copy(Bytes{keys}.last(32), token.value.begin());
    EXPECT_NE(ledger, token);

    const auto verified = [](const crypto::PublicKey& key, std::string_view text, const Buffer& bytes) {
        crypto::Signature signature{};
        std::ranges::copy(bytes, signature.value.begin());
        return crypto::verify(key, as_bytes(text), signature);
    };
    const auto text = checkpoint(1, "one");
    EXPECT_TRUE(verified(ledger, text, sign(keeper, text).value()));
    const auto signed_token =
        ask(keeper, {.op = Op::sign_token, .payload = as_bytes("e30.e30")}, noon).value();
    EXPECT_TRUE(verified(token, "e30.e30", signed_token));
    for (const auto* const other :
         {"", "e30", ".", "e30.", ".e30", "e30.e30.e30", "e30.e 0", "e30=.e30", "o\n1\n"})
        EXPECT_EQ(refusal(ask(keeper, {.op = Op::sign_token, .payload = as_bytes(other)}, noon)),
                  Errc::malformed);
}

TEST_F(KeeperTest, KeepsSecretsUnderTheKeyEncryptionKey) {
    const auto secret = [](Keeper& keeper, std::string_view name, std::string_view offered) {
        return ask(keeper, {.op = Op::secret, .name = name, .payload = as_bytes(offered)}, noon).value();
    };
    Buffer made;
    Buffer facility;
    {
        auto keeper = opened_keeper(folder_.path(), noon);
        made = secret(keeper, "cursor-key", "");
        EXPECT_EQ(made.size(), 32U);
        EXPECT_EQ(as_text(secret(keeper, "tls-key", "the first offer")), "the first offer");
        facility = ask(keeper, {.op = Op::facility}, noon).value();
    }
    auto keeper = opened_keeper(folder_.path(), noon);
    EXPECT_EQ(secret(keeper, "cursor-key", "too late"), made);
    EXPECT_EQ(as_text(secret(keeper, "tls-key", "the second offer")), "the first offer");
    EXPECT_EQ(ask(keeper, {.op = Op::facility}, noon).value(), facility);
    EXPECT_EQ(to_hex(Bytes{facility}.first(4)), "00000001");
    EXPECT_FALSE(occurs(all_files(folder_.path()), as_bytes("the first offer")));
    EXPECT_FALSE(occurs(all_files(folder_.path()), Bytes{facility}.subspan(4)));
}

TEST_F(KeeperTest, KeepsSoManySecretsAndNoMore) {
    auto keeper = opened_keeper(folder_.path(), noon);
    std::size_t kept = 0;
    for (; kept < 100; ++kept) {
        const auto name = "secret-" + std::to_string(kept);
        const auto reply = ask(keeper, {.op = Op::secret, .name = name}, noon);
        if (reply) continue;
        EXPECT_EQ(refusal(reply), Errc::limit_exceeded);
        break;
    }
    EXPECT_EQ(kept, 61U);   // and the three that are made first
}

}   // namespace
}   // namespace ward::keys
