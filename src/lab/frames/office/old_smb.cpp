// SPDX-License-Identifier: Apache-2.0
// The numbers of sections are those of MS-CIFS; offsets in messages count from the header's first byte.
#include "lab/frames/office/old_smb.hpp"

#include "lab/frames/office/bytes_out.hpp"

namespace ward::lab {
namespace {

constexpr std::size_t header_size = 32;
// 2.2.3.1: Unicode, status as NT has it, long names; canonical paths, no matter in which case.
constexpr std::uint16_t further_flags = 0xc001;
constexpr std::uint8_t flags = 0x18, flag_of_answer = 0x80;
constexpr std::uint32_t capabilities = 0xc3fc;   // 2.2.4.52.2
constexpr std::uint16_t all_information = 0x0101;

void u8(Buffer& out, std::size_t value) { append_little_endian(out, static_cast<std::uint8_t>(value)); }
void u16(Buffer& out, std::size_t value) { append_little_endian(out, static_cast<std::uint16_t>(value)); }
void u32(Buffer& out, std::size_t value) { append_little_endian(out, static_cast<std::uint32_t>(value)); }
void u64(Buffer& out, std::uint64_t value) { append_little_endian(out, value); }

/// MS-DTYP 2.3.3: 100 ns since 1601.
void append_time(Buffer& out, Moment moment) {
    u64(out, (static_cast<std::uint64_t>(moment.time_since_epoch().count()) + 11'644'473'600'000'000) * 10);
}

void append_times(Buffer& out, const OldSmbFile& file) {
    for (const auto before : {40, 0, 0, 0}) append_time(out, file.changed - std::chrono::hours{24 * before});
}

/// Where the bytes of a message with so many words begin.
std::size_t begin_of_bytes(const OldSmbBody& body) { return header_size + 1 + body.words.size() + 2; }

void align(OldSmbBody& body, std::size_t to) {
    const auto at = begin_of_bytes(body) + body.bytes.size();
    body.bytes.resize(body.bytes.size() + (to - at % to) % to);
}

/// 2.2.1.1.1: at an even place.
void append_name(OldSmbBody& body, std::string_view name) {
    align(body, 2);
    append_utf16(body.bytes, name);
    u16(body.bytes, 0);
}

/// 2.2.3.4: no further command behind it.
Buffer alone() {
    Buffer out;
    u8(out, 0xff);
    u8(out, 0);
    u16(out, 0);
    return out;
}

void put_u32(Buffer& out, std::size_t at, std::size_t value) {
    for (std::size_t i = 0; i < 4; ++i) out[at + i] = static_cast<std::byte>(value >> (8 * i) & 255U);
}

}   // namespace

Buffer old_smb_message(const OldSmbHead& head, const OldSmbBody& body) {
    Buffer out;
    out.reserve(4 + begin_of_bytes(body) + body.bytes.size());
    append_big_endian(out, static_cast<std::uint32_t>(begin_of_bytes(body) + body.bytes.size()));
    append(out, as_bytes("\xffSMB"));
    u8(out, static_cast<std::uint8_t>(head.command));
    u32(out, head.status);
    u8(out, head.is_answer ? flags | flag_of_answer : flags);
    u16(out, further_flags);
    out.resize(out.size() + 12);   // high part of the process, signature
    u16(out, head.tree);
    u16(out, head.process);
    u16(out, head.user);
    u16(out, head.message);
    u8(out, body.words.size() / 2);
    append(out, body.words);
    u16(out, body.bytes.size());
    append(out, body.bytes);
    return out;
}

OldSmbBody old_smb_nothing() { return {}; }

// 2.2.4.52.1.
OldSmbBody old_smb_negotiate() {
    OldSmbBody body;
    for (const std::string_view dialect :
         {"PC NETWORK PROGRAM 1.0", "LANMAN1.0", "LM1.2X002", "LANMAN2.1", "NT LM 0.12"}) {
        u8(body.bytes, 2);
        append(body.bytes, as_bytes(dialect));
        u8(body.bytes, 0);
    }
    return body;
}

// 2.2.4.52.2: the last of them.
OldSmbBody old_smb_negotiated(const OldSmbServer& server) {
    OldSmbBody body;
    u16(body.words, 4);
    u8(body.words, 3);
    u16(body.words, 50);
    u16(body.words, 1);
    u32(body.words, 16'644);
    u32(body.words, 65'536);
    u32(body.words, server.session_key);
    u32(body.words, capabilities);
    append_time(body.words, server.at);
    u16(body.words, 0);
    u8(body.words, server.challenge.size());
    append(body.bytes, server.challenge);
    for (const auto& name : {server.domain, server.name}) {
        append_utf16(body.bytes, name);
        u16(body.bytes, 0);
    }
    return body;
}

// 2.2.4.53.1.
OldSmbBody old_smb_session_setup(const OldSmbGuest& guest, std::uint32_t session_key) {
    OldSmbBody body{.words = alone()};
    u16(body.words, 4'356);
    u16(body.words, 10);
    u16(body.words, 0);
    u32(body.words, session_key);
    u16(body.words, guest.answer.empty() ? 1 : guest.answer.size() / 2);
    u16(body.words, guest.answer.size() / 2);
    u32(body.words, 0);
    u32(body.words, capabilities & 0xff);
    append(body.bytes, guest.answer);
    if (guest.answer.empty()) u8(body.bytes, 0);
    append_name(body, guest.account);
    append_name(body, guest.domain);
    append_name(body, "Windows 2000 2195");
    append_name(body, "Windows 2000 5.0");
    return body;
}

// 2.2.4.53.2.
OldSmbBody old_smb_session(const OldSmbServer& server) {
    OldSmbBody body{.words = alone()};
    u16(body.words, 0);
    append_name(body, "Windows 5.1");
    append_name(body, "Windows 2000 LAN Manager");
    append_name(body, server.domain);
    return body;
}

// 2.2.4.54.
OldSmbBody old_smb_logoff() { return {.words = alone()}; }

// 2.2.4.55.1.
OldSmbBody old_smb_tree_connect(std::string_view path) {
    OldSmbBody body{.words = alone()};
    u16(body.words, 0);
    u16(body.words, 1);
    u8(body.bytes, 0);
    append_name(body, path);
    append(body.bytes, as_bytes("?????"));
    u8(body.bytes, 0);
    return body;
}

// 2.2.4.55.2.
OldSmbBody old_smb_tree(std::string_view kind) {
    OldSmbBody body{.words = alone()};
    u16(body.words, 1);
    append(body.bytes, as_bytes(kind));
    u8(body.bytes, 0);
    append_name(body, kind == "IPC" ? "" : "NTFS");
    return body;
}

// 2.2.4.64.1.
OldSmbBody old_smb_create(const OldSmbFile& file, bool is_new) {
    OldSmbBody body{.words = alone()};
    u8(body.words, 0);
    u16(body.words, 2 * file.name.size());
    u32(body.words, 0x10);
    u32(body.words, 0);
    u32(body.words, is_new ? 0x0002'019f : 0x0002'0089);
    u64(body.words, 0);
    u32(body.words, 0x80);
    u32(body.words, 3);
    u32(body.words, is_new ? 5 : 1);
    u32(body.words, 0x40);
    u32(body.words, 2);
    u8(body.words, 3);
    append_name(body, file.name);
    return body;
}

// 2.2.4.64.2.
OldSmbBody old_smb_created(const OldSmbFile& file, bool is_new) {
    OldSmbBody body{.words = alone()};
    u8(body.words, 0);
    u16(body.words, file.id);
    u32(body.words, is_new ? 2 : 1);
    append_times(body.words, file);
    u32(body.words, 0x20);
    const auto size = is_new ? 0 : file.size;
    u64(body.words, (std::uint64_t{size} + 4'095) / 4'096 * 4'096);
    u64(body.words, size);
    u16(body.words, 0);
    u16(body.words, 0);
    u8(body.words, 0);
    return body;
}

// 2.2.4.42.1.
OldSmbBody old_smb_read(const OldSmbFile& file, std::uint32_t offset, std::uint16_t size) {
    OldSmbBody body{.words = alone()};
    u16(body.words, file.id);
    u32(body.words, offset);
    u16(body.words, size);
    u16(body.words, size);
    u32(body.words, 0);
    u16(body.words, 0);
    u32(body.words, 0);
    return body;
}

// 2.2.4.42.2.
OldSmbBody old_smb_bytes(Bytes bytes) {
    OldSmbBody body{.words = alone()};
    u16(body.words, 0xffff);
    u16(body.words, 0);
    u16(body.words, 0);
    u16(body.words, bytes.size());
    u16(body.words, header_size + 1 + 24 + 2 + 1);
    body.words.resize(24);
    align(body, 2);
    append(body.bytes, bytes);
    return body;
}

// 2.2.4.43.1.
OldSmbBody old_smb_write(const OldSmbFile& file, std::uint32_t offset, Bytes bytes) {
    OldSmbBody body{.words = alone()};
    u16(body.words, file.id);
    u32(body.words, offset);
    u32(body.words, 0);
    u16(body.words, 0);
    u16(body.words, 0);
    u16(body.words, 0);
    u16(body.words, bytes.size());
    u16(body.words, header_size + 1 + 28 + 2 + 1);
    u32(body.words, 0);
    align(body, 2);
    append(body.bytes, bytes);
    return body;
}

// 2.2.4.43.2.
OldSmbBody old_smb_written(std::size_t size) {
    OldSmbBody body{.words = alone()};
    u16(body.words, size);
    u16(body.words, 0);
    u32(body.words, 0);
    return body;
}

// 2.2.4.5.1.
OldSmbBody old_smb_close(const OldSmbFile& file) {
    OldSmbBody body;
    u16(body.words, file.id);
    u32(body.words, 0xffff'ffff);
    return body;
}

// 2.2.4.39: how often, or which of the answers it is.
OldSmbBody old_smb_echo(Bytes bytes) {
    OldSmbBody body;
    u16(body.words, 1);
    append(body.bytes, bytes);
    return body;
}

// 2.2.4.46.1.
OldSmbBody old_smb_transaction2(std::uint16_t subcommand, Bytes parameters, Bytes data) {
    OldSmbBody body;
    body.words.resize(30);
    align(body, 4);
    const auto parameters_at = begin_of_bytes(body) + body.bytes.size();
    append(body.bytes, parameters);
    align(body, 4);
    const auto data_at = begin_of_bytes(body) + body.bytes.size();
    append(body.bytes, data);
    body.words.clear();
    u16(body.words, parameters.size());
    u16(body.words, data.size());
    u16(body.words, 64);
    u16(body.words, 4'096);
    u8(body.words, 0);
    u8(body.words, 0);
    u16(body.words, 0);
    u32(body.words, 0);
    u16(body.words, 0);
    u16(body.words, parameters.size());
    u16(body.words, parameters_at);
    u16(body.words, data.size());
    u16(body.words, data.empty() ? 0 : data_at);
    u8(body.words, 1);
    u8(body.words, 0);
    u16(body.words, subcommand);
    return body;
}

// 2.2.6.6.1: TRANS2_QUERY_PATH_INFORMATION, SMB_QUERY_FILE_BASIC_INFO.
OldSmbBody old_smb_ask_times(std::string_view name) {
    Buffer parameters;
    u16(parameters, all_information);
    u32(parameters, 0);
    append_utf16(parameters, name);
    u16(parameters, 0);
    return old_smb_transaction2(5, parameters, {});
}

// 2.2.4.46.2, 2.2.6.6.2 and 2.2.8.3.6.
OldSmbBody old_smb_times(const OldSmbFile& file) {
    constexpr std::size_t data_size = 40;
    OldSmbBody body;
    body.words.resize(20);
    align(body, 4);
    const auto parameters_at = begin_of_bytes(body) + body.bytes.size();
    u16(body.bytes, 0);
    align(body, 4);
    const auto data_at = begin_of_bytes(body) + body.bytes.size();
    append_times(body.bytes, file);
    u32(body.bytes, 0x20);
    u32(body.bytes, 0);
    body.words.clear();
    u16(body.words, 2);
    u16(body.words, data_size);
    u16(body.words, 0);
    u16(body.words, 2);
    u16(body.words, parameters_at);
    u16(body.words, 0);
    u16(body.words, data_size);
    u16(body.words, data_at);
    u16(body.words, 0);
    u16(body.words, 0);
    return body;
}

// 2.2.4.62.1 and 2.2.7.2.1: NT_TRANSACT_IOCTL.
OldSmbBody old_smb_control(const OldSmbControl& control, Bytes first) {
    OldSmbBody body;
    u8(body.words, 4);
    u16(body.words, 0);
    u32(body.words, 0);
    u32(body.words, control.bytes);
    u32(body.words, 0);
    u32(body.words, 4'096);
    u32(body.words, 0);
    u32(body.words, 0);
    u32(body.words, first.size());
    const auto offset_at = body.words.size();
    u32(body.words, 0);
    u8(body.words, 4);
    u16(body.words, 2);
    u32(body.words, control.function);
    u16(body.words, control.file);
    u8(body.words, 0);
    u8(body.words, 0);
    align(body, 4);
    put_u32(body.words, offset_at, begin_of_bytes(body) + body.bytes.size());
    append(body.bytes, first);
    return body;
}

// 2.2.4.63.1.
OldSmbBody old_smb_control_more(const OldSmbControl& control, std::uint32_t offset, Bytes part) {
    OldSmbBody body;
    u16(body.words, 0);
    u8(body.words, 0);
    u32(body.words, 0);
    u32(body.words, control.bytes);
    u32(body.words, 0);
    u32(body.words, 0);
    u32(body.words, 0);
    u32(body.words, part.size());
    const auto offset_at = body.words.size();
    u32(body.words, 0);
    u32(body.words, offset);
    u8(body.words, 0);
    align(body, 4);
    put_u32(body.words, offset_at, begin_of_bytes(body) + body.bytes.size());
    append(body.bytes, part);
    return body;
}

// 2.2.4.62.2 and 2.2.7.2.2: nothing comes back.
OldSmbBody old_smb_controlled() {
    OldSmbBody body;
    body.words.resize(36);
    u16(body.words, 0);
    body.words[35] = std::byte{1};   // how many words of setup
    return body;
}

}   // namespace ward::lab
