// SPDX-License-Identifier: Apache-2.0
// What devices of ISO/IEEE 11073 SDC say: WS-Discovery 1.1 over UDP, and over HTTP the services of MDPWS
// (11073-20702) with the messages of 11073-10207, bound as 11073-20701 has it.
#pragma once

#include <string>
#include <string_view>

#include "lab/frames/devices/ws_discovery.hpp"

namespace ward::lab::sdc {

inline constexpr std::uint16_t secure_port = 6'464;   // IANA: ieee11073-20701

/// A device as discovery tells of it.
struct Endpoint {
    std::string id;         // its uuid
    std::string location;   // where its services are: http://10.20.32.17:50124/
    std::string scope;      // in which bed it is: 11073-20701, section 9.4
};

using Message = ws_discovery::Message;

std::string hello(const Endpoint& endpoint, const Message& message);
std::string bye(const Endpoint& endpoint, const Message& message);
std::string probe(const Message& message);
std::string probe_matches(const Endpoint& endpoint, const Message& message);

struct Product {
    std::string_view vendor;
    std::string_view model;
    std::string_view serial;
    std::string_view firmware;
};
/// What it gives, in millilitres an hour and millilitres.
struct Infusion {
    std::string medicine{};
    double rate = 0;
    double infused = 0;
    std::uint64_t version = 0;   // of all that it knows of itself (MdibVersion)
};

/// WS-Transfer: what are you?
std::string get_metadata(const Endpoint& to, const Message& message);
std::string metadata(const Endpoint& from, const Product& product, const Message& message);
std::string get_description(const Endpoint& to, const Message& message);
std::string description(const Endpoint& from, const Product& product, const Infusion& infusion,
                        const Message& message);
/// WS-Eventing; reports are wanted at `sink`.
std::string subscribe(const Endpoint& to, std::string_view sink, const Message& message);
std::string subscribed(const Endpoint& from, const Message& message);
std::string renew(const Endpoint& to, const Message& message);
std::string renewed(const Message& message);
std::string metric_report(std::string_view sink, const Endpoint& from, const Infusion& infusion,
                          const Message& message);
/// Another rate is wanted. Answered by whether it waits or is refused.
std::string set_rate(const Endpoint& to, double rate, const Message& message);
enum class Invocation : std::uint8_t { waiting, failed };
std::string set_rate_answered(const Endpoint& from, Invocation state, std::uint64_t version,
                              const Message& message);

}   // namespace ward::lab::sdc
