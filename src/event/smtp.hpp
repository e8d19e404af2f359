// SPDX-License-Identifier: Apache-2.0
// A mail on its way, without whom it is from, whom it is for, and what it says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

struct Smtp {
    static constexpr std::string_view event_type = "smtp";

    std::string server;   // its greeting
    std::string helo;
    std::string auth;                          // the mechanism
    std::optional<std::uint16_t> auth_reply;   // 235 is success
    bool starttls_offered = false;
    bool starttls = false;   // TLS begins here
    std::string mail_from;   // domains only
    std::vector<std::string> rcpt_to;
    std::uint32_t recipients = 0;
    std::optional<std::uint32_t> message;   // the first of a connection is 1; none: no mail was sent
    std::uint64_t bytes = 0;
    std::uint32_t attachments = 0;
    std::vector<std::string> content_types;
    std::optional<std::uint16_t> reply;   // to the mail, or the last one of a refusal

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("server", server);
        visit("helo", helo);
        visit("auth", auth);
        visit("auth_reply", auth_reply);
        visit("starttls_offered", starttls_offered);
        visit("starttls", starttls);
        visit("mail_from", mail_from);
        visit("rcpt_to", rcpt_to);
        visit("recipients", recipients);
        visit("message", message);
        if (message) visit("bytes", bytes);
        if (message) visit("attachments", attachments);
        visit("content_types", content_types);
        visit("reply", reply);
    }
};

}   // namespace ward::event
