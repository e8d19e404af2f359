// SPDX-License-Identifier: Apache-2.0
// The numbers of sections are those of MS-SMB2; offsets in messages count from the header's first byte.
#include "lab/frames/office/smb.hpp"

#include "lab/frames/office/bytes_out.hpp"

namespace ward::lab {
namespace {

constexpr std::size_t header_size = 64;
constexpr std::uint16_t signing_enabled = 1, signing_required = 2;
constexpr std::uint32_t bytes_max = 8U << 20;
constexpr std::uint32_t pipe_transceive = 0x0011'c017;

void u8(Buffer& out, std::uint8_t value) { append_little_endian(out, value); }
void u16(Buffer& out, std::size_t value) { append_little_endian(out, static_cast<std::uint16_t>(value)); }
void u32(Buffer& out, std::size_t value) { append_little_endian(out, static_cast<std::uint32_t>(value)); }
void u64(Buffer& out, std::uint64_t value) { append_little_endian(out, value); }

void align(Buffer& out) { out.resize((out.size() + 7) / 8 * 8); }

/// MS-DTYP 2.3.3: 100 ns since 1601.
void append_time(Buffer& out, Moment moment) {
    u64(out, (static_cast<std::uint64_t>(moment.time_since_epoch().count()) + 11'644'473'600'000'000) * 10);
}

void append_times(Buffer& out, const SmbFile& file) {
    for (const auto before : {40, 0, 0, 0}) append_time(out, file.changed - std::chrono::hours{24 * before});
}

// 2.2.3.1: each begins at a multiple of eight.
void append_negotiated(Buffer& out, std::uint16_t type, const Buffer& value) {
    align(out);
    u16(out, type);
    u16(out, value.size());
    u32(out, 0);
    append(out, value);
}

// 2.2.3.1.1, 2.2.3.1.2, 2.2.3.1.4: SHA-512 of what was said, ciphers, and whom the client means.
std::size_t append_negotiations(Buffer& out, const SmbNegotiation& wish) {
    Buffer integrity;
    u16(integrity, 1);
    u16(integrity, wish.salt.size());
    u16(integrity, 1);
    append(integrity, wish.salt);
    append_negotiated(out, 1, integrity);
    Buffer ciphers;
    u16(ciphers, wish.ciphers.size());
    for (const auto cipher : wish.ciphers) u16(ciphers, cipher);
    append_negotiated(out, 2, ciphers);
    if (wish.server.empty()) return 2;
    Buffer name;
    append_utf16(name, wish.server);
    append_negotiated(out, 5, name);
    return 3;
}

void put_u32(Buffer& out, std::size_t at, std::size_t value) {
    for (std::size_t i = 0; i < 4; ++i) out[at + i] = static_cast<std::byte>(value >> (8 * i) & 255U);
}

}   // namespace

// 2.1: a zero and a length of 24 bits; 2.2.1.2.
Buffer smb_message(const SmbHead& head, const Buffer& body) {
    Buffer out;
    out.reserve(4 + header_size + body.size());
    append_big_endian(out, static_cast<std::uint32_t>(header_size + body.size()));
    append(out, as_bytes("\xfeSMB"));
    u16(out, header_size);
    u16(out, head.command == SmbCommand::negotiate ? 0 : 1);   // credits that it costs
    u32(out, head.status);
    u16(out, static_cast<std::uint16_t>(head.command));
    u16(out, head.credits);
    u32(out, (head.is_answer ? 1U : 0U) | (head.signature.empty() ? 0U : 8U));
    u32(out, 0);
    u64(out, head.message);
    u32(out, 0);
    u32(out, head.tree);
    u64(out, head.session);
    if (head.signature.empty())
        out.resize(out.size() + 16);
    else
        append(out, head.signature);
    append(out, body);
    return out;
}

// 2.2.3.
Buffer smb_negotiate(const SmbNegotiation& wish) {
    Buffer out(header_size);   // so that what is counted from there is aligned
    u16(out, 36);
    u16(out, wish.dialects.size());
    u16(out, wish.must_sign ? signing_enabled | signing_required : signing_enabled);
    u16(out, 0);
    u32(out, 0x7f);
    append(out, wish.guid);
    const auto place = out.size();
    u64(out, 0);
    for (const auto dialect : wish.dialects) u16(out, dialect);
    if (wish.dialects.back() == 0x0311) {
        align(out);
        put_u32(out, place, out.size());
        put_u32(out, place + 4, append_negotiations(out, wish));
    }
    return {out.begin() + header_size, out.end()};
}

// 2.2.4.
Buffer smb_negotiated(const SmbNegotiation& choice) {
    const auto dialect = choice.dialects.front();
    const bool is_newest = dialect == 0x0311;
    Buffer out(header_size);
    u16(out, 65);
    u16(out, choice.must_sign ? signing_enabled | signing_required : signing_enabled);
    u16(out, dialect);
    u16(out, is_newest ? 2 : 0);
    append(out, choice.guid);
    u32(out, 0x2f);
    for (int left = 3; left > 0; --left) u32(out, bytes_max);
    append_time(out, choice.at);
    u64(out, 0);
    u16(out, 128);
    u16(out, choice.token.size());
    const auto place = out.size();
    u32(out, 0);
    append(out, choice.token);
    if (is_newest) {
        align(out);
        put_u32(out, place, out.size());
        append_negotiations(out, choice);
    }
    return {out.begin() + header_size, out.end()};
}

// 2.2.5.
Buffer smb_session_setup(const Buffer& token) {
    Buffer out;
    u16(out, 25);
    u8(out, 0);
    u8(out, signing_enabled);
    u32(out, 1);
    u32(out, 0);
    u16(out, header_size + 24);
    u16(out, token.size());
    u64(out, 0);
    append(out, token);
    return out;
}

// 2.2.6.
Buffer smb_session(const Buffer& token) {
    Buffer out;
    u16(out, 9);
    u16(out, 0);
    u16(out, header_size + 8);
    u16(out, token.size());
    append(out, token);
    return out;
}

// 2.2.9.
Buffer smb_tree_connect(std::string_view path) {
    Buffer out;
    u16(out, 9);
    u16(out, 0);
    u16(out, header_size + 8);
    u16(out, 2 * path.size());
    append_utf16(out, path);
    return out;
}

// 2.2.10: of a disk, files may be kept by the client.
Buffer smb_tree(SmbTree kind) {
    Buffer out;
    u16(out, 16);
    u16(out, static_cast<std::uint8_t>(kind));
    u32(out, kind == SmbTree::disk ? 0x800 : 0x30);
    u32(out, 0);
    u32(out, 0x001f'01ff);
    return out;
}

Buffer smb_nothing() {
    Buffer out;
    u16(out, 4);
    u16(out, 0);
    return out;
}

// 2.2.13.
Buffer smb_create(const SmbFile& file, SmbWish wish) {
    const bool is_folder = file.attributes == smb::folder;
    Buffer out;
    u16(out, 57);
    u8(out, 0);
    u8(out, 0);
    u32(out, 2);   // impersonation
    u64(out, 0);
    u64(out, 0);
    u32(out, wish == SmbWish::create ? 0x0013'019f : is_folder ? 0x0010'0081 : 0x0012'0089);
    u32(out, wish == SmbWish::create ? file.attributes : 0);
    u32(out, 7);   // others may do all
    u32(out, static_cast<std::uint32_t>(wish));
    u32(out, is_folder ? 0x21 : 0x60);
    u16(out, header_size + 56);
    u16(out, 2 * file.name.size());
    u32(out, 0);
    u32(out, 0);
    append_utf16(out, file.name);
    if (file.name.empty()) u8(out, 0);
    return out;
}

// 2.2.14.
Buffer smb_created(const SmbFile& file, SmbWish wish) {
    Buffer out;
    u16(out, 89);
    u16(out, 0);
    u32(out, wish == SmbWish::create ? 2 : 1);
    append_times(out, file);
    u64(out, (file.size + 4'095) / 4'096 * 4'096);
    u64(out, file.size);
    u32(out, file.attributes);
    u32(out, 0);
    append(out, file.id);
    u32(out, 0);
    u32(out, 0);
    return out;
}

// 2.2.15.
Buffer smb_close(const SmbFile& file) {
    Buffer out;
    u16(out, 24);
    u16(out, 0);
    u32(out, 0);
    append(out, file.id);
    return out;
}

// 2.2.16: without attributes, which were not asked for.
Buffer smb_closed() {
    Buffer out;
    u16(out, 60);
    out.resize(60);
    return out;
}

// 2.2.19.
Buffer smb_read(const SmbFile& file, std::uint64_t offset, std::uint32_t size) {
    Buffer out;
    u16(out, 49);
    u8(out, header_size + 16);
    u8(out, 0);
    u32(out, size);
    u64(out, offset);
    append(out, file.id);
    out.resize(out.size() + 17);
    return out;
}

// 2.2.20.
Buffer smb_bytes(Bytes bytes) {
    Buffer out;
    u16(out, 17);
    u8(out, header_size + 16);
    u8(out, 0);
    u32(out, bytes.size());
    u64(out, 0);
    append(out, bytes);
    return out;
}

// 2.2.21.
Buffer smb_write(const SmbFile& file, std::uint64_t offset, Bytes bytes) {
    Buffer out;
    u16(out, 49);
    u16(out, header_size + 48);
    u32(out, bytes.size());
    u64(out, offset);
    append(out, file.id);
    out.resize(out.size() + 16);
    append(out, bytes);
    return out;
}

// 2.2.22.
Buffer smb_written(std::uint32_t size) {
    Buffer out;
    u16(out, 17);
    u16(out, 0);
    u32(out, size);
    u64(out, 0);
    return out;
}

// 2.2.31: FSCTL_PIPE_TRANSCEIVE.
Buffer smb_pipe_asked(const SmbFile& pipe, Bytes message) {
    Buffer out;
    u16(out, 57);
    u16(out, 0);
    u32(out, pipe_transceive);
    append(out, pipe.id);
    u32(out, header_size + 56);
    u32(out, message.size());
    u32(out, 0);
    u32(out, 0);
    u32(out, 0);
    u32(out, 4'280);
    u32(out, 1);
    u32(out, 0);
    append(out, message);
    return out;
}

// 2.2.32.
Buffer smb_pipe_answered(const SmbFile& pipe, Bytes message) {
    Buffer out;
    u16(out, 49);
    u16(out, 0);
    u32(out, pipe_transceive);
    append(out, pipe.id);
    u32(out, header_size + 48);
    u32(out, 0);
    u32(out, header_size + 48);
    u32(out, message.size());
    u32(out, 0);
    u32(out, 0);
    append(out, message);
    return out;
}

// 2.2.33: FileDirectoryInformation of all that is there.
Buffer smb_list(const SmbFile& folder) {
    Buffer out;
    u16(out, 33);
    u8(out, 1);
    u8(out, 0);
    u32(out, 0);
    append(out, folder.id);
    u16(out, header_size + 32);
    u16(out, 2);
    u32(out, 65'536);
    append_utf16(out, "*");
    return out;
}

// 2.2.34, and MS-FSCC 2.4.10.
Buffer smb_listed(const std::vector<SmbFile>& files) {
    Buffer list;
    for (std::size_t i = 0; i < files.size(); ++i) {
        align(list);
        const auto begin = list.size();
        u64(list, 0);
        append_times(list, files[i]);
        u64(list, files[i].size);
        u64(list, (files[i].size + 4'095) / 4'096 * 4'096);
        u32(list, files[i].attributes);
        u32(list, 2 * files[i].name.size());
        append_utf16(list, files[i].name);
        if (i + 1 < files.size()) put_u32(list, begin, (list.size() - begin + 7) / 8 * 8);
    }
    Buffer out;
    u16(out, 9);
    u16(out, header_size + 8);
    u32(out, list.size());
    append(out, list);
    return out;
}

// 2.2.39, and MS-FSCC 2.4.42: another file of that name makes room.
Buffer smb_rename(const SmbFile& file, std::string_view name) {
    Buffer out;
    u16(out, 33);
    u8(out, 1);
    u8(out, 10);
    u32(out, 20 + 2 * name.size());
    u16(out, header_size + 32);
    u16(out, 0);
    u32(out, 0);
    append(out, file.id);
    u64(out, 1);
    u64(out, 0);
    u32(out, 2 * name.size());
    append_utf16(out, name);
    return out;
}

// FileDispositionInformation: MS-FSCC 2.4.11.
Buffer smb_remove(const SmbFile& file) {
    Buffer out;
    u16(out, 33);
    u8(out, 1);
    u8(out, 13);
    u32(out, 1);
    u16(out, header_size + 32);
    u16(out, 0);
    u32(out, 0);
    append(out, file.id);
    u8(out, 1);
    return out;
}

// 2.2.40.
Buffer smb_set() {
    Buffer out;
    u16(out, 2);
    return out;
}

// 2.2.2.
Buffer smb_refused() {
    Buffer out;
    u16(out, 9);
    out.resize(9);
    return out;
}

}   // namespace ward::lab
