// SPDX-License-Identifier: Apache-2.0
// Requests and responses of HTTP/1.1 (RFC 9110 and 9112), as a client of FHIR and its server write them.
#pragma once

#include <string>
#include <string_view>

#include "lab/agenda.hpp"

namespace ward::lab::http {

/// IMF-fixdate: RFC 9110, section 5.6.7.
std::string date_text(Moment at);

std::string get(std::string_view host, std::string_view target);

struct Answer {
    int status = 200;
    std::string body;   // FHIR, in JSON
    Moment at{};
    Moment changed{};   // of one resource; the beginning of time: this is a search's answer
};
std::string response(const Answer& answer);

}   // namespace ward::lab::http
