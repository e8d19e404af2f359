// SPDX-License-Identifier: Apache-2.0
// Messages as the receivers read them. Pure: the same message is the same bytes whenever it is sent.
#pragma once

#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "notify/notice.hpp"

namespace ward::notify {

/// The body of a POST, docs/formats/notices.md.
std::string to_webhook(const Message& message);

struct Envelope {
    std::string from;   // LOCAL@DOMAIN, as all of these
    std::vector<std::string> to;
};
/// RFC 5322, with CRLF. No subject says more than which case, how bad, and of what kinds.
std::string to_mail(const Message& message, const Envelope& envelope);

/// One line each, without a line end. `host` is this machine's name.
std::string to_syslog(const Notice& notice, std::string_view host);   // RFC 5424
std::string to_cef(const Notice& notice, std::string_view host);      // ArcSight CEF:0 behind RFC 3164

}   // namespace ward::notify
