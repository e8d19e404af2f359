// SPDX-License-Identifier: Apache-2.0
#include "protocol/rtp/rtp.hpp"

#include "protocol/dtls/dtls.hpp"
#include "protocol/rtp/media.hpp"
#include "protocol/stun/message.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::rtp {
namespace {

constexpr Limits limits;

class RtpSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        if (bytes.empty()) return;
        if (media_.take(bytes)) return out.skipped(Uninspected::content, bytes.size());
        if (stun::is_message(bytes)) return;
        // RFC 5764: the keys of SRTP may be agreed on after the first packets.
        if (dtls::probe(bytes, from) == Verdict::yes) {
            out.restart = bytes;
            return;
        }
        out.skipped(Uninspected::unknown, bytes.size());
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& out) override {
        if (!media_.empty()) out.emit(media_.tell("rtp"));
    }
    std::size_t memory() const noexcept override { return sizeof *this + media_.memory(); }

private:
    Media media_;
};

/// RFC 3550, section 6.1: a report, then a description of the source, and nothing after the last packet.
bool is_compound(Bytes datagram) {
    constexpr std::uint8_t sender_report = 200;
    constexpr std::uint8_t receiver_report = 201;
    unsigned packets = 0;
    WireReader in{datagram};
    while (in.remaining() > 0) {
        const auto first = in.u8();
        const auto type = in.u8();
        const std::size_t words = in.u16();
        in.skip(words * 4);
        if (in.truncated() || first >> 6U != 2 || type < 200 || type > 207) return false;
        const std::size_t reports = first & 0x1fU;
        if (packets++ > 0) continue;
        const std::size_t fixed = type == sender_report ? 6 : 1;
        if ((type != sender_report && type != receiver_report) || words != fixed + reports * 6) return false;
    }
    return packets > 1;
}

}   // namespace

Verdict probe(Bytes first, Side /*from*/) {
    if (is_rtcp(first)) return is_compound(first) ? Verdict::yes : Verdict::unsure;
    return read_header(first) ? Verdict::unsure : Verdict::no;
}

Verdict probe_series(std::span<const Bytes> datagrams) {
    if (datagrams.size() < limits.series_min) return Verdict::unsure;
    std::optional<Header> before;
    for (const auto datagram : datagrams.last(limits.series_min)) {
        const auto header = read_header(datagram);
        if (!header || is_rtcp(datagram) || header->source == 0) return Verdict::no;
        if (before) {
            const auto step = static_cast<std::uint16_t>(header->sequence - before->sequence);
            const auto later = header->timestamp - before->timestamp;   // modulo 2^32, as it is counted
            if (header->source != before->source || step == 0 || step > limits.sequence_step_max ||
                later > (1U << 24U))
                return Verdict::no;
        }
        before = header;
    }
    return Verdict::yes;
}

std::unique_ptr<Session> open_session() { return std::make_unique<RtpSession>(); }

}   // namespace ward::protocol::rtp
