// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/x509.hpp"

#include "lab/frames/office/asn1.hpp"
#include "lab/frames/office/bytes_out.hpp"

namespace ward::lab {
namespace {

using namespace asn1;

constexpr std::uint8_t utf8_string = 0x0c, null_value = 0x05, dns_name = 0x82;

Buffer name_part(std::string_view attribute, std::string_view value) {
    return group(der::set, sequence(identifier(attribute), text(utf8_string, value)));
}

/// RFC 8017, A.1.1: the exponent is 65,537 nearly everywhere.
Buffer rsa_key(Random& random) {
    auto modulus = opaque(random, 256);
    modulus.front() |= std::byte{0x80};
    modulus.back() |= std::byte{1};
    modulus.insert(modulus.begin(), std::byte{0});   // positive
    const auto key = sequence(element(der::integer, modulus), number(65'537));
    return sequence(sequence(identifier("1.2.840.113549.1.1.1"), element(null_value, {})), bits(key));
}

Buffer extension(std::string_view id, const Buffer& value) { return sequence(identifier(id), octets(value)); }

}   // namespace

Buffer distinguished_name(std::string_view organisation, std::string_view name) {
    return sequence(name_part("2.5.4.10", organisation), name_part("2.5.4.3", name));
}

// RFC 5280, 4.1.
Buffer certificate(const CertificateWish& wish, Random random) {
    const auto algorithm = sequence(identifier("1.2.840.113549.1.1.11"), element(null_value, {}));
    auto serial = opaque(random, 16);
    serial.front() = (serial.front() & std::byte{0x7f}) | std::byte{0x40};
    const auto alternatives = sequence(text(dns_name, wish.host));
    const auto key_hash = octets(opaque(random, 20));
    const std::string_view purpose = wish.is_client ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1";
    const auto extensions =
        sequence(extension("2.5.29.15", bits(Buffer{std::byte{0xa0}}, 5)),   // signature, key encipherment
                 extension("2.5.29.37", sequence(identifier(purpose))), extension("2.5.29.14", key_hash),
                 extension("2.5.29.17", alternatives));
    const auto body =
        sequence(tagged(0, number(2)), element(der::integer, serial), algorithm,
                 distinguished_name(wish.organisation, wish.issuer),
                 sequence(utc_time(wish.begin), utc_time(wish.end)),
                 sequence(name_part("2.5.4.3", wish.host)), rsa_key(random), tagged(3, extensions));
    return sequence(body, algorithm, bits(opaque(random, 256)));
}

}   // namespace ward::lab
