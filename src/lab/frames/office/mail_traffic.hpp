// SPDX-License-Identifier: Apache-2.0
// Letters on their way: from server to server by SMTP, to and from the house's people under TLS.
#pragma once

#include "lab/frames/office/resolver.hpp"
#include "lab/frames/office/tls_session.hpp"

namespace ward::lab {

/// Borrows the wires and the resolver.
class MailTraffic {
public:
    MailTraffic(Wires& wires, Resolver& resolver)
        : wires_(wires), resolver_(resolver), random_(wires.story().dice("mail traffic")) {}

    void see(const MailSent& sent, Moment at);

private:
    /// From one machine to the next.
    struct Leg {
        const Device& from;
        const Device& to;
        std::string from_name;
        std::string to_name;
        std::uint16_t port = 25;
        bool has_tls = true;
    };

    /// RFC 5321; with STARTTLS (RFC 3207) where the receiver offers it. Returns when it is done.
    Moment carry(const Leg& leg, const Letter& letter, Moment at);
    Moment carry_in_clear(TcpLine& line, const Letter& letter, std::string_view text, Moment at);
    void forward(const Device& house, const Letter& letter, Moment at);
    /// By its reader's program, as HTTPS.
    void fetch(StaffId reader, std::size_t size, Moment at);

    Wires& wires_;
    Resolver& resolver_;
    Dice random_;
};

}   // namespace ward::lab
