// SPDX-License-Identifier: Apache-2.0
#include "mllp/server.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "core/clock.hpp"
#include "http/tls_identity.hpp"
#include "mllp/link.hpp"

namespace ward::mllp {
namespace {

using namespace std::chrono_literals;
using testing::StartsWith;

const std::string one = "MSH|^~\\&|A|||||1\r";
const std::string two = "MSH|^~\\&|A|||||2\r";

/// Answers "got N bytes", and names the client's certificate if there is one.
std::vector<std::string> count_bytes(const hl7::Frame& frame, const Peer& peer) {
    auto answer = "got " + std::to_string(frame.text.size()) + (frame.is_cut ? " of more" : "");
    if (peer.certificate) answer += " from " + peer.certificate->subject;
    return {answer};
}

using Purpose = http::SelfSigned::Purpose;

http::TlsIdentity identity(std::string name, Purpose purpose = Purpose::server) {
    http::SelfSigned wish;
    wish.host_names = {std::move(name)};
    wish.addresses = {"127.0.0.1"};
    wish.not_before = SystemClock{}.now() - 24h;
    wish.purpose = purpose;
    return *http::make_self_signed(wish);
}

class TestServer {
public:
    explicit TestServer(ServerOptions options = {}, Take take = count_bytes)
        : server_(*Server::open(std::move(options), std::move(take))) {
        server_.start();
    }
    Server& get() { return server_; }

    /// Waits until the counters are as wished, or half a minute.
    template <class Wish>
    bool reaches(Wish wish) {
        for (int i = 0; i < 3'000; ++i) {
            if (wish(server_.counters())) return true;
            ::poll(nullptr, 0, 10);
        }
        return false;
    }

private:
    Server server_;
};

/// A client that sends what the test likes. All waiting is for the server, at most half a minute.
class Client {
public:
    explicit Client(TestServer& server, const http::TlsRole* tls = nullptr) {
        UniqueFd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(server.get().port());
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(socket.get(), static_cast<const sockaddr*>(static_cast<const void*>(&address)),
                            sizeof address),
                  0);
        descriptor_ = socket.get();
        std::optional<http::TlsLink> link;
        if (tls != nullptr) link = *tls->connect(socket.get(), "127.0.0.1");
        link_.emplace(std::move(socket), -1, std::move(link));
        is_connected_ = link_->handshake(soon());
    }

    bool is_connected() const { return is_connected_; }
    bool send(std::string_view bytes) { return link_->write(bytes, soon()); }
    void end() { ::shutdown(descriptor_, SHUT_WR); }

    /// The next answer without its frame; empty when the server has closed.
    std::string receive() {
        for (;;) {
            const auto end = received_.find("\x1c\r");
            if (end != std::string::npos) {
                auto answer = received_.substr(1, end - 1);
                received_.erase(0, end + 2);
                return answer;
            }
            std::array<char, 4096> buffer{};
            const auto amount = link_->read(buffer, soon());
            if (amount.step != ReadStep::bytes) return {};
            received_.append(buffer.data(), amount.count);
        }
    }

private:
    static Deadline soon() { return std::chrono::steady_clock::now() + 30s; }

    int descriptor_ = -1;
    std::optional<Link> link_;
    bool is_connected_ = false;
    std::string received_;
};

TEST(MllpServer, AnswersEachMessageInTurn) {
    TestServer server;
    Client client{server};
    client.send(hl7::framed(one) + hl7::framed(two + two));
    EXPECT_EQ(client.receive(), "got 17");
    EXPECT_EQ(client.receive(), "got 34");
    client.send(hl7::framed(one));
    EXPECT_EQ(client.receive(), "got 17");
}

TEST(MllpServer, ServesManyConnectionsAtOnce) {
    TestServer server;
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 16; ++i) clients.push_back(std::make_unique<Client>(server));
    for (auto& client : clients) client->send(hl7::framed(one));
    for (auto& client : clients) EXPECT_EQ(client->receive(), "got 17");
    EXPECT_EQ(server.get().counters().connections_open, 16U);
    clients.clear();
    EXPECT_TRUE(server.reaches([](const auto& counters) { return counters.connections_open == 0; }));
}

TEST(MllpServer, TakesMessagesOfMegabytes) {
    TestServer server;
    Client client{server};
    client.send(hl7::framed(one + std::string(std::size_t{8} << 20, 'x')));
    EXPECT_EQ(client.receive(), "got 8388625");
}

TEST(MllpServer, TellsOfAMessageThatIsTooLong) {
    ServerOptions options;
    options.limits.message_bytes_max = 100;
    TestServer server{std::move(options)};
    Client client{server};
    client.send(hl7::framed(one + std::string(1'000, 'x')) + hl7::framed(one));
    EXPECT_EQ(client.receive(), "got 100 of more");
    EXPECT_EQ(client.receive(), "got 17");
}

TEST(MllpServer, TakesAMessageWithoutFSWhenNothingFollows) {
    ServerOptions options;
    options.limits.unended_timeout = 50ms;
    TestServer server{std::move(options)};
    Client waiting{server};
    waiting.send("\x0b" + one);
    EXPECT_EQ(waiting.receive(), "got 17");
    Client leaving{server};
    leaving.send("\x0b" + one);
    leaving.end();
    EXPECT_EQ(leaving.receive(), "got 17");
    EXPECT_EQ(server.get().counters().unended, 2U);
}

TEST(MllpServer, AnswersAMessageThatPausedOnceMoreAsAWhole) {
    ServerOptions options;
    options.limits.unended_timeout = 50ms;
    TestServer server{std::move(options)};
    Client client{server};
    client.send("\x0b" + one);
    EXPECT_EQ(client.receive(), "got 17");
    client.send("OBX|2\r\x1c\r");
    EXPECT_EQ(client.receive(), "got 23");
}

TEST(MllpServer, TakesNothingUnendedFromAConnectionThatBreaks) {
    const auto own = identity("ward");
    ServerOptions options;
    options.tls = *http::TlsRole::server(own);
    TestServer server{std::move(options)};
    const auto role = *http::TlsRole::client(own.certificate_pem);
    Client client{server, &role};
    client.send("\x0b" + one);
    client.end();   // without close_notify
    EXPECT_EQ(client.receive(), "");
    EXPECT_TRUE(server.reaches([](const auto& counters) { return counters.abandoned == 1; }));
    EXPECT_EQ(server.get().counters().frames, 0U);
}

TEST(MllpServer, GivesUpOnWhatIsNeverEnded) {
    ServerOptions options;
    options.limits.message_timeout = 50ms;
    TestServer server{std::move(options)};
    Client client{server};
    client.send("\x0bMSH|^~\\&|A|B");
    EXPECT_EQ(client.receive(), "");
    EXPECT_TRUE(server.reaches([](const auto& counters) { return counters.abandoned == 1; }));
    EXPECT_EQ(server.get().counters().frames, 0U);
}

TEST(MllpServer, HoldsNoMoreConnectionsAndBytesThanItMay) {
    ServerOptions options;
    options.limits.connections_max = 1;
    options.limits.bytes_max = 100'000;
    TestServer server{std::move(options)};
    Client first{server};
    first.send(hl7::framed(one));
    EXPECT_EQ(first.receive(), "got 17");
    Client second{server};
    EXPECT_EQ(second.receive(), "");
    EXPECT_EQ(server.get().counters().connections_rejected, 1U);
    first.send("\x0b" + one + std::string(200'000, 'x'));
    EXPECT_EQ(first.receive(), "");
}

TEST(MllpServer, LeavesRoomForOthersThanOneAddress) {
    ServerOptions options;
    options.limits.connections_per_address_max = 1;
    TestServer server{std::move(options)};
    Client first{server};
    first.send(hl7::framed(one));
    EXPECT_EQ(first.receive(), "got 17");
    Client second{server};
    EXPECT_EQ(second.receive(), "");
    EXPECT_EQ(server.get().last_refused().why, "there are too many connections from this address");
}

TEST(MllpServer, CountsAMessageUntilItIsAnswered) {
    ServerOptions options;
    options.limits.bytes_max = 1'000;
    TestServer server{std::move(options)};
    Client client{server};
    client.send(hl7::framed(one + std::string(2'000, 'x')));
    EXPECT_EQ(client.receive(), "");
    EXPECT_EQ(server.get().counters().frames, 0U);
}

TEST(MllpServer, SpeaksTls) {
    const auto own = identity("ward");
    ServerOptions options;
    options.tls = *http::TlsRole::server(own);
    TestServer server{std::move(options)};
    const auto role = *http::TlsRole::client(own.certificate_pem);
    Client client{server, &role};
    ASSERT_TRUE(client.is_connected());
    client.send(hl7::framed(one));
    EXPECT_EQ(client.receive(), "got 17");
    Client plain{server};
    plain.send(hl7::framed(one));
    EXPECT_THAT(plain.receive(), testing::Not(StartsWith("got")));
}

TEST(MllpServer, WithMutualTlsServesOnlyClientsItTrusts) {
    const auto own = identity("ward"), known = identity("lab", Purpose::client);
    const auto stranger = identity("stranger", Purpose::client);
    ServerOptions options;
    options.tls = *http::TlsRole::server(own, {.authorities_pem = known.certificate_pem});
    TestServer server{std::move(options)};
    const auto with_known = *http::TlsRole::client(own.certificate_pem, known);
    Client client{server, &with_known};
    client.send(hl7::framed(one));
    EXPECT_EQ(client.receive(), "got 17 from CN=lab");
    // In TLS 1.3 a client learns only afterwards that it was refused.
    for (const auto& role : {*http::TlsRole::client(own.certificate_pem, stranger),
                             *http::TlsRole::client(own.certificate_pem)}) {
        Client refused{server, &role};
        refused.send(hl7::framed(one));
        EXPECT_EQ(refused.receive(), "");
    }
    EXPECT_TRUE(server.reaches([](const auto& counters) { return counters.handshakes_failed == 2; }));
    EXPECT_EQ(server.get().counters().frames, 1U);
    EXPECT_EQ(server.get().last_refused().address, "127.0.0.1");
    EXPECT_EQ(server.get().last_refused().why, "peer did not return a certificate");
}

TEST(MllpServer, AnswersWhatItTookInBeforeItStops) {
    std::atomic<bool> begun = false, go_on = false;
    TestServer server{{}, [&](const hl7::Frame&, const Peer&) {
                          begun = true;
                          while (!go_on) ::poll(nullptr, 0, 1);
                          return std::vector<std::string>{"done"};
                      }};
    Client client{server}, idle{server};
    client.send(hl7::framed(one));
    while (!begun) ::poll(nullptr, 0, 1);
    std::thread stopper{[&] { server.get().stop(); }};
    go_on = true;
    EXPECT_EQ(client.receive(), "done");
    EXPECT_EQ(client.receive(), "");
    EXPECT_EQ(idle.receive(), "");
    stopper.join();
}

TEST(MllpServer, RefusesAnAddressThatIsNone) {
    EXPECT_FALSE(Server::open({.address = "localhost:2575"}, count_bytes));
    EXPECT_FALSE(Server::open({.address = "127.0.0.1"}, count_bytes));
    EXPECT_FALSE(Server::open({.address = "127.0.0.1:99999"}, count_bytes));
    EXPECT_TRUE(Server::open({.address = "[::1]:0"}, count_bytes));
}

}   // namespace
}   // namespace ward::mllp
