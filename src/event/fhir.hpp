// SPDX-License-Identifier: Apache-2.0
// One interaction with a FHIR server over HTTP, in FHIR's own terms (R4, http.html).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

struct Fhir {
    static constexpr std::string_view event_type = "fhir";

    std::string_view interaction;   // valueset-restful-interaction: read, search-type, transaction, operation
    std::string operation;          // $everything
    std::string resource_type;      // that the path names, or else the request's body
    std::string base;               // the path before it
    std::vector<std::string> parameters;   // of a search: names, never values
    std::string format;                    // json or xml
    std::string fhir_version;
    std::string response_type;              // the type of the resource in the response's body
    std::optional<std::uint64_t> total;     // Bundle.total
    std::optional<std::uint32_t> entries;   // of the response's Bundle, as far as it was read
    bool operation_outcome = false;
    Pseudonym patient;
    std::optional<std::uint16_t> status;
    std::string client;   // User-Agent
    std::string server;
    bool authorization = false;
    std::uint64_t request_length = 0;
    std::optional<std::uint64_t> length;
    std::optional<std::int64_t> latency_us;
    bool request_seen = true;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("interaction", interaction);
        visit("operation", operation);
        visit("resource_type", resource_type);
        visit("base", base);
        visit("parameters", parameters);
        visit("format", format);
        visit("fhir_version", fhir_version);
        visit("response_type", response_type);
        visit("total", total);
        visit("entries", entries);
        visit("operation_outcome", operation_outcome);
        visit("patient", patient);
        visit("status", status);
        visit("client", client);
        visit("server", server);
        if (request_seen) visit("authorization", authorization);
        if (request_seen) visit("request_length", request_length);
        visit("length", length);
        visit("latency_us", latency_us);
        if (!request_seen) visit("request_seen", request_seen);
    }
};

}   // namespace ward::event
