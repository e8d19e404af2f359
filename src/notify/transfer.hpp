// SPDX-License-Identifier: Apache-2.0
// libcurl and sockets, as this folder uses them. Each call is one connection, waits for it, and ends in time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "notify/destination.hpp"

namespace ward::notify {

/// How an attempt went, for whoever tries whether messages arrive.
struct Attempt {
    /// Errc::unavailable: nobody was there. Errc::denied: somebody was, and it was not the right one, or
    /// would not have it.
    Result<> done{};
    std::string peer{};     // the address and port that was spoken to; empty: none
    std::string tls{};      // version and cipher; empty: without TLS
    std::string answer{};   // the beginning of what the other said
};

struct TransferLimits {
    std::chrono::milliseconds connect{10'000};
    std::chrono::milliseconds whole{30'000};
    std::size_t answer_bytes_max = std::size_t{64} << 10U;   // a longer one is an error
    std::size_t answer_kept = 200;
};

/// Done with any answer from 200 to 299. No redirect is followed.
Attempt post(const Destination& to, std::string_view body, const std::vector<std::string>& headers,
             const std::string& authorities_file, const TransferLimits& limits = {});

struct Login {
    std::string user;
    std::string password;
};
/// Done when the server has taken it for all receivers.
Attempt send_mail(const Channels::Mail& mail, const Envelope& envelope, std::string_view text,
                  const Login& login, const std::string& host, const std::string& authorities_file,
                  const TransferLimits& limits = {});

/// A datagram each over UDP, or with the octets counted in a stream (RFC 5425, 4.3; RFC 6587, 3.4.1). Done
/// when all is handed to the network: syslog has no answer.
Attempt send_lines(const Destination& to, const std::vector<std::string>& lines,
                   const std::string& authorities_file, const TransferLimits& limits = {});

}   // namespace ward::notify
