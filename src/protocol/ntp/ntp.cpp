// SPDX-License-Identifier: Apache-2.0
#include "protocol/ntp/ntp.hpp"

#include "event/ntp.hpp"
#include "protocol/unanswered.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::ntp {
namespace {

constexpr Limits limits;
constexpr std::size_t packet_bytes = 48;   // RFC 5905, section 7.3; extensions may follow

enum Mode : std::uint8_t { client = 3, server = 4, control = 6, vendor = 7 };

std::string_view mode_name(std::uint8_t mode) {
    constexpr std::array<std::string_view, 8> names{"reserved", "symmetric active", "symmetric passive",
                                                    "client",   "server",           "broadcast",
                                                    "control",  "private"};
    return names[mode & 7U];
}

struct Packet {
    std::uint8_t version = 0;
    std::uint8_t mode = 0;
    std::uint8_t stratum = 0;
    Bytes reference;
    std::uint64_t origin = 0;   // the client's time, that the server sends back
    std::uint64_t transmit = 0;
};

Packet read(Bytes datagram) {
    WireReader in{datagram};
    Packet packet;
    const auto first = in.u8();
    packet.version = first >> 3U & 7U;
    packet.mode = first & 7U;
    packet.stratum = in.u8();
    in.skip(10);   // poll, precision, delay and dispersion
    packet.reference = in.take(4);
    in.skip(8);
    packet.origin = in.u64();
    in.skip(8);
    packet.transmit = in.u64();
    return packet;
}

/// RFC 5905, figure 12: letters for a clock itself, otherwise the IPv4 address of who it follows.
std::string reference_text(const Packet& packet) {
    if (packet.reference.empty()) return {};
    if (packet.stratum <= 1) {
        auto letters = as_text(packet.reference);
        while (letters.ends_with('\0')) letters.remove_suffix(1);
        return std::string{letters};
    }
    IpAddress address;
    address.family = IpAddress::Family::v4;
    std::ranges::copy(packet.reference, address.bytes.begin());
    return to_text(address);
}

class NtpSession final : public Session {
public:
    void data(Side /*from*/, Bytes bytes, Output& out) override {
        const auto packet = read(bytes);
        event::Ntp told;
        told.version = packet.version;
        told.mode = mode_name(packet.mode);
        // Modes 6 and 7 have other headers; that somebody uses them is what counts.
        if (packet.mode == Mode::control || packet.mode == Mode::vendor) return out.emit(std::move(told));
        if (bytes.size() < packet_bytes) return out.malformed("NTP packet cut", bytes.size());
        if (packet.mode == Mode::client)
            return unanswered_.ask(packet.transmit, std::move(told), limits.waiting_max, out);
        const auto complete = [&](event::Ntp& request) {
            request.stratum = packet.stratum;
            request.reference_id = reference_text(packet);
            request.answered = packet.mode == Mode::server;
        };
        if (packet.mode == Mode::server && unanswered_.answer(packet.origin, out, complete)) return;
        complete(told);
        out.emit(std::move(told));
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& out) override { unanswered_.end(out); }
    std::size_t memory() const noexcept override { return sizeof *this + unanswered_.memory(); }

private:
    Unanswered<std::uint64_t, event::Ntp> unanswered_;
};

}   // namespace

Verdict probe(Bytes first, Side /*from*/) {
    const auto packet = read(first);
    const bool known = packet.version >= 1 && packet.version <= 4 && packet.mode != 0 && packet.stratum <= 16;
    // A few bits only: without its port this could be anything.
    if (packet.mode == Mode::control || packet.mode == Mode::vendor)
        return packet.version >= 1 && packet.version <= 4 && first.size() >= 8 ? Verdict::unsure
                                                                               : Verdict::no;
    return known && first.size() >= packet_bytes && first.size() % 4 == 0 ? Verdict::unsure : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<NtpSession>(); }

}   // namespace ward::protocol::ntp
