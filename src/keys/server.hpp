// SPDX-License-Identifier: Apache-2.0
// ward-keys' Unix socket. One thread, one request at a time: the keeper has one owner, and a hospital's care
// needs fewer keys a second than one core unwraps.
#pragma once

#include <chrono>
#include <filesystem>
#include <list>
#include <sys/types.h>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "core/unique_fd.hpp"
#include "crypto/secret.hpp"
#include "keys/keeper.hpp"

namespace ward::keys {

struct ServerOptions {
    std::filesystem::path socket;   // in a folder that is made for its owner only
    uid_t peer;                     // only processes of this user are answered
    std::size_t connections_max = 32;
    std::chrono::milliseconds request_timeout{
        5'000};   // from its first byte to its last, and for taking the reply
};

class Server {
public:
    /// Takes the place of a socket that is there: the keeper is the only one of its folder.
    static Result<Server> listen(Keeper& keeper, const Clock& clock, ServerOptions options);

    Server(Server&&) noexcept = default;
    Server& operator=(Server&&) = delete;
    ~Server();

    /// Answers until `stop` is readable.
    Result<> run(int stop);

private:
    using Deadline = std::chrono::steady_clock::time_point;

    /// Its buffers are secret memory: passphrases come in, keys go out.
    struct Connection {
        UniqueFd fd;
        crypto::SecretBytes incoming;
        crypto::SecretBytes outgoing;
        std::size_t received = 0;
        std::size_t to_send = 0;
        std::size_t sent = 0;
        Deadline deadline = Deadline::max();   // while a request or a reply is under way
    };
    enum class Fate { kept, closed };

    Server(Keeper& keeper, const Clock& clock, ServerOptions options, UniqueFd listener)
        : keeper_(&keeper), clock_(&clock), options_(std::move(options)), listener_(std::move(listener)) {}

    void accept();
    Fate serve(Connection& connection, short events);
    Fate receive(Connection& connection);
    Fate answer_all(Connection& connection);
    static Fate malformed(const Error& error);
    Fate send(Connection& connection);
    void set_deadline(Connection& connection) const;

    Keeper* keeper_;
    const Clock* clock_;
    ServerOptions options_;
    UniqueFd listener_;
    std::list<Connection> connections_;
};

}   // namespace ward::keys
