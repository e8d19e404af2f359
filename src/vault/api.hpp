// SPDX-License-Identifier: Apache-2.0
// FHIR over HTTP: reads requests, admits their bearers, and hands them to Dispatch.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <thread>

#include "core/task_queue.hpp"
#include "http/server.hpp"
#include "vault/cross_origin.hpp"
#include "vault/dispatch.hpp"
#include "vault/door.hpp"

namespace ward::vault {

struct ApiOptions {
    std::string site;   // what AuditEvent.source names
    std::size_t body_bytes_max = std::size_t{64} << 20;
    /// Until when the record has what feeds brought, for each of them; told to whoever may ask for anything,
    /// as Ward-As-Of. May be called from several threads.
    std::function<std::string()> as_of{};
    CrossOrigin cross_origin{};
};

/// Callable from several threads. Borrows the vault, and what the door borrows.
class Api {
public:
    Api(Vault& vault, DoorParts door, const ApiOptions& options)
        : vault_(vault),
          door_(vault, std::move(door)),
          dispatch_(vault, options.site),
          limits_{.bytes_max = options.body_bytes_max},
          as_of_(options.as_of),
          cross_origin_(options.cross_origin),
          long_tasks_(std::max(2U, std::thread::hardware_concurrency()), long_tasks_waiting_max) {}

    void answer(http::Request request, http::Respond respond);

    /// For what the HTTP server refuses by itself: the body of its answer, and the audit of it.
    static http::ErrorBody error_body();
    void note_refused(int status, std::string_view what, const std::string& peer_address,
                      UniqueFunction<void()> go_on);

private:
    static constexpr std::size_t long_tasks_waiting_max = 256;

    bool answer_about_tokens(const http::Request& request, Send& send);

    Vault& vault_;
    Door door_;
    Dispatch dispatch_;
    json::Limits limits_;
    std::function<std::string()> as_of_;
    CrossOrigin cross_origin_;
    TaskQueue long_tasks_;   // the last: what it still does uses the others
};

}   // namespace ward::vault
