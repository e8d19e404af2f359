// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "http/message.hpp"

namespace ward::http {

enum class AfterResponse { keep_alive, close };

struct ResponseFrame {
    Time date;
    AfterResponse after = AfterResponse::keep_alive;
};

/// Appends the status line and header. False, and nothing appended, if a field holds a character that would
/// end it early (RFC 9110, 5.5): such an answer must not be sent.
bool write_header(std::string& out, const Response& response, const ResponseFrame& frame);

/// RFC 9110, 6.4.1: answers that never have a body, whatever the program put there.
bool is_bodiless(int status);

/// RFC 9110, 5.6.7: Sun, 06 Nov 1994 08:49:37 GMT.
void append_date(std::string& out, Time time);

}   // namespace ward::http
