// SPDX-License-Identifier: Apache-2.0
// How phones say where they are: REGISTER of SIP (RFC 3261, section 10), with digests (RFC 3261, section 22).
#pragma once

#include <chrono>
#include <string>

#include "lab/agenda.hpp"

namespace ward::lab::sip {

inline constexpr std::uint16_t port = 5'060;

struct Registration {
    std::string extension;   // 4012
    std::string domain;      // voice.ashmere.example
    std::string phone;       // its address
    std::string agent;
    std::string call;
    std::string tag;
    std::string branch;
    unsigned number = 0;   // CSeq
    std::chrono::seconds holds{};
};
/// The registrar's answer to who has not shown that they know the password.
struct Challenge {
    std::string tag;   // the registrar's own
    std::string nonce;
};
/// What only who has the password could tell from any other.
struct Digest {
    std::string nonce;
    std::string client_nonce;
    std::string response;
};
struct Acceptance {
    std::string tag;   // the registrar's own
    Moment at{};
};

std::string register_request(const Registration& registration);
std::string unauthorized(const Registration& registration, const Challenge& challenge);
std::string register_request(const Registration& registration, const Digest& digest);
std::string registered(const Registration& registration, const Acceptance& acceptance);

}   // namespace ward::lab::sip
