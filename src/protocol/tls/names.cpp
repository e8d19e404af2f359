// SPDX-License-Identifier: Apache-2.0
// Numbers of IANA's TLS registries, as names.
#include <algorithm>
#include <array>

#include "core/bytes.hpp"
#include "protocol/text.hpp"
#include "protocol/tls/hello.hpp"
#include "protocol/word_list.hpp"

namespace ward::protocol::tls {
namespace {

struct Known {
    std::uint16_t number;
    std::string_view name;
};

// Sorted by number. The weak ones are here too: they are what an auditor looks for.
constexpr std::array ciphers{
    Known{0x0001, "RSA_WITH_NULL_MD5"},
    Known{0x0002, "RSA_WITH_NULL_SHA"},
    Known{0x0003, "RSA_EXPORT_WITH_RC4_40_MD5"},
    Known{0x0004, "RSA_WITH_RC4_128_MD5"},
    Known{0x0005, "RSA_WITH_RC4_128_SHA"},
    Known{0x0008, "RSA_EXPORT_WITH_DES40_CBC_SHA"},
    Known{0x0009, "RSA_WITH_DES_CBC_SHA"},
    Known{0x000a, "RSA_WITH_3DES_EDE_CBC_SHA"},
    Known{0x0016, "DHE_RSA_WITH_3DES_EDE_CBC_SHA"},
    Known{0x0018, "DH_anon_WITH_RC4_128_MD5"},
    Known{0x002f, "RSA_WITH_AES_128_CBC_SHA"},
    Known{0x0032, "DHE_DSS_WITH_AES_128_CBC_SHA"},
    Known{0x0033, "DHE_RSA_WITH_AES_128_CBC_SHA"},
    Known{0x0034, "DH_anon_WITH_AES_128_CBC_SHA"},
    Known{0x0035, "RSA_WITH_AES_256_CBC_SHA"},
    Known{0x0038, "DHE_DSS_WITH_AES_256_CBC_SHA"},
    Known{0x0039, "DHE_RSA_WITH_AES_256_CBC_SHA"},
    Known{0x003a, "DH_anon_WITH_AES_256_CBC_SHA"},
    Known{0x003b, "RSA_WITH_NULL_SHA256"},
    Known{0x003c, "RSA_WITH_AES_128_CBC_SHA256"},
    Known{0x003d, "RSA_WITH_AES_256_CBC_SHA256"},
    Known{0x0041, "RSA_WITH_CAMELLIA_128_CBC_SHA"},
    Known{0x0045, "DHE_RSA_WITH_CAMELLIA_128_CBC_SHA"},
    Known{0x0067, "DHE_RSA_WITH_AES_128_CBC_SHA256"},
    Known{0x006b, "DHE_RSA_WITH_AES_256_CBC_SHA256"},
    Known{0x0084, "RSA_WITH_CAMELLIA_256_CBC_SHA"},
    Known{0x0088, "DHE_RSA_WITH_CAMELLIA_256_CBC_SHA"},
    Known{0x009c, "RSA_WITH_AES_128_GCM_SHA256"},
    Known{0x009d, "RSA_WITH_AES_256_GCM_SHA384"},
    Known{0x009e, "DHE_RSA_WITH_AES_128_GCM_SHA256"},
    Known{0x009f, "DHE_RSA_WITH_AES_256_GCM_SHA384"},
    Known{0x00ba, "RSA_WITH_CAMELLIA_128_CBC_SHA256"},
    Known{0x00be, "DHE_RSA_WITH_CAMELLIA_128_CBC_SHA256"},
    Known{0x00c0, "RSA_WITH_CAMELLIA_256_CBC_SHA256"},
    Known{0x00c4, "DHE_RSA_WITH_CAMELLIA_256_CBC_SHA256"},
    Known{0x1301, "AES_128_GCM_SHA256"},
    Known{0x1302, "AES_256_GCM_SHA384"},
    Known{0x1303, "CHACHA20_POLY1305_SHA256"},
    Known{0xc006, "ECDHE_ECDSA_WITH_NULL_SHA"},
    Known{0xc007, "ECDHE_ECDSA_WITH_RC4_128_SHA"},
    Known{0xc008, "ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA"},
    Known{0xc009, "ECDHE_ECDSA_WITH_AES_128_CBC_SHA"},
    Known{0xc00a, "ECDHE_ECDSA_WITH_AES_256_CBC_SHA"},
    Known{0xc010, "ECDHE_RSA_WITH_NULL_SHA"},
    Known{0xc011, "ECDHE_RSA_WITH_RC4_128_SHA"},
    Known{0xc012, "ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"},
    Known{0xc013, "ECDHE_RSA_WITH_AES_128_CBC_SHA"},
    Known{0xc014, "ECDHE_RSA_WITH_AES_256_CBC_SHA"},
    Known{0xc023, "ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"},
    Known{0xc024, "ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"},
    Known{0xc027, "ECDHE_RSA_WITH_AES_128_CBC_SHA256"},
    Known{0xc028, "ECDHE_RSA_WITH_AES_256_CBC_SHA384"},
    Known{0xc02b, "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
    Known{0xc02c, "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"},
    Known{0xc02f, "ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
    Known{0xc030, "ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
    Known{0xc072, "ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256"},
    Known{0xc073, "ECDHE_ECDSA_WITH_CAMELLIA_256_CBC_SHA384"},
    Known{0xc076, "ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256"},
    Known{0xc077, "ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384"},
    Known{0xc09c, "RSA_WITH_AES_128_CCM"},
    Known{0xc09d, "RSA_WITH_AES_256_CCM"},
    Known{0xc09e, "DHE_RSA_WITH_AES_128_CCM"},
    Known{0xc09f, "DHE_RSA_WITH_AES_256_CCM"},
    Known{0xc0ac, "ECDHE_ECDSA_WITH_AES_128_CCM"},
    Known{0xc0ad, "ECDHE_ECDSA_WITH_AES_256_CCM"},
    Known{0xcca8, "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
    Known{0xcca9, "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"},
    Known{0xccaa, "DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
};

struct Alert {
    std::uint8_t description;
    std::string_view name;
};

// RFC 8446, section 6, and RFC 5246, section 7.2.
constexpr std::array alerts{
    Alert{0, "close_notify"},
    Alert{10, "unexpected_message"},
    Alert{20, "bad_record_mac"},
    Alert{22, "record_overflow"},
    Alert{40, "handshake_failure"},
    Alert{42, "bad_certificate"},
    Alert{43, "unsupported_certificate"},
    Alert{44, "certificate_revoked"},
    Alert{45, "certificate_expired"},
    Alert{46, "certificate_unknown"},
    Alert{47, "illegal_parameter"},
    Alert{48, "unknown_ca"},
    Alert{49, "access_denied"},
    Alert{50, "decode_error"},
    Alert{51, "decrypt_error"},
    Alert{70, "protocol_version"},
    Alert{71, "insufficient_security"},
    Alert{80, "internal_error"},
    Alert{86, "inappropriate_fallback"},
    Alert{90, "user_canceled"},
    Alert{109, "missing_extension"},
    Alert{110, "unsupported_extension"},
    Alert{112, "unrecognized_name"},
    Alert{113, "bad_certificate_status_response"},
    Alert{115, "unknown_psk_identity"},
    Alert{116, "certificate_required"},
    Alert{120, "no_application_protocol"},
};

// IANA, TLS ALPN Protocol IDs; their drafts; and what remote control says of itself.
constexpr std::string_view alpn_words =
    "acme android anydesk apns c client co coap dicom discovery doq dot fb ftp grpc h2 h2c h3 hq http "
    "imap interop ios irc linux macos managesieve mqtt nat nnsp nntp ntske pack pop3 postgresql q043 q046 "
    "q050 radius rustdesk security server sip smb spdy stun sunrpc tds teamviewer tls turn v1 v2 v3 "
    "webrtc win windows xmpp";
constexpr auto alpns = sorted_words<count_words(alpn_words)>(alpn_words);

}   // namespace

std::string_view version_name(std::uint16_t version) {
    switch (version) {
        case 0x0002: return "SSLv2";
        case 0x0300: return "SSLv3";
        case 0x0301: return "TLSv1";   // so EVE calls it
        case 0x0302: return "TLS 1.1";
        case 0x0303: return "TLS 1.2";
        case 0x0304: return "TLS 1.3";
        case 0xfeff: return "DTLS 1.0";
        case 0xfefd: return "DTLS 1.2";
        case 0xfefc: return "DTLS 1.3";
        default: return version >> 8U == 0x7f ? "TLS 1.3 draft" : "unknown";
    }
}

std::string cipher_name(std::uint16_t cipher) {
    const auto known = std::ranges::lower_bound(ciphers, cipher, {}, &Known::number);
    if (known != ciphers.end() && known->number == cipher) return "TLS_" + std::string{known->name};
    Buffer bytes;
    append_big_endian(bytes, cipher);
    return "0x" + to_hex(bytes);
}

std::string alert_name(std::uint8_t description) {
    const auto known = std::ranges::find(alerts, description, &Alert::description);
    return known != alerts.end() ? std::string{known->name} : std::to_string(description);
}

std::string alpn_name(std::string_view name) {
    constexpr std::string_view separators = "/-.";
    constexpr int digits_max = 4;   // more may be a date
    if (std::ranges::count_if(name, is_digit) > digits_max) return "{other}";
    for (auto rest = name; !rest.empty();) {
        const auto word = rest.substr(0, rest.find_first_of(separators));
        const bool is_number = word.size() <= 2 && std::ranges::all_of(word, is_digit);
        if (!is_number && !holds(alpns, word)) return "{other}";
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    }
    return std::string{name};
}

}   // namespace ward::protocol::tls
