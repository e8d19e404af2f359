// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/equipment/snmp.hpp"

#include "lab/frames/office/asn1.hpp"

namespace ward::lab::snmp {
namespace {

constexpr std::int64_t version_2c = 1;
constexpr std::uint8_t null = 0x05;
constexpr unsigned get_request = 0, get_response = 2;   // RFC 3416, 3

struct Encoded {
    Buffer operator()(const std::string& text) const { return asn1::octets(as_bytes(text)); }
    Buffer operator()(int number) const { return asn1::number(number); }
    Buffer operator()(Counter counter) const { return asn1::number(counter.count, 0x41); }
    Buffer operator()(Gauge gauge) const { return asn1::number(gauge.level, 0x42); }
    Buffer operator()(Ticks ticks) const { return asn1::number(ticks.hundredths, 0x43); }
};

Buffer message(const Exchange& exchange, unsigned operation, const Buffer& bindings) {
    const auto none = asn1::number(0);   // error-status, error-index
    return asn1::sequence(
        asn1::number(version_2c), asn1::octets(as_bytes(exchange.community)),
        asn1::tagged(operation, asn1::number(exchange.id), none, none, asn1::sequence(bindings)));
}

}   // namespace

Buffer get(const Exchange& exchange, std::span<const Reading> wanted) {
    Buffer bindings;
    for (const auto& one : wanted)
        append(bindings, asn1::sequence(asn1::identifier(one.object), asn1::element(null, {})));
    return message(exchange, get_request, bindings);
}

Buffer response(const Exchange& exchange, std::span<const Reading> readings) {
    Buffer bindings;
    for (const auto& one : readings)
        append(bindings, asn1::sequence(asn1::identifier(one.object), std::visit(Encoded{}, one.value)));
    return message(exchange, get_response, bindings);
}

}   // namespace ward::lab::snmp
