// SPDX-License-Identifier: Apache-2.0
// What is said with the domain controller so that people may use what they may: RFC 4120, as Windows does it.
#pragma once

#include "lab/frames/office/kerberos.hpp"
#include "lab/frames/office/wires.hpp"

namespace ward::lab {

/// Somebody at a machine.
struct Account {
    const Device& device;
    std::string login;
};

/// Borrows the wires.
class Tickets {
public:
    explicit Tickets(Wires& wires) : wires_(wires), random_(wires.story().dice("tickets")) {}

    /// Each returns when it is done. The first of a day, by the password.
    Moment sign_in(const Account& account, Moment at);
    Moment sign_in_wrongly(const Account& account, Moment at);
    /// For one service: {"cifs", "fs0001.ashmere.example"}
    Moment ticket_for(const Account& account, std::vector<std::string> service, Moment at,
                      int method = kerberos::aes256);

    /// What is shown to a server, and its answer.
    Buffer show(const Account& account, std::vector<std::string> service);
    Buffer shown();

private:
    std::string realm() const;
    Sealed sealed(int method, std::size_t size);
    std::size_t ticket_size(const Account& account) const;
    KdcRequest first_request(const Account& account);
    Moment ask_first(const Account& account, KdcRequest request, Moment at);
    Moment call(const Account& account, const Buffer& request, const Buffer& reply, Moment at);

    Wires& wires_;
    Dice random_;
};

}   // namespace ward::lab
