// SPDX-License-Identifier: Apache-2.0
// FHIR over HTTP: reads requests, admits their bearers, and hands them to Dispatch.
#pragma once

#include <string>

#include "http/server.hpp"
#include "vault/access.hpp"
#include "vault/dispatch.hpp"

namespace ward::vault {

/// Callable from several threads. Borrows the vault and the gate.
class Api {
public:
    Api(Vault& vault, Gate& gate, std::string site)
        : vault_(vault), gate_(gate), dispatch_(vault, std::move(site)) {}

    void answer(http::Request request, http::Respond respond);

    /// The body of an answer that the HTTP server gives by itself.
    static http::ErrorBody error_body();

private:
    fhir::Checked<> admit(const http::Request& request, Caller& caller);

    Vault& vault_;
    Gate& gate_;
    Dispatch dispatch_;
};

}   // namespace ward::vault
