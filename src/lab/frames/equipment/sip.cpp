// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/equipment/sip.hpp"

#include <fmt/format.h>

#include "lab/frames/devices/http_message.hpp"

namespace ward::lab::sip {
namespace {

struct Marks {
    std::string via;
    std::string to;
};

/// RFC 3261, 8.1.1: what each request and its answer have.
std::string fields_of(const Registration& of, const Marks& marks) {
    return fmt::format(
        "Via: SIP/2.0/UDP {0}:{1};branch=z9hG4bK{2}{3}\r\n"
        "From: <sip:{4}@{5}>;tag={6}\r\nTo: <sip:{4}@{5}>{7}\r\n"
        "Call-ID: {8}@{0}\r\nCSeq: {9} REGISTER\r\n",
        of.phone, port, of.branch, marks.via, of.extension, of.domain, of.tag, marks.to, of.call, of.number);
}

std::string contact_of(const Registration& of) {
    return fmt::format("Contact: <sip:{}@{}:{};transport=udp>;expires={}\r\n", of.extension, of.phone, port,
                       of.holds.count());
}

std::string request(const Registration& of, std::string_view authorization) {
    return fmt::format(
        "REGISTER sip:{} SIP/2.0\r\n{}Max-Forwards: 70\r\nUser-Agent: {}\r\n{}{}"
        "Expires: {}\r\nContent-Length: 0\r\n\r\n",
        of.domain, fields_of(of, {";rport", ""}), of.agent, contact_of(of), authorization, of.holds.count());
}

/// RFC 3581, 4: from where it came, as the registrar sees it.
std::string answer(const Registration& of, const std::string& tag, std::string_view status,
                   std::string_view more) {
    const Marks marks{fmt::format(";received={};rport={}", of.phone, port), fmt::format(";tag={}", tag)};
    return fmt::format("SIP/2.0 {}\r\n{}{}Content-Length: 0\r\n\r\n", status, fields_of(of, marks), more);
}

}   // namespace

std::string register_request(const Registration& registration) { return request(registration, ""); }

std::string unauthorized(const Registration& of, const Challenge& challenge) {
    return answer(of, challenge.tag, "401 Unauthorized",
                  fmt::format("WWW-Authenticate: Digest realm=\"{}\", nonce=\"{}\", algorithm=MD5, "
                              "qop=\"auth\"\r\n",
                              of.domain, challenge.nonce));
}

/// RFC 3261, 22.4: each nonce is used once.
std::string register_request(const Registration& of, const Digest& digest) {
    return request(of,
                   fmt::format("Authorization: Digest username=\"{0}\", realm=\"{1}\", nonce=\"{2}\", "
                               "uri=\"sip:{1}\", response=\"{3}\", algorithm=MD5, cnonce=\"{4}\", "
                               "qop=auth, nc=00000001\r\n",
                               of.extension, of.domain, digest.nonce, digest.response, digest.client_nonce));
}

std::string registered(const Registration& of, const Acceptance& acceptance) {
    return answer(of, acceptance.tag, "200 OK",
                  fmt::format("Date: {}\r\n{}", http::date_text(acceptance.at), contact_of(of)));
}

}   // namespace ward::lab::sip
