// SPDX-License-Identifier: Apache-2.0
// A sender's end of FHIR over HTTPS: transactions, with a bearer token.
#pragma once

#include "http/client.hpp"
#include "lab/play/receiver.hpp"

namespace ward::lab {

/// What it takes to store something at Ward.
struct FhirAccess {
    Receiver receiver{};
    std::string trusted_pem{};   // the server's certificate, or who signed it
    std::string token{};
    std::chrono::seconds patience{60};
};

/// Connects when it has something to send. For one thread at a time.
class FhirLine {
public:
    explicit FhirLine(FhirAccess access) : access_(std::move(access)) {}

    /// The status of the answer. What was not answered is sent again, so a transaction must be one that
    /// changes nothing the second time. Errc::unavailable if nobody answered within the patience.
    Result<int> send(const std::string& bundle);

private:
    Result<int> try_to_send(const http::Request& request);

    FhirAccess access_;
    std::optional<http::Client> client_{};
};

}   // namespace ward::lab
