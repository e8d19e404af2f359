// SPDX-License-Identifier: Apache-2.0
// How devices say that they are there: WS-Discovery over UDP, in SOAP 1.2 with WS-Addressing.
#pragma once

#include <string>
#include <string_view>

#include "lab/network.hpp"
#include "lab/random.hpp"

namespace ward::lab::ws_discovery {

inline constexpr std::uint16_t port = 3'702;    // WS-Discovery 1.1, section 2.4
inline constexpr Address group = 0xefff'fffa;   // 239.255.255.250
// RFC 1112, section 6.4: the group's low 23 bits.
inline constexpr Mac group_mac{0x01, 0x00, 0x5e, 0x7f, 0xff, 0xfa};

/// Of April 2005, as ONVIF has it, and 1.1 of OASIS.
enum class Version : std::uint8_t { april_2005, oasis_1_1 };

/// urn:uuid: and a random one (RFC 4122, section 4.4).
std::string uuid(Random random);

struct Message {
    std::string id;               // its uuid
    std::string relates_to{};     // of an answer: the question's
    unsigned number = 1;          // of those since `instance`
    std::uint64_t instance = 0;   // seconds since 1970 when it was switched on
};

struct Envelope {
    std::string action;
    std::string_view to;
    std::string_view namespaces{};   // beside SOAP's and WS-Addressing's
    std::string more{};              // in the header
    std::string body{};
};
std::string text_of(Version version, const Envelope& envelope, const Message& message);

/// A device as discovery tells of it.
struct Target {
    std::string id;   // its uuid
    std::string namespaces;
    std::string types;
    std::string scopes;
    std::string location;   // where its services are
};
std::string hello(Version version, const Target& target, const Message& message);
std::string bye(Version version, const Target& target, const Message& message);
std::string probe(Version version, std::string_view namespaces, std::string_view types,
                  const Message& message);
std::string probe_matches(Version version, const Target& target, const Message& message);

}   // namespace ward::lab::ws_discovery
