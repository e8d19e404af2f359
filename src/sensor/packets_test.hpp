// SPDX-License-Identifier: Apache-2.0
// Packets for tests, and what the sensor says of them: Connections between Hosts, or single Packets, are
// recorded on a Tape, and Heard are the EVE lines that come of it.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "json/document.hpp"
#include "sensor/engine.hpp"
#include "sensor/eve.hpp"
#include "wire/wire_reader.hpp"

namespace ward::sensor {

struct Host {
    std::string address;   // IPv4 or IPv6
    std::uint16_t port = 0;
};

inline IpAddress address_of(const std::string& text) {
    IpAddress address;
    const bool v6 = text.find(':') != std::string::npos;
    address.family = v6 ? IpAddress::Family::v6 : IpAddress::Family::v4;
    EXPECT_EQ(inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), address.bytes.data()), 1) << text;
    return address;
}

/// A frame as a capture hands it over.
inline wire::Frame frame_of(Bytes bytes, wire::FrameTime at = {},
                            wire::LinkType link = wire::LinkType::ethernet) {
    return {.at = at,
            .link = link,
            .bytes = bytes,
            .wire_length = static_cast<std::uint32_t>(bytes.size()),
            .vlan = {}};
}

/// One Ethernet frame. The hardware addresses are 02:00 and the last four bytes of the hosts' own.
class Packet {
public:
    static Packet tcp(const Host& from, const Host& to, std::uint8_t flags) {
        return Packet{from, to, wire::tcp, flags};
    }
    static Packet udp(const Host& from, const Host& to, std::string_view text) {
        return Packet{from, to, wire::udp, 0}.payload(text);
    }
    static Packet icmp(const std::string& from, const std::string& to, std::uint8_t type, std::uint8_t code) {
        return Packet{{from, type}, {to, code}, wire::icmp, 0};
    }

    Packet& sequence(std::uint32_t number) { return sequence_ = number, *this; }
    Packet& acknowledge(std::uint32_t number) { return acknowledged_ = number, *this; }
    Packet& payload(std::string_view text) { return payload_ = text, *this; }
    Packet& vlan(std::uint16_t id) { return vlans_.push_back(id), *this; }
    Packet& ttl(std::uint8_t hops) { return ttl_ = hops, *this; }

    Buffer frame() const {
        Buffer frame;
        put_mac(frame, to_.address);
        put_mac(frame, from_.address);
        for (const auto id : vlans_) put(frame, std::uint16_t{0x8100}, id);
        const auto from = address_of(from_.address);
        const auto to = address_of(to_.address);
        const auto segment = transport();
        if (from.is_v4()) {
            put(frame, std::uint16_t{0x0800}, std::uint16_t{0x4500});
            put(frame, static_cast<std::uint16_t>(20 + segment.size()), std::uint32_t{0});
            put(frame, ttl_, protocol_, std::uint16_t{0});
        } else {
            put(frame, std::uint16_t{0x86dd}, std::uint32_t{0x60000000});
            put(frame, static_cast<std::uint16_t>(segment.size()), protocol_, ttl_);
        }
        for (const auto* address : {&from, &to})
            append(frame, Bytes{address->bytes}.first(from.is_v4() ? 4 : 16));
        append(frame, segment);
        return frame;
    }

private:
    Packet(Host from, Host to, std::uint8_t protocol, std::uint8_t flags)
        : from_(std::move(from)), to_(std::move(to)), protocol_(protocol), flags_(flags) {}

    static void put(Buffer& out, auto... numbers) { (append_big_endian(out, numbers), ...); }
    static void put_mac(Buffer& out, const std::string& address) {
        put(out, std::uint16_t{0x0200});
        const auto ip = address_of(address);
        append(out, Bytes{ip.bytes}.subspan(ip.is_v4() ? 0 : 12, 4));
    }
    Buffer transport() const {
        Buffer out;
        if (protocol_ == wire::icmp) {
            put(out, static_cast<std::uint8_t>(from_.port), static_cast<std::uint8_t>(to_.port),
                std::uint16_t{0});
        } else {
            put(out, from_.port, to_.port);
        }
        if (protocol_ == wire::tcp)
            put(out, sequence_, acknowledged_, std::uint8_t{0x50}, flags_, std::uint16_t{8192},
                std::uint32_t{0});
        if (protocol_ == wire::udp)
            put(out, static_cast<std::uint16_t>(8 + payload_.size()), std::uint16_t{0});
        append(out, as_bytes(payload_));
        return out;
    }

    Host from_;
    Host to_;
    std::uint8_t protocol_;
    std::uint8_t flags_;
    std::uint8_t ttl_ = 64;
    std::uint32_t sequence_ = 0;
    std::uint32_t acknowledged_ = 0;
    std::vector<std::uint16_t> vlans_;
    std::string payload_;
};

/// What a capture would hold. A millisecond passes with every packet.
class Tape {
public:
    struct Recorded {
        wire::FrameTime at;
        Buffer bytes;
    };

    Tape& add(const Packet& packet) {
        frames.push_back({now, packet.frame()});
        return after(std::chrono::milliseconds{1});
    }
    Tape& after(std::chrono::nanoseconds pause) { return now += pause, *this; }

    /// As a pcap file with nanoseconds.
    void save(const std::filesystem::path& path) const {
        Buffer out;
        for (const std::uint32_t word : {0xa1b23c4dU, 0x00020004U, 0U, 0U, 65535U, 1U})
            append_big_endian(out, word);
        for (const auto& [at, bytes] : frames) {
            const auto since = at.time_since_epoch();
            const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
            append_big_endian(out, static_cast<std::uint32_t>(seconds.count()));
            append_big_endian(out, static_cast<std::uint32_t>((since - seconds).count()));
            for (int i = 0; i < 2; ++i) append_big_endian(out, static_cast<std::uint32_t>(bytes.size()));
            append(out, bytes);
        }
        std::ofstream{path, std::ios::binary} << as_text(out);
    }

    std::vector<Recorded> frames;
    wire::FrameTime now{std::chrono::seconds{1'700'000'000}};
};

/// One TCP connection. Each segment is acknowledged at once.
class Connection {
public:
    Connection(Tape& tape, Host client, Host server, std::uint32_t client_sequence = 1000)
        : tape_(tape), ends_{End{std::move(client), client_sequence}, End{std::move(server), 5000}} {}

    Connection& open() { return syn().syn_ack().segment(Side::client, ack, {}); }
    Connection& syn() { return segment(Side::client, wire::TcpFlag::syn, {}); }
    Connection& syn_ack() { return segment(Side::server, wire::TcpFlag::syn | ack, {}); }
    Connection& client(std::string_view text) { return say(Side::client, text); }
    Connection& server(std::string_view text) { return say(Side::server, text); }
    /// A byte in each segment.
    Connection& client_bytewise(std::string_view text) {
        for (const char& c : text) client({&c, 1});
        return *this;
    }
    /// Bytes that are acknowledged, but that the capture did not see.
    Connection& lose(Side from, std::uint32_t bytes) {
        end(from).next += bytes;
        return *this;
    }
    Connection& close() {
        for (const auto side : {Side::client, Side::server}) segment(side, wire::TcpFlag::fin | ack, {});
        return segment(Side::client, ack, {});
    }
    Connection& reset(Side from) { return segment(from, wire::TcpFlag::rst, {}); }
    Connection& segment(Side from, std::uint8_t flags, std::string_view text) {
        auto& self = end(from);
        const auto& other = end(event::other(from));
        tape_.add(Packet::tcp(self.host, other.host, flags)
                      .sequence(self.next)
                      .acknowledge((flags & ack) != 0 ? other.next : 0)
                      .payload(text));
        self.next += static_cast<std::uint32_t>(text.size());
        if ((flags & (wire::TcpFlag::syn | wire::TcpFlag::fin)) != 0) ++self.next;
        return *this;
    }

private:
    static constexpr std::uint8_t ack = wire::TcpFlag::ack;
    struct End {
        Host host;
        std::uint32_t next;
    };
    End& end(Side side) { return ends_[event::index(side)]; }
    Connection& say(Side from, std::string_view text) {
        segment(from, wire::TcpFlag::psh | ack, text);
        return segment(event::other(from), ack, {});
    }

    Tape& tape_;
    std::array<End, 2> ends_;
};

/// Everything that the sensor says of a tape, as EVE lines.
class Heard {
public:
    explicit Heard(const Tape& tape, const EngineLimits& limits = {}) {
        const auto tell = [this](const event::Event& event) {
            std::string line;
            append_eve(line, event);
            text += line;
            auto parsed = json::Document::parse(line);
            ASSERT_TRUE(parsed) << line;
            events.push_back(std::move(*parsed));
        };
        const protocol::Pseudonymise nothing;
        Engine engine{limits, &nothing, tell};
        Unwrapper unwrapper;
        std::uint64_t number = 0;
        for (const auto& [at, bytes] : tape.frames)
            unwrapper.frame(
                frame_of(bytes, at), ++number, [&](const Sighting& packet) { engine.packet(packet); }, tell);
        engine.finish();
        counts = engine.counts();
        unwrapped = unwrapper.counts();
    }

    std::vector<json::Value> all(std::string_view type) const {
        std::vector<json::Value> found;
        for (const auto& event : events)
            if (event["event_type"].text() == type) found.push_back(event.root());
        return found;
    }
    /// The only event of that type.
    json::Value one(std::string_view type) const {
        const auto found = all(type);
        EXPECT_EQ(found.size(), 1u) << type << " in\n" << text;
        return found.empty() ? json::Value{} : found.front();
    }

    std::string text;
    std::vector<json::Document> events;
    EngineCounts counts;
    UnwrapCounts unwrapped;
};

}   // namespace ward::sensor
