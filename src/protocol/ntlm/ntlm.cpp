// SPDX-License-Identifier: Apache-2.0
#include "protocol/ntlm/ntlm.hpp"

#include "protocol/utf16.hpp"

namespace ward::protocol::ntlm {
namespace {

constexpr std::string_view signature{"NTLMSSP\0", 8};
constexpr int target_pairs_max = 16;

enum MessageType : std::uint32_t { negotiate = 1, challenge = 2, authenticate = 3 };

// MS-NLMP 2.2.2.5
constexpr std::uint32_t flag_unicode = 0x1;
constexpr std::uint32_t flag_anonymous = 0x800;
constexpr std::uint32_t flag_version = 0x02000000;

/// A field is a length, a maximum and an offset from the signature.
Bytes field(WireReader& in, Bytes message) {
    const std::size_t length = in.le16();
    in.skip(2);
    const std::size_t offset = in.le32();
    if (offset > message.size() || length > message.size() - offset) return {};
    return message.subspan(offset, length);
}

std::string text(Bytes bytes, std::uint32_t flags) {
    return (flags & flag_unicode) != 0 ? from_utf16le(bytes) : clipped(as_text(bytes));
}

std::string version(WireReader& in) {
    const auto major = in.u8();
    const auto minor = in.u8();
    const auto build = in.le16();
    if (in.truncated() || major == 0) return {};
    return std::to_string(major) + '.' + std::to_string(minor) + '.' + std::to_string(build);
}

/// MS-NLMP 2.2.2.1: AV_PAIRs, always UTF-16.
void read_target(Bytes pairs, event::NtlmNames& names) {
    WireReader in{pairs};
    for (int i = 0; i < target_pairs_max && in.remaining() >= 4; ++i) {
        const auto id = in.le16();
        const auto value = in.take(in.le16());
        switch (id) {
            case 0: return;
            case 1: names.host = from_utf16le(value); break;
            case 2: names.domain = from_utf16le(value); break;
            case 3: names.dns_host = from_utf16le(value); break;
            case 4: names.dns_domain = from_utf16le(value); break;
            case 5: names.dns_forest = from_utf16le(value); break;
            default: break;
        }
    }
}

void read_negotiate(WireReader in, Bytes message, event::NtlmNames& names) {
    const auto flags = in.le32();
    names.domain = clipped(as_text(field(in, message)));   // OEM text here, whatever the flags say
    names.host = clipped(as_text(field(in, message)));
    if ((flags & flag_version) != 0) names.version = version(in);
}

void read_challenge(WireReader in, Bytes message, event::NtlmNames& names) {
    const auto target = field(in, message);
    const auto flags = in.le32();
    names.domain = text(target, flags);
    in.skip(16);   // the challenge, and what is reserved
    read_target(field(in, message), names);
    if ((flags & flag_version) != 0) names.version = version(in);
}

void read_authenticate(WireReader in, Bytes message, const Output& out, event::NtlmNames& names) {
    in.skip(16);   // the responses
    const auto domain = field(in, message);
    const auto user = field(in, message);
    const auto host = field(in, message);
    in.skip(8);   // the session key
    const auto flags = in.le32();
    names.domain = text(domain, flags);
    names.host = text(host, flags);
    names.anonymous = (flags & flag_anonymous) != 0 || user.empty();
    if (!user.empty()) names.user = out.pseudonym(lowered(text(user, flags)));   // as Windows compares them
    if ((flags & flag_version) != 0) names.version = version(in);
}

}   // namespace

std::optional<event::NtlmNames> read_names(Bytes token, const Output& out) {
    const auto begin = as_text(token).find(signature);
    if (begin == std::string_view::npos) return std::nullopt;
    const auto message = token.subspan(begin);
    WireReader in{message};
    in.skip(signature.size());
    event::NtlmNames names;
    switch (in.le32()) {
        case negotiate: read_negotiate(in, message, names); break;
        case challenge: read_challenge(in, message, names); break;
        case authenticate: read_authenticate(in, message, out, names); break;
        default: return std::nullopt;
    }
    return names;
}

bool has_kerberos_ticket(Bytes token) {
    // The mechanism 1.2.840.113554.1.2.2, then the token id of an AP-REQ.
    constexpr std::string_view ticket{"\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x01\x00", 13};
    return as_text(token).find(ticket) != std::string_view::npos;
}

}   // namespace ward::protocol::ntlm
