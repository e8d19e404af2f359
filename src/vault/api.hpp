// SPDX-License-Identifier: Apache-2.0
// FHIR over HTTP: reads requests, admits their bearers, and hands them to Dispatch.
#pragma once

#include <string>

#include "http/server.hpp"
#include "vault/access.hpp"
#include "vault/dispatch.hpp"

namespace ward::vault {

struct ApiOptions {
    std::string site;   // what AuditEvent.source names
    std::size_t body_bytes_max = std::size_t{64} << 20;
};

/// Callable from several threads. Borrows the vault and the gate.
class Api {
public:
    Api(Vault& vault, Gate& gate, ApiOptions options)
        : vault_(vault),
          gate_(gate),
          dispatch_(vault, options.site),
          limits_{.bytes_max = options.body_bytes_max} {}

    void answer(http::Request request, http::Respond respond);

    /// The body of an answer that the HTTP server gives by itself.
    static http::ErrorBody error_body();

private:
    fhir::Checked<> admit(const http::Request& request, Caller& caller);

    Vault& vault_;
    Gate& gate_;
    Dispatch dispatch_;
    json::Limits limits_;
};

}   // namespace ward::vault
