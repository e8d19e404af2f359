// SPDX-License-Identifier: Apache-2.0
// A TLS connection as a mirror port sees it: what is said in the clear, then records of which only the sizes
// tell something.
#pragma once

#include "lab/frames/office/tls_taste.hpp"
#include "lab/frames/office/wires.hpp"

namespace ward::lab {

struct TlsWish {
    std::string host;
    TlsTaste taste{};
    bool is_old_server = false;   // knows 1.2 only
    std::uint16_t port = 443;
    int certificate = 0;         // how many the host had before
    std::string client_name{};   // in the certificate that the client has to show, by 1.2; empty: none
};

/// Borrows the wires.
class TlsSession {
public:
    TlsSession(Wires& wires, const Device& client, const Device& server, TlsWish wish);

    /// Before the handshake, where something else comes first.
    TcpLine& line() { return line_; }
    /// Each returns when it is done.
    Moment open(Moment at);
    Moment exchange(std::size_t asked, std::size_t answered, Moment at);
    Moment send(Side from, std::size_t size, Moment at);
    Moment close(Side from, Moment at);

private:
    Moment open_12(Moment at);
    Moment open_13(const ClientHello& hello, Moment at);
    void add_opaque(Buffer& out, TlsContent content, std::size_t size);
    Buffer certificate_of_host();
    Buffer certificate_of_client();

    Wires& wires_;
    TlsWish wish_;
    Random random_;
    TcpLine line_;
    bool is_13_ = false;
};

/// With a site outside, at the address that its name has.
TlsSession session_with_site(Wires& wires, const Device& client, const std::string& host, TlsTaste taste);

}   // namespace ward::lab
