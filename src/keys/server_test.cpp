// SPDX-License-Identifier: Apache-2.0
#include "keys/server.hpp"

#include <algorithm>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "keys/client.hpp"
#include "keys/keeper_fixture_test.hpp"
#include "keys/unix_socket.hpp"

namespace ward::keys {
namespace {

using namespace std::chrono_literals;

/// A server that runs on a thread of its own until it is stopped.
class Running {
public:
    Running(Keeper& keeper, const Clock& clock, ServerOptions options)
        : stop_(::eventfd(0, EFD_CLOEXEC)),
          server_(Server::listen(keeper, clock, std::move(options)).value()),
          thread_([this] { EXPECT_TRUE(server_.run(stop_.get())); }) {}
    ~Running() { EXPECT_EQ(::eventfd_write(stop_.get(), 1), 0); }

private:
    UniqueFd stop_;
    Server server_;
    std::jthread thread_;
};

class KeysServer : public testing::Test {
protected:
    ServerOptions options() const { return {.socket = socket_, .peer = ::geteuid()}; }

    /// A connection without a client, for what no client would send.
    UniqueFd connected() const {
        UniqueFd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        const auto address = unix_address(socket_).value();
        EXPECT_EQ(::connect(fd.get(), as_sockaddr(address), sizeof address), 0);
        return fd;
    }

    static bool is_closed_by_peer(const UniqueFd& fd) {
        std::byte byte{};
        return ::recv(fd.get(), &byte, 1, 0) <= 0;
    }

    const ScratchFolder folder_;
    const std::filesystem::path socket_ = folder_.path() / "run" / "keys.sock";
    ManualClock clock_{noon};
    Keeper keeper_ = opened_keeper(folder_.path(), noon);
};

TEST_F(KeysServer, AnswersAClient) {
    const Running server{keeper_, clock_, options()};
    Client client{socket_};
    const auto owner = some_owner();
    const auto created = client.create(owner).value();
    const auto unwrapped = client.unwrap(owner, created.key_id).value();
    EXPECT_TRUE(crypto::equal_in_constant_time(unwrapped.reveal(), created.data_key.reveal()));
    EXPECT_EQ(created.wrapped.size(), 56U + 32U + 16U);
    EXPECT_EQ(client.create(owner).error().code, Errc::conflict);
    EXPECT_EQ(client.unwrap(some_owner(), created.key_id).error().code, Errc::not_found);
    EXPECT_EQ(client.facility().value().version, 1U);
    EXPECT_EQ(client.unseal(secret_of("an invented passphrase")).error().code, Errc::conflict);
}

TEST_F(KeysServer, SignsAndKeepsSecretsForAClient) {
    const Running server{keeper_, clock_, options()};
    Client client{socket_};
    const auto keys = client.public_keys().value();
    const auto text = "ward.example\n1\n" + to_base64(Digest{}) + "\n";
    EXPECT_TRUE(crypto::verify(keys.ledger, as_bytes(text), client.sign_checkpoint(text).value()));
    EXPECT_TRUE(crypto::verify(keys.token, as_bytes("e30.e30"), client.sign_token("e30.e30").value()));
    const auto offered = secret_of(std::string(4096, 't'));
    const auto kept = client.secret("tls-key", offered).value();
    EXPECT_TRUE(crypto::equal_in_constant_time(kept.reveal(), offered.reveal()));
    EXPECT_EQ(client.secret("cursor-key").value().size(), 32U);
    EXPECT_EQ(client.secret("tls-key", secret_of(std::string(4097, 't'))).error().code, Errc::limit_exceeded);
    EXPECT_EQ(client.sign_token(std::string(4097, 't')).error().code, Errc::limit_exceeded);
    EXPECT_EQ(client.secret(std::string(33, 'n')).error().code, Errc::limit_exceeded);
}

TEST_F(KeysServer, IsThereForItsOwnerOnly) {
    const Running server{keeper_, clock_, options()};
    struct stat status {};
    ASSERT_EQ(::stat(socket_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    ASSERT_EQ(::stat(socket_.parent_path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

// The test is one user, so it is the server who expects another.
TEST_F(KeysServer, AnswersNoOtherUser) {
    auto other = options();
    other.peer = ::geteuid() + 1;
    const Running server{keeper_, clock_, other};
    Client client{socket_};
    EXPECT_EQ(client.status().error().code, Errc::unavailable);
    EXPECT_EQ(client.create(some_owner()).error().code, Errc::unavailable);
    EXPECT_TRUE(is_closed_by_peer(connected()));
}

TEST_F(KeysServer, AStolenVaultOpensTheBudgetAndRaisesTheAlarm) {
    const Running server{keeper_, clock_, options()};
    Client client{socket_};
    std::vector<std::pair<Owner, KeyId>> owners;
    for (int i = 0; i < 1000; ++i) {
        const auto owner = some_owner();
        owners.emplace_back(owner, client.create(owner).value().key_id);
    }
    clock_.advance(2h);
    Client thief{socket_};
    const auto opened = [&] {
        return std::ranges::count_if(
            owners, [&](const auto& key) { return thief.unwrap(key.first, key.second).has_value(); });
    };
    EXPECT_EQ(opened(), 20);
    auto status = client.status().value();
    EXPECT_EQ(status.refused, 980U);
    EXPECT_EQ(status.alarms, 2U);
    EXPECT_EQ(status.owners_opened, 20U);
    EXPECT_EQ(status.owners_left, 0U);
    EXPECT_EQ(status.keys, 1000U);
    EXPECT_EQ(status.burst, 20U);
    EXPECT_EQ(status.per_hour, 60U);

    clock_.advance(30min);
    EXPECT_EQ(opened(), 20 + 20);   // a burst is twenty, however long the thief waits
    clock_.advance(10min);
    EXPECT_EQ(opened(), 20 + 20 + 10);
}

TEST_F(KeysServer, IsReachedAgainAfterARestart) {
    Client client{socket_, {.timeout = 2s}};
    EXPECT_EQ(client.status().error().code, Errc::unavailable);   // not there yet
    const auto owner = some_owner();
    KeyId id{};
    {
        const Running server{keeper_, clock_, options()};
        id = client.create(owner).value().key_id;
    }
    EXPECT_EQ(client.status().error().code, Errc::unavailable);
    const Running server{keeper_, clock_, options()};
    EXPECT_TRUE(client.unwrap(owner, id));
}

TEST_F(KeysServer, ServesManyClientsAndThreads) {
    const Running server{keeper_, clock_, options()};
    std::vector<std::size_t> wrong(8);
    {
        Client shared{socket_};
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < wrong.size(); ++i)
            threads.emplace_back([&, i] {
                Client own{socket_};
                Client& client = i % 2 == 0 ? shared : own;
                for (int round = 0; round < 20; ++round) {
                    const auto owner = some_owner();
                    const auto created = client.create(owner).value();
                    const auto again = client.unwrap(owner, created.key_id).value();
                    const bool same =
                        crypto::equal_in_constant_time(created.data_key.reveal(), again.reveal());
                    wrong[i] += same ? 0U : 1U;
                }
            });
    }
    EXPECT_EQ(std::ranges::count(wrong, 0U), 8);
}

TEST_F(KeysServer, ClosesOnAnythingThatIsNoRequest) {
    const Running server{keeper_, clock_, options()};
    for (const auto* const hex :
         {"00000000", "ffffffff", "474554202f20485454502f312e310d0a", "0000000201ff", "00000003010900"}) {
        const auto bytes = from_hex(hex).value();
        const auto fd = connected();
        ASSERT_EQ(::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(bytes.size()));
        EXPECT_TRUE(is_closed_by_peer(fd)) << hex;
    }
    EXPECT_TRUE(Client{socket_}.status());
}

TEST_F(KeysServer, AnswersRequestsThatComeInPiecesOrTogether) {
    const Running server{keeper_, clock_, options()};
    const auto status = from_hex(
                            "000000020109"
                            "000000020109"
                            "000000020109")
                            .value();
    const auto fd = connected();
    for (const auto byte : Bytes{status}.first(7)) ASSERT_EQ(::send(fd.get(), &byte, 1, MSG_NOSIGNAL), 1);
    ASSERT_EQ(::send(fd.get(), status.data() + 7, 11, MSG_NOSIGNAL), 11);
    Buffer replies(3 * (reply_header_bytes + 65));
    ASSERT_EQ(::recv(fd.get(), replies.data(), replies.size(), MSG_WAITALL),
              static_cast<ssize_t>(replies.size()));
    auto rest = Bytes{replies};
    for (int i = 0; i < 3; ++i) {
        auto fields = decode_reply(first_frame(rest).value().value()).value();
        EXPECT_EQ(decode_status(fields).seal, Seal::unsealed);
        rest = rest.subspan(reply_header_bytes + 65);
    }
}

TEST_F(KeysServer, GivesUpOnARequestThatDoesNotEnd) {
    auto impatient = options();
    impatient.request_timeout = 10ms;
    const Running server{keeper_, clock_, impatient};
    const auto fd = connected();
    ASSERT_EQ(::send(fd.get(), "\0\0", 2, MSG_NOSIGNAL), 2);
    EXPECT_TRUE(is_closed_by_peer(fd));
    const auto idle = connected();   // one that waits for work is no burden
    EXPECT_TRUE(Client{socket_}.status());
    std::byte byte{};
    EXPECT_EQ(::recv(idle.get(), &byte, 1, MSG_DONTWAIT), -1);
}

TEST_F(KeysServer, LetsNoMoreInThanItHasRoomFor) {
    auto small = options();
    small.connections_max = 2;
    const Running server{keeper_, clock_, small};
    Client first{socket_};
    Client third{socket_, {.timeout = 50ms}};
    ASSERT_TRUE(first.status());
    {
        Client second{socket_};
        ASSERT_TRUE(second.status());
        EXPECT_EQ(third.status().error().code, Errc::unavailable);
    }
    Client patient{socket_};
    EXPECT_TRUE(patient.status());
}

}   // namespace
}   // namespace ward::keys
