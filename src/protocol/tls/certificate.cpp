// SPDX-License-Identifier: Apache-2.0
#include "protocol/tls/certificate.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <span>

#include "crypto/fingerprint.hpp"
#include "protocol/products.hpp"
#include "protocol/text.hpp"
#include "protocol/uri.hpp"
#include "wire/der.hpp"

namespace ward::protocol::tls {
namespace {

constexpr CertificateLimits limits;

struct Known {
    std::string_view oid;
    std::string_view name;
};

// RFC 4519 and RFC 4514, section 3: of organisations and of machines. What names a person by itself (a mail
// address, a user's identifier, a title, a surname) is not among them, and what is unknown may be that.
constexpr std::array attributes{
    Known{"2.5.4.6", "C"},  Known{"2.5.4.10", "O"},           Known{"2.5.4.11", "OU"},
    Known{"2.5.4.3", "CN"}, Known{"2.5.4.5", "serialNumber"}, Known{"2.5.4.7", "L"},
    Known{"2.5.4.8", "ST"}, Known{"2.5.4.9", "STREET"},       Known{"0.9.2342.19200300.100.1.25", "DC"},
};
constexpr std::span every_attribute{attributes};
constexpr auto of_organisations = every_attribute.first<3>();   // a manufacturer, not a person

// RFC 8017, RFC 5758, RFC 8410.
constexpr std::array signatures{
    Known{"1.2.840.113549.1.1.2", "md2WithRSAEncryption"},
    Known{"1.2.840.113549.1.1.4", "md5WithRSAEncryption"},
    Known{"1.2.840.113549.1.1.5", "sha1WithRSAEncryption"},
    Known{"1.2.840.113549.1.1.10", "rsassaPss"},
    Known{"1.2.840.113549.1.1.11", "sha256WithRSAEncryption"},
    Known{"1.2.840.113549.1.1.12", "sha384WithRSAEncryption"},
    Known{"1.2.840.113549.1.1.13", "sha512WithRSAEncryption"},
    Known{"1.2.840.10040.4.3", "dsa-with-sha1"},
    Known{"1.2.840.10045.4.1", "ecdsa-with-SHA1"},
    Known{"1.2.840.10045.4.3.2", "ecdsa-with-SHA256"},
    Known{"1.2.840.10045.4.3.3", "ecdsa-with-SHA384"},
    Known{"1.2.840.10045.4.3.4", "ecdsa-with-SHA512"},
    Known{"1.3.101.112", "Ed25519"},
    Known{"1.3.101.113", "Ed448"},
};

constexpr std::array keys{
    Known{"1.2.840.113549.1.1.1", "RSA"}, Known{"1.2.840.113549.1.1.10", "RSA"},
    Known{"1.2.840.10040.4.1", "DSA"},    Known{"1.2.840.10045.2.1", "EC"},
    Known{"1.3.101.112", "Ed25519"},      Known{"1.3.101.113", "Ed448"},
};

template <class Table>
std::string name_of(const Table& table, std::string oid) {
    const auto known = std::ranges::find(table, oid, &Known::oid);
    return known != table.end() ? std::string{known->name} : std::move(oid);
}

std::string with_colons(Bytes bytes, char (*letter)(char)) {
    const auto digits = to_hex(bytes);
    std::string text;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        if (i > 0) text += ':';
        text += letter(digits[i]);
        text += letter(digits[i + 1]);
    }
    return text;
}

char as_it_is(char c) { return c; }
char upper(char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - ('a' - 'A')) : c; }

std::string serial_text(Bytes number) {
    number = number.first(std::min<std::size_t>(number.size(), 32));
    if (number.size() > 1 && number.front() == std::byte{0}) number = number.subspan(1);
    return with_colons(number, upper);
}

/// BMPString is UTF-16; the characters of names in practice are in its first row.
std::string text_of(const DerElement& value) {
    constexpr std::uint8_t bmp_string = 0x1e;
    if (value.tag != bmp_string) return clipped(as_text(value.content));
    std::string text;
    WireReader in{value.content.first(std::min(value.content.size(), 2 * field_text_max))};
    while (in.remaining() >= 2) {
        const auto unit = in.u16();
        text += unit < 0x80 ? static_cast<char>(unit) : '?';
    }
    return text;
}

bool is_mail_address(std::string_view text) { return text.find('@') != std::string_view::npos; }

/// Of a certificate authority all is told. Others may be people: of them a common name and a unit are told if
/// they have the form of a machine's.
enum class Named : std::uint8_t { authority, anybody };

bool may_name_person(std::string_view type) { return type == "CN" || type == "OU"; }

/// In the order of the encoding, as EVE writes it: C=DE, O=Example, CN=host.
std::string name_text(Bytes name, std::span<const Known> told, Named whom) {
    std::string text;
    DerReader sets{name};
    while (const auto set = sets.next()) {
        DerReader pairs{set->content};
        while (const auto pair = pairs.next()) {
            DerReader parts{pair->content};
            const auto type = parts.next_if(der::object_identifier);
            const auto value = parts.next();
            if (!type || !value) continue;
            if (text.size() > limits.name_bytes_max) return text;
            const auto known = std::ranges::find(told, oid_text(type->content), &Known::oid);
            const auto said = text_of(*value);
            if (known == told.end() || is_mail_address(said)) continue;
            if (whom == Named::anybody && may_name_person(known->name) && !names_machine(said)) continue;
            if (!text.empty()) text += ", ";
            text.append(known->name).append("=").append(said);
        }
    }
    return text;
}

/// RFC 5280, section 4.1.2.5: 250102030405Z or 20250102030405Z, as 2025-01-02T03:04:05.
std::string time_text(const DerElement& time) {
    std::string digits{as_text(time.content.first(std::min<std::size_t>(time.content.size(), 20)))};
    if (time.tag == der::utc_time && !digits.empty()) digits.insert(0, digits.front() >= '5' ? "19" : "20");
    constexpr std::size_t digits_needed = 14;
    const auto end = digits.find_first_not_of("0123456789");
    if (std::min(end, digits.size()) < digits_needed) return {};
    return digits.substr(0, 4) + '-' + digits.substr(4, 2) + '-' + digits.substr(6, 2) + 'T' +
           digits.substr(8, 2) + ':' + digits.substr(10, 2) + ':' + digits.substr(12, 2);
}

std::uint32_t bits_of(Bytes integer) {
    while (!integer.empty() && integer.front() == std::byte{0}) integer = integer.subspan(1);
    if (integer.empty()) return 0;
    const auto top = std::bit_width(std::to_integer<std::uint8_t>(integer.front()));
    return static_cast<std::uint32_t>((integer.size() - 1) * 8) + static_cast<std::uint32_t>(top);
}

/// A point is 04 and both coordinates, so the curve's size shows without knowing the curve.
std::uint32_t curve_bits(Bytes point) {
    constexpr std::uint32_t p521_bits = 521;
    const auto bytes = point.size() > 1 && point.front() == std::byte{4} ? (point.size() - 1) / 2 : 0;
    return bytes == 66 ? p521_bits : static_cast<std::uint32_t>(bytes * 8);
}

void read_key(Bytes key_content, event::Certificate& certificate) {
    DerReader key{key_content};
    const auto algorithm = key.next_if(der::sequence);
    const auto bits = key.next_if(der::bit_string);
    if (!algorithm || !bits || bits->content.empty()) return;
    const auto oid = DerReader{algorithm->content}.next_if(der::object_identifier);
    if (!oid) return;
    certificate.key_type = name_of(keys, oid_text(oid->content));
    const auto encoded = bits->content.subspan(1);   // after the count of unused bits
    if (certificate.key_type == "RSA") {
        const auto pair = DerReader{encoded}.next_if(der::sequence);
        const auto modulus = pair ? DerReader{pair->content}.next_if(der::integer) : std::nullopt;
        if (modulus) certificate.key_bits = bits_of(modulus->content);
    } else if (certificate.key_type == "EC") {
        certificate.key_bits = curve_bits(encoded);
    }
}

std::string address_text(Bytes bytes) {
    IpAddress address;
    if (bytes.size() != 4 && bytes.size() != 16) return {};
    address.family = bytes.size() == 4 ? IpAddress::Family::v4 : IpAddress::Family::v6;
    std::ranges::copy(bytes, address.bytes.begin());
    return to_text(address);
}

/// RFC 5280, section 4.2.1.6. Whether a host is among them.
bool read_alternative_names(Bytes encoded, event::Certificate& certificate) {
    constexpr std::uint8_t host = 0x82, uri = 0x86, address = 0x87;
    const auto names = DerReader{encoded}.next_if(der::sequence);
    if (!names) return false;
    DerReader in{names->content};
    bool names_host = false;
    auto& found = certificate.subjectaltname;
    while (const auto name = in.next()) {
        if (found.size() >= limits.alternative_names_max) break;
        names_host = names_host || name->tag == host;
        const auto text = as_text(name->content);
        if (name->tag == host && !is_mail_address(text)) found.push_back(clipped(text));
        if (name->tag == uri && !is_mail_address(text)) found.push_back(uri_template(text));
        if (name->tag == address) found.push_back(address_text(name->content));
    }
    return names_host;
}

/// Whether a host is among the alternative names.
bool read_extensions(Bytes encoded, event::Certificate& certificate) {
    const auto list = DerReader{encoded}.next_if(der::sequence);
    if (!list) return false;
    DerReader extensions{list->content};
    bool names_host = false;
    while (const auto extension = extensions.next()) {
        DerReader in{extension->content};
        const auto oid = in.next_if(der::object_identifier);
        in.next_if(der::boolean);
        const auto value = in.next_if(der::octet_string);
        if (oid && value && oid_text(oid->content) == "2.5.29.17")
            names_host = read_alternative_names(value->content, certificate) || names_host;
    }
    return names_host;
}

}   // namespace

std::optional<event::Certificate> read_certificate(Bytes encoded, Side shown_by) {
    constexpr std::uint8_t version_tag = 0xa0, extensions_tag = 0xa3;
    const auto outer = DerReader{encoded}.next_if(der::sequence);
    const auto body = outer ? DerReader{outer->content}.next_if(der::sequence) : std::nullopt;
    if (!body) return std::nullopt;
    DerReader in{body->content};
    in.next_if(version_tag);
    const auto serial = in.next_if(der::integer);
    const auto signature = in.next_if(der::sequence);
    const auto issuer = in.next_if(der::sequence);
    const auto validity = in.next_if(der::sequence);
    const auto subject = in.next_if(der::sequence);
    const auto key = in.next_if(der::sequence);
    if (!serial || !signature || !issuer || !validity || !subject || !key) return std::nullopt;

    event::Certificate certificate;
    certificate.self_signed = std::ranges::equal(subject->content, issuer->content);
    certificate.fingerprint = with_colons(crypto::sha1_fingerprint(outer->whole), as_it_is);
    DerReader times{validity->content};
    if (const auto begin = times.next()) certificate.notbefore = time_text(*begin);
    if (const auto end = times.next()) certificate.notafter = time_text(*end);
    if (const auto oid = DerReader{signature->content}.next_if(der::object_identifier))
        certificate.signature_algorithm = name_of(signatures, oid_text(oid->content));
    read_key(key->content, certificate);
    bool names_host = false;
    while (const auto part = in.next())
        if (part->tag == extensions_tag)
            names_host = read_extensions(part->content, certificate) || names_host;

    // A client without a host's name may be a person, whom all but the issuer's name would tell.
    const bool may_be_person = shown_by == Side::client && !names_host;
    const auto told = may_be_person ? std::span<const Known>{of_organisations} : every_attribute;
    certificate.subject = name_text(subject->content, told, Named::anybody);
    certificate.issuerdn = certificate.self_signed
                               ? certificate.subject
                               : name_text(issuer->content, every_attribute, Named::authority);
    if (may_be_person) {
        certificate.subjectaltname.clear();
    } else {
        certificate.serial = serial_text(serial->content);
    }
    return certificate;
}

}   // namespace ward::protocol::tls
