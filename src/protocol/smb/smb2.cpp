// SPDX-License-Identifier: Apache-2.0
// MS-SMB2: the sections of 2.2 that each function names.
#include <algorithm>

#include "protocol/smb/conversation.hpp"
#include "protocol/utf16.hpp"

namespace ward::protocol::smb {
namespace {

enum Command : std::uint8_t {
    negotiate,
    session_setup,
    logoff,
    tree_connect,
    tree_disconnect,
    create,
    close_file,
    flush,
    read,
    write,
    lock,
    ioctl,
    cancel,
    echo,
    query_directory,
    change_notify,
    query_info,
    set_info,
    oplock_break,
};

constexpr std::uint32_t flag_response = 1;
constexpr std::uint32_t flag_async = 2;
constexpr std::uint32_t flag_related = 4;
constexpr std::uint32_t status_pending = 0x103;
constexpr std::uint32_t status_buffer_overflow = 0x80000005;
constexpr std::uint32_t fsctl_pipe_transceive = 0x11c017;
constexpr std::size_t fixed_part_max = 64;   // of bodies whose variable part is not read

/// 2.2.1
struct Header {
    std::uint32_t status = 0;
    std::uint8_t command = 0;
    std::uint32_t flags = 0;
    std::uint64_t message_id = 0;
    std::uint32_t tree_id = 0;
    std::uint64_t session_id = 0;
    Side from() const { return (flags & flag_response) != 0 ? Side::server : Side::client; }
    TreeId tree() const { return {session_id, tree_id}; }
};

Header read_header(Bytes bytes) {
    WireReader in{bytes};
    Header header;
    in.skip(8);
    header.status = in.le32();
    header.command = static_cast<std::uint8_t>(std::min<std::size_t>(in.le16(), smb2_commands - 1));
    in.skip(2);
    header.flags = in.le32();
    in.skip(4);
    header.message_id = in.le64();
    in.skip(4);
    header.tree_id = in.le32();
    header.session_id = in.le64();
    return header;
}

FileId read_file_id(WireReader& in) {
    FileId id;
    id.persistent = in.le64();
    id.fleeting = in.le64();
    return id;
}

FileId file_id_at(Bytes message, std::size_t offset) {
    WireReader in{message};
    in.skip(smb2_header_size + offset);
    const auto id = read_file_id(in);
    return in.truncated() ? FileId{} : id;
}

/// Where a request of each kind names its file, behind the header; 0 where it names none.
std::size_t file_id_offset(std::uint8_t command) {
    switch (command) {
        case close_file:
        case flush:
        case lock:
        case ioctl:
        case query_directory:
        case change_notify: return 8;
        case read:
        case write:
        case set_info: return 16;
        case query_info: return 24;
        default: return 0;
    }
}

Bytes part(Bytes message, std::size_t offset, std::size_t length) {
    if (offset > message.size()) return {};
    return message.subspan(offset, std::min(length, message.size() - offset));
}

/// One message, and where it belongs.
struct Reading {
    Conversation& conversation;
    Header header;
    const Piece& piece;
    Output& out;
    WireReader body{piece.head.subspan(smb2_header_size)};

    Bytes part_at(std::size_t offset, std::size_t length) const { return part(piece.head, offset, length); }
};

std::string guid(Bytes bytes) {
    // MS-DTYP 2.3.4.1: three integers in little-endian order, then eight bytes.
    if (bytes.size() != 16) return {};
    constexpr std::array<std::size_t, 16> order{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    std::string text;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += to_hex(bytes.subspan(order[i], 1));
    }
    return text;
}

std::string_view signing(std::uint16_t mode) {
    if ((mode & 2U) != 0) return "required";
    return (mode & 1U) != 0 ? "enabled" : "none";
}

// 2.2.3
void read_negotiate_request(Reading& at, event::Smb& told) {
    auto& in = at.body;
    in.skip(2);
    const auto dialects = in.le16();
    in.skip(8);
    told.client_guid = guid(in.take(16));
    in.skip(8);
    for (std::size_t i = 0; i < std::min<std::size_t>(dialects, limits.dialects_max) && in.remaining() >= 2;
         ++i)
        told.client_dialects.push_back(dialect_name(in.le16()));
}

// 2.2.4
void read_negotiate_response(Reading& at, event::Smb& told) {
    auto& in = at.body;
    in.skip(2);
    const auto mode = in.le16();
    at.conversation.dialect = dialect_name(in.le16());
    in.skip(2);
    if (in.truncated()) return;
    told.dialect = at.conversation.dialect;
    told.signing = signing(mode);
    told.server_guid = guid(in.take(16));
}

// 2.2.5
void read_setup_request(Reading& at, event::Smb& told) {
    auto& in = at.body;
    in.skip(12);
    const auto offset = in.le16();
    read_security_token(at.part_at(offset, in.le16()), at.out, told);
}

// 2.2.6
void read_setup_response(Reading& at, event::Smb& told) {
    auto& in = at.body;
    in.skip(2);
    const auto flags = in.le16();
    const auto offset = in.le16();
    const auto token = at.part_at(offset, in.le16());
    if ((flags & 1U) != 0) told.account = "guest";
    if ((flags & 2U) != 0) told.account = "anonymous";
    told.encrypts = (flags & 4U) != 0;
    // The server's names come with the challenge, when the request had none but its own.
    event::Smb answer;
    read_security_token(token, at.out, answer);
    if (!answer.authentication.empty()) told.authentication = answer.authentication;
    if (answer.ntlmssp) told.ntlmssp = std::move(answer.ntlmssp);
}

// 2.2.9
void read_tree_request(Reading& at, event::Smb& told) {
    auto& in = at.body;
    in.skip(4);
    const auto offset = in.le16();
    told.share = share_name(from_utf16le(at.part_at(offset, in.le16())), at.out);
}

// 2.2.10
void read_tree_response(Reading& at, event::Smb& told) {
    auto& in = at.body;
    in.skip(2);
    switch (in.u8()) {
        case 1: told.share_type = "FILE"; break;
        case 2: told.share_type = "PIPE"; break;
        case 3: told.share_type = "PRINT"; break;
        default: break;
    }
    told.tree_id = at.header.tree_id;
    at.conversation.add_tree({at.header.tree(), told.share, told.share_type});
}

// 2.2.13
void read_create_request(Reading& at, event::Smb& told) {
    auto& in = at.body;
    in.skip(24);
    const auto wanted = in.le32();
    in.skip(8);
    const auto disposition = in.le32();
    const auto options = in.le32();
    const auto offset = in.le16();
    const auto name = from_utf16le(at.part_at(offset, in.le16()), 1024);
    told.disposition = disposition_name(disposition);
    // FILE_DELETE_ON_CLOSE; FILE_WRITE_DATA, FILE_APPEND_DATA, GENERIC_WRITE, GENERIC_ALL.
    told.access = (options & 0x1000U) != 0      ? "delete_on_close"
                  : (wanted & 0x50000006U) != 0 ? "write"
                                                : "normal";
    told.directory = (options & 1U) != 0;
    if (told.share_type == "PIPE" || told.share.ends_with("IPC$")) {
        told.named_pipe = pipe_name(name);
    } else {
        told.file = describe(name, at.out);
    }
}

// 2.2.14
void read_create_response(Reading& at, const Request& request, event::Smb& told) {
    auto& in = at.body;
    in.skip(48);
    told.size = in.le64();
    in.skip(8);
    const auto id = read_file_id(in);
    if (in.truncated()) return;
    at.conversation.resolve(request.message_id, id);
    auto& open = at.conversation.file(id, at.header.tree(), at.out);
    open.tree = at.header.tree();
    open.file = told.file;
    open.pipe = told.named_pipe;
    if (!told.named_pipe.empty()) told.size.reset();
}

// 2.2.39; MS-FSCC 2.4.11, 2.4.12, 2.4.42
void read_setting(Reading& at, event::Smb& told) {
    auto& in = at.body;
    in.skip(2);
    const auto type = in.u8();
    const auto level = in.u8();
    const auto length = in.le32();
    const auto offset = in.le16();
    if (type != 1) return;
    WireReader buffer{at.part_at(offset, length)};
    if (level == 10 || level == 65) {
        buffer.skip(16);
        const auto bytes = buffer.le32();
        told.action = "renamed";
        told.renamed_to = describe(
            from_utf16le(buffer.take(std::min<std::size_t>(bytes, buffer.remaining())), 1024), at.out);
    } else if ((level == 13 || level == 64) && (buffer.u8() & 1U) != 0) {
        told.action = "deleted";
    } else if (level == 20) {
        told.action = "resized";
    }
}

// 2.2.31
void read_ioctl_request(Reading& at, const Request& request, event::Smb& told) {
    auto& in = at.body;
    in.skip(4);
    const auto function = in.le32();
    told.function = hexadecimal(function);
    in.skip(16);
    const auto offset = in.le32();
    const auto length = in.le32();
    if (function != fsctl_pipe_transceive) return;
    const auto input = at.part_at(offset, length);
    auto& pipe = at.conversation.file(request.file, at.header.tree(), at.out);
    at.conversation.pipe_bytes(pipe, Side::client, input, input.size() < length, at.out);
}

// 2.2.32
void read_ioctl_response(Reading& at, const Request& request) {
    auto& in = at.body;
    in.skip(4);
    const auto function = in.le32();
    in.skip(24);
    const auto offset = in.le32();
    const auto length = in.le32();
    if (function != fsctl_pipe_transceive) return;
    const auto output = at.part_at(offset, length);
    if (auto* pipe = at.conversation.find_file(request.file))
        at.conversation.pipe_bytes(*pipe, Side::server, output, output.size() < length, at.out);
}

// 2.2.21
void read_write_request(Reading& at, const Request& request) {
    auto& in = at.body;
    in.skip(2);
    const auto offset = in.le16();
    const auto length = in.le32();
    auto& file = at.conversation.file(request.file, at.header.tree(), at.out);
    ++file.transfer.writes;
    file.transfer.written_bytes += std::min<std::size_t>(length, at.piece.length);   // it may lie
    if (file.pipe.empty()) return;
    const auto content = at.part_at(offset, length);
    at.conversation.pipe_bytes(file, Side::client, content, content.size() < length, at.out);
}

// 2.2.20
void read_read_response(Reading& at, const Request& request) {
    auto& in = at.body;
    in.skip(2);
    const auto offset = in.u8();
    in.skip(1);
    const auto length = in.le32();
    if (request.file == FileId{}) return;   // its request was not seen
    auto& file = at.conversation.file(request.file, at.header.tree(), at.out);
    ++file.transfer.reads;
    file.transfer.read_bytes += std::min<std::size_t>(length, at.piece.length);
    if (file.pipe.empty()) return;
    const auto content = at.part_at(offset, length);
    at.conversation.pipe_bytes(file, Side::server, content, content.size() < length, at.out);
}

/// Which file a request means: its own, or that of its chain.
void name_file(Reading& at, Request& request) {
    auto& named = at.conversation.chain_file;
    if ((at.header.flags & flag_related) == 0) named = file_of_chain;
    const auto offset = file_id_offset(request.command);
    if (offset > 0) request.file = file_id_at(at.piece.head, offset);
    if (request.command == create) {
        named = file_to_come(request.message_id);
    } else if (request.file == file_of_chain) {
        request.file = named;
    } else if (offset > 0) {
        named = request.file;
    }
}

void take_request(Reading& at) {
    const auto& header = at.header;
    auto& conversation = at.conversation;
    conversation.requests_seen.add(smb2_name(header.command));
    Request request;
    request.message_id = header.message_id;
    request.command = header.command;
    request.began = at.out.now;
    name_file(at, request);
    if (header.command == read || header.command == write) {
        if (header.command == write) read_write_request(at, request);
        conversation.add_request(std::move(request), at.out);
        return;
    }
    request.told = std::make_unique<event::Smb>();
    auto& told = *request.told;
    told.command = smb2_name(header.command);
    told.dialect = conversation.dialect;
    if (header.session_id != 0) told.session_id = static_cast<std::int64_t>(header.session_id);
    if ((header.flags & flag_async) == 0 && header.command > session_setup) told.tree_id = header.tree_id;
    conversation.describe_tree(header.tree(), told);
    conversation.describe_file(request.file, told);
    switch (header.command) {
        case negotiate: read_negotiate_request(at, told); break;
        case session_setup: read_setup_request(at, told); break;
        case tree_connect: read_tree_request(at, told); break;
        case create: read_create_request(at, told); break;
        case set_info: read_setting(at, told); break;
        case ioctl: read_ioctl_request(at, request, told); break;
        default: break;
    }
    // 2.2.30: a cancellation is never answered.
    if (header.command == cancel) return at.out.emit(std::move(told));
    conversation.add_request(std::move(request), at.out);
}

bool has_succeeded(const Header& header) { return (header.status & 0xc0000000U) != 0xc0000000U; }

/// What a response adds to what its request said.
void read_response(Reading& at, Request& request, event::Smb& told) {
    const auto& header = at.header;
    auto& conversation = at.conversation;
    const bool succeeded = has_succeeded(header);
    switch (header.command) {
        case negotiate:
            if (succeeded) read_negotiate_response(at, told);
            break;
        case session_setup:
            // STATUS_MORE_PROCESSING_REQUIRED carries the challenge.
            read_setup_response(at, told);
            break;
        case tree_connect:
            if (succeeded) read_tree_response(at, told);
            break;
        case tree_disconnect:
            if (succeeded) conversation.drop_tree(header.tree());
            break;
        case create:
            if (succeeded)
                read_create_response(at, request, told);
            else
                conversation.forget(file_to_come(request.message_id));
            break;
        case ioctl:
            if (succeeded || header.status == status_buffer_overflow) read_ioctl_response(at, request);
            break;
        case close_file:
            if (succeeded) conversation.close_file(request.file, told, at.out);
            break;
        default: break;
    }
}

void take_response(Reading& at) {
    const auto& header = at.header;
    auto& conversation = at.conversation;
    conversation.responses_seen.add(smb2_name(header.command));
    if (header.status == status_pending) return;           // 3.3.4.2: the final answer comes later
    constexpr std::uint64_t unasked = ~std::uint64_t{0};   // 2.2.23.1: the server's notification
    if (header.command == oplock_break && header.message_id == unasked) return;
    auto request = conversation.take_request(header.message_id, header.command);
    if (header.command == read || header.command == write) {
        if (!has_succeeded(header)) {
            if (auto* file = conversation.find_file(request.file)) ++file->transfer.failures;
        } else if (header.command == read) {
            read_read_response(at, request);
        }
        return;
    }
    if (!request.told) request.told = std::make_unique<event::Smb>();   // it asked in SMB 1
    auto& told = *request.told;
    if (told.request_unseen) {
        told.command = smb2_name(header.command);
        conversation.describe_tree(header.tree(), told);
    }
    if (header.session_id != 0) told.session_id = static_cast<std::int64_t>(header.session_id);
    read_response(at, request, told);
    conversation.answered(std::move(request), header.status, at.out);
}

}   // namespace

std::size_t wanted_of_smb2(Conversation& conversation, Bytes message, std::size_t length) {
    const auto header = read_header(message);
    const bool asks = header.from() == Side::client;
    const auto whole = std::min(length, limits.head_bytes_max);
    switch (header.command) {
        case negotiate:
        case session_setup:
        case tree_connect: return whole;
        case create: return asks ? whole : smb2_header_size + 88;
        case ioctl: return whole;
        case set_info: return asks ? std::min<std::size_t>(whole, 2048) : smb2_header_size + fixed_part_max;
        case write: {
            const std::size_t fixed = smb2_header_size + 48;
            if (!asks || message.size() < fixed) return fixed;
            const auto* file = conversation.find_file(file_id_at(message, file_id_offset(write)));
            return file != nullptr && !file->pipe.empty() ? whole : fixed;
        }
        case read: {
            if (asks) return smb2_header_size + 48;
            const auto* request = conversation.find_request(header.message_id);
            const auto* file = request != nullptr ? conversation.find_file(request->file) : nullptr;
            return file != nullptr && !file->pipe.empty() ? whole : smb2_header_size + 16;
        }
        default: return smb2_header_size + fixed_part_max;
    }
}

void take_smb2(Conversation& conversation, const Piece& piece, Output& out) {
    // The flag says who speaks, so that a connection picked up the wrong way round is read right.
    Reading at{conversation, read_header(piece.head), piece, out};
    at.header.from() == Side::client ? take_request(at) : take_response(at);
}

}   // namespace ward::protocol::smb
