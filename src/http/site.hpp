// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "core/clock.hpp"
#include "http/body_budget.hpp"
#include "http/server.hpp"
#include "http/tls_link.hpp"
#include "http/watch.hpp"

namespace ward::http {

/// What all connections of one server share. Outlives them.
struct Site {
    Site(ServerOptions options, TlsRole role, Answer answerer)
        : limits(options.limits),
          error_body(std::move(options.error_body)),
          refused(std::move(options.refused)),
          asks_for_certificates(options.clients.has_value()),
          answer(std::move(answerer)),
          tls(std::move(role)),
          budget(limits.bodies_bytes_max) {}

    const ServerLimits limits;
    const ErrorBody error_body;
    const Refused refused;
    const bool asks_for_certificates;
    const Answer answer;
    const TlsRole tls;
    const SystemClock clock{};
    BodyBudget budget;
    Watch watch;
    std::atomic<bool> stopping{false};

    // Counters, as in ServerCounters.
    std::atomic<std::uint64_t> connections{0};
    std::atomic<std::uint64_t> connections_rejected{0};
    std::atomic<std::uint64_t> handshakes_failed{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> requests_in_flight{0};
    std::atomic<std::uint64_t> requests_refused{0};
    std::atomic<std::uint64_t> timeouts{0};
};

}   // namespace ward::http
