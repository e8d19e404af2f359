// SPDX-License-Identifier: Apache-2.0
// NATS, as far as Ward needs it. Delivery is not relied on: a connection that breaks is thrown away.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"

struct __natsConnection;     // NOLINT: the library's names
struct __natsSubscription;   // NOLINT

namespace ward::bus {

/// How to get to the bus. Files are read anew for each connection.
struct Address {
    std::string url;           // nats:// or tls://, several with commas between them; or a file that holds it
    std::string credentials;   // a file: NATS' own for a user (JWT and seed), or two lines, user and password
    std::string authorities;   // a file of certificates (PEM) that vouch for the server's; empty: no TLS
};

struct Message {
    std::string subject;
    Buffer bytes;
};

class Subscription {
public:
    /// The next message, or nothing when none came in time. Errc::unavailable when the connection is broken.
    Result<std::optional<Message>> next(std::chrono::milliseconds patience);

private:
    friend class Connection;
    struct Deleter {
        void operator()(__natsSubscription* subscription) const;
    };
    std::unique_ptr<__natsSubscription, Deleter> subscription_;
};

/// Not for several threads.
class Connection {
public:
    /// `name` is who connects, for those who look after the server. Errc::unavailable.
    static Result<Connection> open(const Address& address, const std::string& name);

    /// At most `pending_bytes_max` wait here; what comes on top is lost, as it may be anywhere on the way.
    Result<Subscription> subscribe(const std::string& subject, int pending_bytes_max);
    Result<> publish(const std::string& subject, Bytes bytes);
    /// What was published or subscribed has reached the server.
    Result<> flush(std::chrono::milliseconds patience);
    bool is_alive() const;

private:
    struct Deleter {
        void operator()(__natsConnection* connection) const;
    };
    std::unique_ptr<__natsConnection, Deleter> connection_;
};

}   // namespace ward::bus
