// SPDX-License-Identifier: Apache-2.0
#include "protocol/dcerpc/dcerpc.hpp"

#include <algorithm>

#include "protocol/dcerpc/interfaces.hpp"
#include "protocol/latency.hpp"
#include "protocol/ntlm/ntlm.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::dcerpc {
namespace {

constexpr Limits limits;
constexpr std::size_t header_size = 16;
constexpr std::size_t call_head_size = 8;   // alloc_hint, context, and opnum or cancel count

enum Type : std::uint8_t {
    request = 0,
    response = 2,
    fault = 3,
    bind = 11,
    bind_ack = 12,
    bind_nak = 13,
    alter_context = 14,
    alter_context_response = 15,
    auth3 = 16,
    shutdown = 17,
    cancel = 18,
    orphaned = 19,
};

constexpr std::uint8_t first_fragment = 1;
constexpr std::uint8_t last_fragment = 2;

std::string_view type_name(std::uint8_t type) {
    switch (type) {
        case request: return "REQUEST";
        case response: return "RESPONSE";
        case fault: return "FAULT";
        case bind: return "BIND";
        case bind_ack: return "BINDACK";
        case bind_nak: return "BINDNAK";
        case alter_context: return "ALTER_CONTEXT";
        case alter_context_response: return "ALTER_CONTEXT_RESP";
        case auth3: return "AUTH3";
        case shutdown: return "SHUTDOWN";
        case cancel: return "CO_CANCEL";
        case orphaned: return "ORPHANED";
        default: return {};
    }
}

bool is_call(std::uint8_t type) { return type == request || type == response || type == fault; }

/// Integers come in the sender's byte order.
class Reader {
public:
    Reader(Bytes bytes, bool little_endian) : in_(bytes), little_endian_(little_endian) {}
    std::uint8_t u8() { return in_.u8(); }
    std::uint16_t u16() { return little_endian_ ? in_.le16() : in_.u16(); }
    std::uint32_t u32() { return little_endian_ ? in_.le32() : in_.u32(); }
    void skip(std::size_t bytes) { in_.skip(bytes); }
    Bytes take(std::size_t bytes) { return in_.take(bytes); }
    bool truncated() const { return in_.truncated(); }
    std::size_t remaining() const { return in_.remaining(); }

    std::string uuid() {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string text;
        const auto put = [&](std::uint32_t value, unsigned bits) {
            while (bits > 0) {
                bits -= 4;
                text += digits[value >> bits & 15U];
            }
        };
        put(u32(), 32);
        for (int i = 0; i < 2; ++i) {
            text += '-';
            put(u16(), 16);
        }
        for (int i = 0; i < 8; ++i) {
            if (i == 0 || i == 2) text += '-';
            put(u8(), 8);
        }
        return text;
    }

private:
    WireReader in_;
    bool little_endian_;
};

// MS-RPCE 2.2.1.1.7
std::string_view security_provider(std::uint8_t type) {
    switch (type) {
        case 9: return "SPNEGO";
        case 10: return "NTLMSSP";
        case 14: return "SChannel";
        case 16: return "Kerberos";
        case 68: return "Netlogon";
        default: return {};
    }
}

constexpr std::uint8_t packet_privacy = 6;

}   // namespace

Decode<Pdu> decode_pdu(Bytes input) noexcept {
    if (input.size() < header_size) return NeedMore{header_size - input.size()};
    WireReader in{input};
    Pdu pdu;
    if (in.u8() != 5 || in.u8() > 1) return Malformed{"not version 5 of DCE/RPC"};
    pdu.type = in.u8();
    if (type_name(pdu.type).empty()) return Malformed{"unknown PDU type"};
    pdu.flags = in.u8();
    pdu.little_endian = (in.u8() & 0xf0U) == 0x10;
    in.skip(3);
    Reader fields{in.rest(), pdu.little_endian};
    pdu.length = fields.u16();
    pdu.auth_length = fields.u16();
    pdu.call_id = fields.u32();
    if (pdu.length < header_size) return Malformed{"fragment shorter than its header"};
    const std::size_t wanted = is_call(pdu.type) ? header_size + call_head_size + 4 : limits.head_bytes_max;
    const std::size_t head = std::min<std::size_t>(pdu.length, wanted);
    if (input.size() < head) return NeedMore{head - input.size()};
    pdu.body = input.subspan(header_size, head - header_size);
    pdu.passed_by.bytes = pdu.length - head;
    return Decoded<Pdu>{pdu, head};
}

void Conversation::data(Side from, Bytes bytes, Output& out) {
    each_message(lanes_[index(from)], bytes, limits.head_bytes_max, out, decode_pdu,
                 [&](const Pdu& pdu) { take(pdu, out); });
}

void Conversation::gap(Side from, std::uint64_t lost, Output& out) { lanes_[index(from)].lose(lost, out); }

void Conversation::take(const Pdu& pdu, Output& out) {
    switch (pdu.type) {
        case request: return take_request(pdu, out);
        case bind:
        case alter_context: return take_bind(pdu, out);
        case response:
        case fault:
        case bind_ack:
        case bind_nak:
        case alter_context_response: return take_answer(pdu, out);
        default: {
            // AUTH3 and the like are never answered.
            event::Dcerpc told;
            told.request = type_name(pdu.type);
            told.call_id = pdu.call_id;
            told.pipe = pipe_;
            read_verifier(pdu, told, out);
            out.emit(std::move(told));
        }
    }
}

std::vector<Conversation::Call>::iterator Conversation::find_call(std::uint32_t call_id) {
    return std::ranges::find(calls_, call_id, [](const Call& call) { return call.told.call_id; });
}

void Conversation::open_call(Call call, Output& out) {
    if (calls_.size() >= limits.calls_max) {
        out.emit(std::move(calls_.front().told));
        calls_.erase(calls_.begin());
    }
    calls_.push_back(std::move(call));
}

void Conversation::take_request(const Pdu& pdu, Output& out) {
    Reader in{pdu.body, pdu.little_endian};
    in.skip(4);   // alloc_hint
    const auto presented = in.u16();
    const auto opnum = in.u16();
    if (in.truncated()) return out.malformed("request without its header", pdu.length);
    const std::uint64_t stub = pdu.length - header_size - call_head_size;   // not truncated, so no less
    if ((pdu.flags & first_fragment) == 0) {
        const auto call = find_call(pdu.call_id);
        if (call != calls_.end()) call->told.request_bytes += stub;
        return;
    }
    Call call;
    call.began = out.now;
    call.told.request = type_name(request);
    call.told.response = "UNREPLIED";
    call.told.call_id = pdu.call_id;
    call.told.pipe = pipe_;
    call.told.opnum = opnum;
    call.told.request_bytes = stub;
    const auto known = std::ranges::find(presented_, presented, &Presented::id);
    if (known != presented_.end()) {
        call.told.interfaces.push_back(known->interface);
        call.told.operation = operation_name(known->interface.name, opnum);
    }
    open_call(std::move(call), out);
}

void Conversation::take_bind(const Pdu& pdu, Output& out) {
    Call call;
    call.began = out.now;
    auto& told = call.told;
    told.request = type_name(pdu.type);
    told.response = "UNREPLIED";
    told.call_id = pdu.call_id;
    told.pipe = pipe_;
    told.request_bytes = pdu.length - header_size;
    Reader in{pdu.body, pdu.little_endian};
    in.skip(8);   // fragment sizes and association group
    const auto contexts = in.u8();
    in.skip(3);
    for (int i = 0; i < contexts && in.remaining() >= 24; ++i) {
        Presented offered;
        offered.id = in.u16();
        const auto transfer_syntaxes = in.u8();
        in.skip(1);
        offered.interface.uuid = in.uuid();
        const auto version = in.u32();   // the major number in the lower half
        offered.interface.version = std::to_string(version & 0xffffU) + '.' + std::to_string(version >> 16U);
        offered.interface.name = interface_name(offered.interface.uuid);
        in.skip(std::size_t{20} * transfer_syntaxes);
        if (told.interfaces.size() < limits.interfaces_max) told.interfaces.push_back(offered.interface);
        const auto same = std::ranges::find(presented_, offered.id, &Presented::id);
        if (same != presented_.end()) {
            *same = std::move(offered);
        } else if (presented_.size() < limits.interfaces_max) {
            presented_.push_back(std::move(offered));
        }
    }
    read_verifier(pdu, told, out);
    open_call(std::move(call), out);
}

void Conversation::read_verifier(const Pdu& pdu, event::Dcerpc& told, const Output& out) const {
    const std::size_t trailer = std::size_t{pdu.auth_length} + 8;
    if (pdu.auth_length == 0 || trailer > pdu.body.size() || pdu.body.size() + header_size != pdu.length)
        return;
    WireReader in{pdu.body.last(trailer)};
    told.auth = security_provider(in.u8());
    told.sealed = in.u8() == packet_privacy;
    in.skip(6);
    // A server's challenge tells more than the client's greeting, so the later names win.
    if (auto names = ntlm::read_names(in.rest(), out)) told.ntlmssp = std::move(*names);
}

void Conversation::read_results(const Pdu& pdu, event::Dcerpc& told) {
    Reader in{pdu.body, pdu.little_endian};
    in.skip(8);
    const std::size_t address = in.u16();   // the secondary address, padded so that what follows is aligned
    in.skip(address);
    in.skip((4 - (2 + address) % 4) % 4);
    const std::size_t results = in.u8();
    in.skip(3);
    for (std::size_t i = 0; i < results && in.remaining() >= 24; ++i) {
        const auto result = in.u16();
        in.skip(22);
        if (i < told.interfaces.size()) told.interfaces[i].result = result;
    }
}

void Conversation::take_answer(const Pdu& pdu, Output& out) {
    const std::size_t head = header_size + (is_call(pdu.type) ? call_head_size : 0);
    const auto content = pdu.length - std::min<std::size_t>(pdu.length, head);
    auto call = find_call(pdu.call_id);
    if (call == calls_.end()) {
        if (is_call(pdu.type) && (pdu.flags & first_fragment) == 0) return;   // told with its first fragment
        event::Dcerpc alone;                                                  // its request was not seen
        alone.response = type_name(pdu.type);
        alone.call_id = pdu.call_id;
        alone.pipe = pipe_;
        alone.response_bytes = content;
        return out.emit(std::move(alone));
    }
    auto& told = call->told;
    told.response = type_name(pdu.type);
    told.response_bytes += content;
    if (pdu.type == fault) {
        Reader in{pdu.body, pdu.little_endian};
        in.skip(8);
        Buffer status;
        append_big_endian(status, in.u32());
        if (!in.truncated()) told.fault = "0x" + to_hex(status);
    } else if (pdu.type != response) {
        if (pdu.type != bind_nak) read_results(pdu, told);
        read_verifier(pdu, told, out);
    }
    if (is_call(pdu.type) && (pdu.flags & last_fragment) == 0) return;
    told.latency_us = microseconds_since(call->began, out);
    out.emit(std::move(told));
    calls_.erase(call);
}

void Conversation::end(Output& out) {
    for (auto& call : calls_) out.emit(std::move(call.told));
    calls_.clear();
}

std::size_t Conversation::memory() const noexcept {
    constexpr std::size_t interface_size = sizeof(Presented) + 64;
    std::size_t bytes =
        sizeof *this + calls_.capacity() * sizeof(Call) + presented_.capacity() * interface_size;
    for (const auto& call : calls_) bytes += call.told.interfaces.capacity() * interface_size;
    for (const auto& lane : lanes_) bytes += lane.memory();
    return bytes;
}

Verdict probe(Bytes first, Side /*from*/) {
    WireReader in{first};
    if (in.u8() != 5) return Verdict::no;
    if (first.size() >= 2 && in.u8() > 1) return Verdict::no;
    if (first.size() < header_size) return Verdict::unsure;
    const auto type = in.u8();
    const auto flags = in.u8();
    const auto representation = in.u8();
    // Characters are ASCII, floats IEEE and the last two bytes zero in all that is alive (C706, 14.1).
    const bool sane = (representation == 0 || representation == 0x10) && in.u8() == 0 && in.le16() == 0;
    const auto length = representation == 0x10 ? in.le16() : in.u16();
    if (!sane || type_name(type).empty() || (flags & (first_fragment | last_fragment)) == 0)
        return Verdict::no;
    return length >= header_size ? Verdict::yes : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<Conversation>(); }

}   // namespace ward::protocol::dcerpc
