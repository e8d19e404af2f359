// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/ws_discovery.hpp"

#include <fmt/format.h>

namespace ward::lab::ws_discovery {
namespace {

struct Names {
    std::string_view addressing;
    std::string_view discovery;
    std::string_view everybody;
    std::string_view whoever_asks;
};
constexpr Names of_april_2005{"http://schemas.xmlsoap.org/ws/2004/08/addressing",
                              "http://schemas.xmlsoap.org/ws/2005/04/discovery",
                              "urn:schemas-xmlsoap-org:ws:2005:04:discovery",
                              "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"};
constexpr Names of_oasis_1_1{
    "http://www.w3.org/2005/08/addressing", "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01",
    "urn:docs-oasis-open-org:ws-dd:ns:discovery:2009:01", "http://www.w3.org/2005/08/addressing/anonymous"};

const Names& names_of(Version version) {
    return version == Version::april_2005 ? of_april_2005 : of_oasis_1_1;
}

std::string namespaces_of(Version version, std::string_view more) {
    return fmt::format(R"( xmlns:wsd="{}"{})", names_of(version).discovery, more);
}

/// WS-Discovery 1.1, section 7: so that a device that was off begins anew.
std::string sequence_of(const Message& message) {
    return fmt::format(R"(<wsd:AppSequence InstanceId="{}" MessageNumber="{}"/>)", message.instance,
                       message.number);
}

std::string reference_to(const Target& target) {
    return fmt::format("<wsa:EndpointReference><wsa:Address>{}</wsa:Address></wsa:EndpointReference>",
                       target.id);
}

std::string described(const Target& target) {
    return fmt::format(
        "{}<wsd:Types>{}</wsd:Types><wsd:Scopes>{}</wsd:Scopes>"
        "<wsd:XAddrs>{}</wsd:XAddrs><wsd:MetadataVersion>1</wsd:MetadataVersion>",
        reference_to(target), target.types, target.scopes, target.location);
}

struct Announced {
    std::string_view what;
    std::string_view namespaces;
    std::string content;
};

std::string announce(Version version, const Announced& announced, const Message& message) {
    const auto& names = names_of(version);
    const auto spaces = namespaces_of(version, announced.namespaces);
    return text_of(
        version,
        {fmt::format("{}/{}", names.discovery, announced.what), names.everybody, spaces, sequence_of(message),
         fmt::format("<wsd:{0}>{1}</wsd:{0}>", announced.what, announced.content)},
        message);
}

}   // namespace

std::string uuid(Random random) {
    const auto high = random.next(), low = random.next();
    return fmt::format("urn:uuid:{:08x}-{:04x}-4{:03x}-{:x}{:03x}-{:012x}", high >> 32, high >> 16 & 0xffff,
                       high & 0xfff, 8 + (low >> 62), low >> 48 & 0xfff, low & 0xffff'ffff'ffff);
}

std::string text_of(Version version, const Envelope& envelope, const Message& message) {
    const auto relates = message.relates_to.empty()
                             ? std::string{}
                             : fmt::format("<wsa:RelatesTo>{}</wsa:RelatesTo>", message.relates_to);
    return fmt::format(
        R"(<?xml version="1.0" encoding="UTF-8"?><s12:Envelope )"
        R"(xmlns:s12="http://www.w3.org/2003/05/soap-envelope")"
        R"( xmlns:wsa="{}"{}><s12:Header><wsa:Action>{}</wsa:Action>)"
        R"(<wsa:MessageID>{}</wsa:MessageID><wsa:To>{}</wsa:To>{}{}</s12:Header><s12:Body>{}</s12:Body>)"
        R"(</s12:Envelope>)",
        names_of(version).addressing, envelope.namespaces, envelope.action, message.id, envelope.to, relates,
        envelope.more, envelope.body);
}

std::string hello(Version version, const Target& target, const Message& message) {
    return announce(version, {"Hello", target.namespaces, described(target)}, message);
}

std::string bye(Version version, const Target& target, const Message& message) {
    return announce(version, {"Bye", target.namespaces, reference_to(target)}, message);
}

std::string probe(Version version, std::string_view namespaces, std::string_view types,
                  const Message& message) {
    const auto& names = names_of(version);
    const auto spaces = namespaces_of(version, namespaces);
    return text_of(version,
                   {fmt::format("{}/Probe", names.discovery),
                    names.everybody,
                    spaces,
                    {},
                    fmt::format("<wsd:Probe><wsd:Types>{}</wsd:Types></wsd:Probe>", types)},
                   message);
}

std::string probe_matches(Version version, const Target& target, const Message& message) {
    const auto& names = names_of(version);
    const auto spaces = namespaces_of(version, target.namespaces);
    return text_of(
        version,
        {fmt::format("{}/ProbeMatches", names.discovery), names.whoever_asks, spaces, sequence_of(message),
         fmt::format("<wsd:ProbeMatches><wsd:ProbeMatch>{}</wsd:ProbeMatch></wsd:ProbeMatches>",
                     described(target))},
        message);
}

}   // namespace ward::lab::ws_discovery
