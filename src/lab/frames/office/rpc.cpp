// SPDX-License-Identifier: Apache-2.0
// C706 is "DCE 1.1: Remote Procedure Call"; its chapter 12.6 says how messages look.
#include "lab/frames/office/rpc.hpp"

#include "lab/frames/office/bytes_out.hpp"

namespace ward::lab {
namespace {

enum class Message : std::uint8_t { request = 0, response = 2, bind = 11, bind_ack = 12 };

constexpr std::uint8_t first_and_last = 3;
constexpr std::uint16_t fragment_max = 4'280;
constexpr std::uint8_t negotiated = 9, privacy = 6;   // MS-RPCE 2.2.1.1.7 and 2.2.1.1.8
constexpr std::size_t head_size = 16;

// MS-SCMR 1.9: 367abb81-9844-35f1-ad32-98f038001003, version 2.0.
constexpr std::string_view service_control{
    "\x81\xbb\x7a\x36\x44\x98\xf1\x35\xad\x32\x98\xf0\x38\x00\x10\x03\x02\x00\x00\x00", 20};
// C706, appendix I: NDR, 8a885d04-1ceb-11c9-9fe8-08002b104860, version 2.
constexpr std::string_view transfer{
    "\x04\x5d\x88\x8a\xeb\x1c\xc9\x11\x9f\xe8\x08\x00\x2b\x10\x48\x60\x02\x00\x00\x00", 20};

void u8(Buffer& out, std::size_t value) { append_little_endian(out, static_cast<std::uint8_t>(value)); }
void u16(Buffer& out, std::size_t value) { append_little_endian(out, static_cast<std::uint16_t>(value)); }
void u32(Buffer& out, std::size_t value) { append_little_endian(out, static_cast<std::uint32_t>(value)); }

/// C706, 12.6.3.1; MS-RPCE 2.2.2.11: who sent it stands behind the body.
Buffer message(Message kind, std::uint32_t call, Buffer body, std::size_t padding, const Buffer& token) {
    body.resize(body.size() + padding);
    u8(body, negotiated);
    u8(body, privacy);
    u8(body, padding);
    u8(body, 0);
    u32(body, 0);
    append(body, token);
    Buffer out;
    u16(out, 5);   // version 5.0
    u8(out, static_cast<std::uint8_t>(kind));
    u8(out, first_and_last);
    u32(out, 0x10);   // little-endian, ASCII, IEEE
    u16(out, head_size + body.size());
    u16(out, token.size());
    u32(out, call);
    append(out, body);
    return out;
}

/// MS-RPCE 2.2.2.11: to a multiple of sixteen.
std::size_t padding_of(const Buffer& stub) { return (16 - stub.size() % 16) % 16; }

}   // namespace

// C706, 12.6.4.3: one context, of one interface in one transfer syntax.
Buffer rpc_bind(std::uint32_t call, const Buffer& token) {
    Buffer body;
    u16(body, fragment_max);
    u16(body, fragment_max);
    u32(body, 0);
    u32(body, 1);
    u16(body, 0);
    u16(body, 1);
    append(body, as_bytes(service_control));
    append(body, as_bytes(transfer));
    return message(Message::bind, call, std::move(body), 0, token);
}

// C706, 12.6.4.4: accepted; the pipe is known by its second name too.
Buffer rpc_bound(std::uint32_t call, std::uint32_t group, const Buffer& token) {
    constexpr std::string_view pipe{"\\PIPE\\ntsvcs\0", 13};
    Buffer body;
    u16(body, fragment_max);
    u16(body, fragment_max);
    u32(body, group);
    u16(body, pipe.size());
    append(body, as_bytes(pipe));
    u8(body, 0);
    u32(body, 1);
    u32(body, 0);
    append(body, as_bytes(transfer));
    return message(Message::bind_ack, call, std::move(body), 0, token);
}

// C706, 12.6.4.9.
Buffer rpc_request(std::uint32_t call, ControlCall procedure, const Buffer& stub, const Buffer& signature) {
    Buffer body;
    u32(body, stub.size());
    u16(body, 0);
    u16(body, static_cast<std::uint16_t>(procedure));
    append(body, stub);
    return message(Message::request, call, std::move(body), padding_of(stub), signature);
}

// C706, 12.6.4.10.
Buffer rpc_response(std::uint32_t call, const Buffer& stub, const Buffer& signature) {
    Buffer body;
    u32(body, stub.size());
    u32(body, 0);
    append(body, stub);
    return message(Message::response, call, std::move(body), padding_of(stub), signature);
}

Buffer rpc_signature(std::uint64_t number, const Buffer& checks, bool is_of_server) {
    constexpr std::uint8_t of_acceptor = 1, sealed = 2, acceptor_subkey = 4;
    Buffer out;
    append_big_endian<std::uint16_t>(out, 0x0504);
    u8(out, sealed | acceptor_subkey | (is_of_server ? of_acceptor : 0));
    u8(out, 0xff);
    append_big_endian<std::uint16_t>(out, 16);
    append_big_endian<std::uint16_t>(out, 28);
    append_big_endian(out, number);
    append(out, checks);
    return out;
}

}   // namespace ward::lab
