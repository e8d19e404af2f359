// SPDX-License-Identifier: Apache-2.0
// A conversation when it is over, and what was strange or left out on the way.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "event/event.hpp"

namespace ward::event {

/// Bytes of a flow that nobody looked into, and why.
struct NotInspected {
    std::uint64_t gap = 0;   // lost by the capture
    std::uint64_t cap = 0;   // past a limit
    std::uint64_t encrypted = 0;
    std::uint64_t unknown = 0;     // of no protocol that was recognised
    std::uint64_t malformed = 0;   // garbage within a protocol
    std::uint64_t content = 0;     // carried, and passed on unread

    bool empty() const noexcept { return (gap | cap | encrypted | unknown | malformed | content) == 0; }
    NotInspected& operator+=(const NotInspected& other) noexcept {
        gap += other.gap;
        cap += other.cap;
        encrypted += other.encrypted;
        unknown += other.unknown;
        malformed += other.malformed;
        content += other.content;
        return *this;
    }
    template <class Visitor>
    void fields(Visitor&& visit) const {
        const auto unless_zero = [&](std::string_view key, std::uint64_t bytes) {
            if (bytes > 0) visit(key, bytes);
        };
        unless_zero("gap", gap);
        unless_zero("cap", cap);
        unless_zero("encrypted", encrypted);
        unless_zero("unknown", unknown);
        unless_zero("malformed", malformed);
        unless_zero("content", content);
    }
};

struct TcpEnd {
    static constexpr std::uint8_t syn = 0x02;   // RFC 9293, 3.1

    std::string_view state;             // EVE's words: syn_sent, established, closed, reset
    std::uint8_t flags_to_server = 0;   // all that were seen
    std::uint8_t flags_to_client = 0;
    std::uint64_t retransmitted = 0;   // bytes
    std::uint32_t conflicts = 0;       // segments that repeat bytes with other content
    std::uint32_t overlaps = 0;
    std::uint32_t urgent = 0;
    bool midstream = false;   // its beginning was not seen

    template <class Visitor>
    void fields(Visitor&& visit) const {
        const auto hexadecimal = [](unsigned flags) {
            const auto byte = static_cast<std::byte>(flags);
            return to_hex({&byte, 1});
        };
        visit("tcp_flags", hexadecimal(flags_to_server | flags_to_client));
        visit("tcp_flags_ts", hexadecimal(flags_to_server));
        visit("tcp_flags_tc", hexadecimal(flags_to_client));
        visit("state", state);
        if (retransmitted > 0) visit("retransmitted", retransmitted);
        if (conflicts > 0) visit("conflicts", conflicts);
        if (overlaps > 0) visit("overlaps", overlaps);
        if (urgent > 0) visit("urgent", urgent);
        if (midstream) visit("midstream", midstream);
    }
};

struct Flow {
    static constexpr std::string_view event_type = "flow";

    std::uint64_t packets_to_server = 0;
    std::uint64_t packets_to_client = 0;
    std::uint64_t bytes_to_server = 0;   // of IP
    std::uint64_t bytes_to_client = 0;
    Time start;
    Time end;
    std::string_view state;     // EVE's words: new, established, closed
    std::string_view reason;    // why it ended for the sensor: timeout, shutdown, memory
    std::string_view grounds;   // how its protocol was recognised
    std::string_view violation;
    NotInspected not_inspected;
    std::optional<TcpEnd> tcp;   // which EVE has beside the other members, not among them

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("pkts_toserver", packets_to_server);
        visit("pkts_toclient", packets_to_client);
        visit("bytes_toserver", bytes_to_server);
        visit("bytes_toclient", bytes_to_client);
        visit("start", start);
        visit("end", end);
        visit("age", std::chrono::duration_cast<std::chrono::seconds>(end - start).count());
        visit("state", state);
        visit("reason", reason);
        visit("app_proto_grounds", grounds);
        visit("violation", violation);
        visit("not_inspected", not_inspected);
    }
};

/// Flows of one IP protocol that came to nothing, in a minute in which they were too many to be told one by
/// one: a flood, a scan, or what a flood makes its victim say to others.
struct Flood {
    static constexpr std::string_view event_type = "flood";

    /// What at least so many of the flows had in common; the most frequent first.
    template <class Value>
    struct Share {
        Value value{};
        std::uint64_t flows_min = 0;

        template <class Visitor>
        void fields(Visitor&& visit) const {
            visit("value", value);
            visit("flows_min", flows_min);
        }
    };

    std::string protocol;   // as in the envelope: TCP, UDP
    std::uint64_t flows = 0;
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;   // of IP
    Time first;
    Time last;
    // Who spoke first, and to whom. An address may be forged; the hardware that sent the frames is near.
    std::vector<Share<IpAddress>> sources;
    std::vector<Share<MacAddress>> source_macs;
    std::vector<Share<IpAddress>> targets;
    std::vector<Share<std::uint16_t>> target_ports;
    NotInspected not_inspected;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("proto", protocol);
        visit("flows", flows);
        visit("packets", packets);
        visit("bytes", bytes);
        visit("first", first);
        visit("last", last);
        visit("sources", sources);
        visit("source_macs", source_macs);
        visit("targets", targets);
        visit("target_ports", target_ports);
        visit("not_inspected", not_inspected);
    }
};

/// Something that the standard or the state of a conversation does not allow; once for each kind and flow.
struct Anomaly {
    static constexpr std::string_view event_type = "anomaly";

    std::string_view layer;   // EVE's type: decode, stream, applayer
    std::string_view what;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("type", layer);
        visit("event", what);
    }
};

/// Identifying data of patients that crossed the network readable by anyone on the way, summed for one pair
/// of hosts and one protocol.
struct Exposure {
    static constexpr std::string_view event_type = "exposure";

    std::uint64_t messages = 0;
    std::uint64_t items = 0;   // identifying fields that carried a value
    Time first;
    Time last;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("messages", messages);
        visit("items", items);
        visit("first", first);
        visit("last", last);
    }
};

/// Which hardware address says that it has which IP address (RFC 826). Told when it is new or has changed.
struct ArpBinding {
    static constexpr std::string_view event_type = "arp";

    MacAddress mac;
    IpAddress address;
    std::optional<MacAddress> before;   // who had the address until now
    std::string_view operation;         // request, reply

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("opcode", operation);
        visit("src_mac", mac);
        visit("src_ip", address);
        visit("mac_before", before);
    }
};

}   // namespace ward::event
