// SPDX-License-Identifier: Apache-2.0
// That somebody read his mail, without whose it was and what it said.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

/// What IMAP and POP3 have in common.
struct MailboxAccess {
    std::string server;   // its greeting
    std::vector<std::string> capabilities;
    bool starttls = false;   // TLS begins here
    std::string auth;        // the mechanism; login is a password
    std::optional<bool> authenticated;
    bool clear_password = false;
    std::optional<std::uint64_t> messages;   // in the mailbox
    std::uint64_t fetched = 0;               // commands that read messages
    std::uint64_t deleted = 0;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("server", server);
        visit("capabilities", capabilities);
        visit("starttls", starttls);
        visit("auth", auth);
        visit("authenticated", authenticated);
        visit("clear_password", clear_password);
        visit("messages", messages);
        visit("fetched", fetched);
        visit("deleted", deleted);
    }
};

struct Imap {
    static constexpr std::string_view event_type = "imap";
    MailboxAccess access;
    template <class Visitor>
    void fields(Visitor&& visit) const {
        access.fields(visit);
    }
};

struct Pop3 {
    static constexpr std::string_view event_type = "pop3";
    MailboxAccess access;
    template <class Visitor>
    void fields(Visitor&& visit) const {
        access.fields(visit);
    }
};

}   // namespace ward::event
