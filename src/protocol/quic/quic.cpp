// SPDX-License-Identifier: Apache-2.0
#include "protocol/quic/quic.hpp"

#include "event/quic.hpp"
#include "wire/decode.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::quic {
namespace {

constexpr Limits limits;

/// What RFC 8999 promises of every version: form, version and connection identifiers.
struct Packet {
    std::uint32_t version = 0;   // 0 is a version negotiation
    std::uint8_t type = 0;       // of version 1
    Bytes rest;                  // behind the identifiers; borrows the datagram
};

constexpr bool is_digit(std::uint32_t c) { return c >= '0' && c <= '9'; }

/// Google's versions are text: Q043, T051.
bool is_google(std::uint32_t version) {
    const auto letter = version >> 24U;
    return (letter == 'Q' || letter == 'T') && (version >> 16U & 0xffU) == '0' &&
           is_digit(version >> 8U & 0xffU) && is_digit(version & 0xffU);
}

/// RFC 9000, section 15: these are reserved to make servers negotiate.
bool is_grease(std::uint32_t version) { return (version & 0x0f0f0f0fU) == 0x0a0a0a0aU; }

bool is_known(std::uint32_t version) {
    constexpr std::uint32_t second = 0x6b3343cf;   // RFC 9369
    return version == 1 || version == second || version >> 8U == 0xff0000U || version >> 8U == 0xfaceb0U ||
           is_google(version);
}

std::string name_of(std::uint32_t version) {
    if (version == 1) return "1";
    if (version == 0x6b3343cf) return "2";
    if (version >> 8U == 0xff0000U) return "draft-" + std::to_string(version & 0xffU);
    Buffer bytes;
    append_big_endian(bytes, version);
    return is_google(version) ? std::string{as_text(bytes)} : to_hex(bytes);
}

/// Google's own header, before version Q046: flags, a connection identifier, the version.
Decode<Packet> decode_google(Bytes datagram) {
    WireReader in{datagram};
    const auto flags = in.u8();
    in.skip(8);
    Packet packet;
    packet.version = in.u32();
    const bool has_version = (flags & 0x01U) != 0 && (flags & 0x08U) != 0 && (flags & 0xc0U) == 0;
    if (in.truncated() || !has_version || !is_google(packet.version)) return Malformed{"no QUIC packet"};
    packet.rest = in.rest();
    return Decoded<Packet>{packet, datagram.size()};
}

Decode<Packet> decode(Bytes datagram) {
    constexpr std::size_t identifier_max = 20;   // RFC 9000, section 17.2
    WireReader in{datagram};
    const auto first = in.u8();
    if ((first & 0x80U) == 0) return decode_google(datagram);
    Packet packet;
    packet.type = first >> 4U & 3U;
    packet.version = in.u32();
    // Q046 and Q050 have both lengths in one byte.
    if (is_google(packet.version) && packet.version >> 24U == 'Q') {
        packet.rest = in.rest();
        return Decoded<Packet>{packet, datagram.size()};
    }
    for (int i = 0; i < 2; ++i) {
        const std::size_t length = in.u8();
        if (length > identifier_max) return Malformed{"no QUIC packet"};
        in.skip(length);
    }
    packet.rest = in.rest();
    if (in.truncated()) return Malformed{"no QUIC packet"};
    if (packet.version != 0 && (first & 0x40U) == 0) return Malformed{"no QUIC packet"};
    return Decoded<Packet>{packet, datagram.size()};
}

class QuicSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        out.skipped(Uninspected::encrypted, bytes.size());
        if (over_ || bytes.empty()) return;
        const auto result = decode(bytes);
        const auto* decoded = std::get_if<0>(&result);
        if (!told_) told_ = std::make_unique<event::Quic>();
        told_->answered |= from == Side::server;
        if (decoded != nullptr && take(from, decoded->message)) tell(out);
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& out) override { tell(out); }
    std::size_t memory() const noexcept override {
        return sizeof *this + (told_ ? sizeof *told_ + limits.versions_max * 64 : 0);
    }

private:
    /// True when the version is agreed on.
    bool take(Side from, const Packet& packet) {
        if (packet.version == 0) {
            WireReader in{packet.rest};
            while (in.remaining() >= 4 && told_->supported.size() < limits.versions_max) {
                const auto version = in.u32();
                if (!is_grease(version)) told_->supported.push_back(name_of(version));
            }
            return false;
        }
        told_->version = name_of(packet.version);
        constexpr std::uint8_t retry_type = 3;
        const bool retry = from == Side::server && packet.version == 1 && packet.type == retry_type;
        told_->retry |= retry;
        return from == Side::server && !retry;
    }

    void tell(Output& out) {
        if (told_ && (!told_->version.empty() || !told_->supported.empty())) out.emit(std::move(*told_));
        told_.reset();
        over_ = true;
    }

    std::unique_ptr<event::Quic> told_;
    bool over_ = false;
};

}   // namespace

Verdict probe(Bytes first, Side /*from*/) {
    const auto result = decode(first);
    const auto* decoded = std::get_if<0>(&result);
    if (decoded == nullptr) return Verdict::no;
    const auto& packet = decoded->message;
    constexpr std::size_t body_min = 4;   // the sample that hides a packet's number
    if (packet.rest.size() < body_min) return Verdict::no;
    if (is_known(packet.version)) return Verdict::yes;
    if (packet.version != 0) return is_grease(packet.version) ? Verdict::unsure : Verdict::no;
    // A negotiation: nothing but versions, one of them known.
    if (packet.rest.size() % 4 != 0) return Verdict::no;
    WireReader in{packet.rest};
    while (in.remaining() > 0)
        if (is_known(in.u32())) return Verdict::yes;
    return Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<QuicSession>(); }

}   // namespace ward::protocol::quic
