// SPDX-License-Identifier: Apache-2.0
// A TLS or DTLS handshake: what both sides said before they encrypted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace ward::event {

/// The first certificate of a chain (RFC 5280). Validity times are as EVE writes them, in UTC, without zone.
struct Certificate {
    std::string subject;
    std::string issuerdn;
    std::string serial;        // hexadecimal, with colons
    std::string fingerprint;   // SHA-1 of the DER, with colons
    std::string notbefore;
    std::string notafter;
    std::vector<std::string> subjectaltname;
    std::string key_type;
    std::optional<std::uint32_t> key_bits;
    std::string signature_algorithm;
    bool self_signed = false;         // issuer and subject are the same name
    std::uint32_t chain_length = 0;   // certificates that were sent

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("subject", subject);
        visit("issuerdn", issuerdn);
        visit("serial", serial);
        visit("fingerprint", fingerprint);
        visit("notbefore", notbefore);
        visit("notafter", notafter);
        visit("subjectaltname", subjectaltname);
        visit("key_type", key_type);
        visit("key_bits", key_bits);
        visit("signature_algorithm", signature_algorithm);
        visit("self_signed", self_signed);
        visit("chain_length", chain_length);
    }
};

/// JA3 and JA3S: the numbers that a hello lists, and their MD5.
struct Ja3 {
    std::string hash;
    std::string string;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("hash", hash);
        visit("string", string);
    }
};

struct TlsHandshake {
    static constexpr std::string_view event_type = "tls";

    std::string_view version;   // that both agreed on; what the client offered where no server spoke
    std::string sni;
    std::vector<std::string> client_alpns;
    std::vector<std::string> server_alpns;
    std::string cipher;
    std::optional<Ja3> ja3;
    std::optional<Ja3> ja3s;
    std::string ja4;
    std::optional<bool> session_resumed;             // known where a server spoke
    std::optional<Certificate> certificate;          // up to TLS 1.2; later ones are encrypted
    std::optional<Certificate> client_certificate;   // of one that may be a person: its organisation alone
    bool client_certificate_requested = false;
    bool encrypted_client_hello = false;   // RFC 9849: the SNI is not the real one
    std::string alert;                     // the alert that ended it

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("version", version);
        visit("sni", sni);
        visit("client_alpns", client_alpns);
        visit("server_alpns", server_alpns);
        visit("cipher", cipher);
        visit("ja3", ja3);
        visit("ja3s", ja3s);
        visit("ja4", ja4);
        visit("session_resumed", session_resumed);
        if (certificate) certificate->fields(visit);
        visit("client", client_certificate);
        visit("client_certificate_requested", client_certificate_requested);
        visit("encrypted_client_hello", encrypted_client_hello);
        visit("alert", alert);
    }
};

}   // namespace ward::event
