// SPDX-License-Identifier: Apache-2.0
// MS-CIFS 2.2.4 and MS-SMB 2.2.4: the commands that open, move, read and write files, and those before.
#include <algorithm>

#include "protocol/smb/conversation.hpp"
#include "protocol/utf16.hpp"

namespace ward::protocol::smb {
namespace {

enum Command : std::uint8_t {
    close_file = 0x04,
    delete_file = 0x06,
    rename_file = 0x07,
    locking = 0x24,
    transaction = 0x25,
    transaction2 = 0x32,
    open_andx = 0x2d,
    read_andx = 0x2e,
    write_andx = 0x2f,
    tree_disconnect = 0x71,
    negotiate = 0x72,
    session_setup = 0x73,
    logoff_andx = 0x74,
    tree_connect = 0x75,
    nt_create = 0xa2,
    nt_rename = 0xa5,
    no_further = 0xff,
};

constexpr std::uint8_t flag_reply = 0x80;
constexpr std::uint16_t flag_unicode = 0x8000;
constexpr std::uint16_t flag_nt_status = 0x4000;
constexpr std::uint16_t transact_pipe = 0x26;

struct Header {
    std::uint8_t command = 0;
    std::uint32_t status = 0;
    bool reply = false;
    bool refused = false;
    bool unicode = false;
    std::uint16_t tree_id = 0;
    std::uint16_t user_id = 0;
    std::uint64_t message_id = 0;   // with the process that asked
};

Header read_header(Bytes bytes) {
    WireReader in{bytes};
    Header header;
    in.skip(4);
    header.command = in.u8();
    header.status = in.le32();
    header.reply = (in.u8() & flag_reply) != 0;
    const auto flags = in.le16();
    header.unicode = (flags & flag_unicode) != 0;
    // 2.2.3.1: without the flag a class of errors in the lowest byte, and a code in the upper two.
    const bool failed = (flags & flag_nt_status) != 0 ? (header.status & 0xc0000000U) == 0xc0000000U
                                                      : (header.status & 0xffU) != 0;
    header.refused = header.reply && failed;
    in.skip(12);
    header.tree_id = in.le16();
    const std::uint64_t process = in.le16();
    header.user_id = in.le16();
    header.message_id = process << 16U | in.le16();
    return header;
}

bool is_andx(std::uint8_t command) {
    switch (command) {
        case locking:
        case open_andx:
        case read_andx:
        case write_andx:
        case session_setup:
        case logoff_andx:
        case tree_connect:
        case nt_create: return true;
        default: return false;
    }
}

/// The words and bytes of one command.
struct Block {
    std::uint8_t command = 0;
    Bytes words;
    Bytes bytes;
    std::size_t bytes_offset = 0;   // in the message: text is aligned to it
};

/// One message and where it belongs.
struct Reading {
    Conversation& conversation;
    Header header;
    const Piece& piece;
    Output& out;
    FileId file(std::uint16_t id) const { return {id, header.tree_id}; }
    TreeId tree() const { return {0, header.tree_id}; }
    Bytes part(std::size_t offset, std::size_t length) const {
        const auto head = piece.head;
        if (offset > head.size()) return {};
        return head.subspan(offset, std::min(length, head.size() - offset));
    }
};

/// Takes a text off the bytes of a block, in the message's encoding.
class Texts {
public:
    Texts(const Block& block, bool unicode)
        : rest_(block.bytes), offset_(block.bytes_offset), unicode_(unicode) {}
    void skip(std::size_t bytes) { advance(std::min(bytes, rest_.size())); }
    std::string next() { return unicode_ ? wide() : narrow(); }
    std::string narrow() {
        const auto text = as_text(rest_);
        const auto end = std::min(text.find('\0'), text.size());
        auto found = clipped(text.substr(0, end));
        advance(std::min(end + 1, rest_.size()));
        return found;
    }

private:
    std::string wide() {
        if (offset_ % 2 != 0) skip(1);
        std::size_t end = 0;
        while (end + 1 < rest_.size() && (rest_[end] != std::byte{} || rest_[end + 1] != std::byte{}))
            end += 2;
        auto found = from_utf16le(rest_.first(std::min(end, rest_.size())));
        advance(std::min(end + 2, rest_.size()));
        return found;
    }
    void advance(std::size_t bytes) {
        rest_ = rest_.subspan(bytes);
        offset_ += bytes;
    }
    Bytes rest_;
    std::size_t offset_;
    bool unicode_;
};

void read_negotiate(const Reading& at, const Block& block, event::Smb& told) {
    if (!at.header.reply) {
        Texts texts{block, false};
        for (std::size_t i = 0; i < limits.dialects_max; ++i) {
            texts.skip(1);   // buffer format 2
            auto dialect = smb1_dialect(texts.narrow());
            if (dialect.empty()) return;
            told.client_dialects.push_back(std::move(dialect));
        }
        return;
    }
    WireReader in{block.words};
    const auto chosen = in.le16();
    const auto mode = in.u8();
    if (chosen < told.client_dialects.size()) at.conversation.dialect = told.client_dialects[chosen];
    told.dialect = at.conversation.dialect;
    if (block.words.size() >= 26)
        told.signing = (mode & 8U) != 0 ? "required" : (mode & 4U) != 0 ? "enabled" : "none";
}

void read_session_setup(const Reading& at, const Block& block, event::Smb& told) {
    WireReader in{block.words};
    Texts texts{block, at.header.unicode};
    if (at.header.reply) {
        in.skip(4);
        if ((in.le16() & 1U) != 0) told.account = "guest";
        if (block.words.size() == 8) {
            const std::size_t token = in.le16();
            event::Smb answer;
            read_security_token(block.bytes.first(std::min(token, block.bytes.size())), at.out, answer);
            if (answer.ntlmssp) told.ntlmssp = std::move(answer.ntlmssp);
            texts.skip(token);
        }
    } else if (block.words.size() == 24) {
        in.skip(14);
        const std::size_t token = in.le16();
        read_security_token(block.bytes.first(std::min(token, block.bytes.size())), at.out, told);
        texts.skip(token);
    } else if (block.words.size() == 26) {
        in.skip(14);
        const std::size_t passwords = in.le16() + std::size_t{in.le16()};
        texts.skip(passwords);
        const auto user = texts.next();
        event::NtlmNames names;
        names.domain = texts.next();
        names.anonymous = user.empty();
        if (!user.empty()) names.user = at.out.pseudonym(lowered(user));
        told.authentication = "password";
        if (names.anonymous) told.account = "anonymous";
        told.ntlmssp = std::move(names);
    }
    const auto system = texts.next();
    const auto manager = texts.next();
    if (!system.empty()) told.native_os = system;
    if (!manager.empty()) told.native_lm = manager;
}

void read_tree_connect(const Reading& at, const Block& block, event::Smb& told) {
    if (!at.header.reply) {
        WireReader in{block.words};
        in.skip(6);
        Texts texts{block, at.header.unicode};
        texts.skip(in.le16());   // the password
        told.share = share_name(texts.next(), at.out);
        return;
    }
    const auto type = Texts{block, false}.narrow();
    told.share_type = type == "IPC" ? "PIPE" : type == "A:" ? "FILE" : type.starts_with("LPT") ? "PRINT" : "";
    told.tree_id = at.header.tree_id;
    at.conversation.add_tree({at.tree(), told.share, told.share_type});
}

void read_create(const Reading& at, const Block& block, event::Smb& told) {
    WireReader in{block.words};
    in.skip(5);
    if (!at.header.reply) {
        in.skip(10);
        const auto wanted = in.le32();
        in.skip(16);
        told.disposition = disposition_name(in.le32());
        const auto options = in.le32();
        told.access = (options & 0x1000U) != 0      ? "delete_on_close"
                      : (wanted & 0x50000006U) != 0 ? "write"
                                                    : "normal";
        told.directory = (options & 1U) != 0;
        const auto name = Texts{block, at.header.unicode}.next();
        if (told.share_type == "PIPE" || told.share.ends_with("IPC$")) {
            told.named_pipe = pipe_name(name);
        } else {
            told.file = describe(name, at.out);
        }
        return;
    }
    const auto id = in.le16();
    in.skip(48);
    const auto size = in.le64();
    if (in.truncated()) return;
    auto& open = at.conversation.file(at.file(id), at.tree(), at.out);
    open.file = told.file;
    open.pipe = told.named_pipe;
    if (told.named_pipe.empty()) told.size = size;
}

/// MS-CIFS 2.2.4.41
void read_open(const Reading& at, const Block& block, event::Smb& told) {
    WireReader in{block.words};
    in.skip(4);
    if (!at.header.reply) {
        in.skip(2);
        const auto mode = in.le16() & 7U;
        told.access = mode == 1 || mode == 2 ? "write" : "normal";
        told.file = describe(Texts{block, at.header.unicode}.next(), at.out);
        return;
    }
    const auto id = in.le16();
    in.skip(6);
    const auto size = in.le32();
    if (in.truncated()) return;
    at.conversation.file(at.file(id), at.tree(), at.out).file = told.file;
    told.size = size;
}

/// MS-CIFS 2.2.6.7 and 2.2.6.9: of a path or an open file. MS-SMB 2.2.2.3.5: 1000 is added to Windows' own
/// levels (MS-FSCC 2.4).
void read_setting(const Reading& at, const Block& block, Request& request, event::Smb& told) {
    WireReader in{block.words};
    in.skip(18);
    const std::size_t parameters = in.le16();
    const std::size_t parameters_at = in.le16();
    const std::size_t length = in.le16();
    const std::size_t content_at = in.le16();
    in.skip(2);
    const auto subcommand = in.le16();
    if (in.truncated() || (subcommand != 6 && subcommand != 8)) return;
    const auto about = at.part(parameters_at, parameters);
    WireReader parameter{about};
    if (subcommand == 8) request.file = at.file(parameter.le16());
    const auto level = parameter.le16();
    parameter.skip(4);
    if (subcommand == 6)
        told.file =
            describe(Texts{{block.command, {}, parameter.rest(), 0}, at.header.unicode}.next(), at.out);
    WireReader content{at.part(content_at, length)};
    if (level == 1010) {
        content.skip(8);   // whether to replace, and a directory
        const std::size_t bytes = content.le32();
        told.action = "renamed";
        const auto name = content.take(std::min(bytes, content.remaining()));
        told.renamed_to = describe(from_utf16le(name), at.out);
    } else if ((level == 1013 || level == 0x102) && (content.u8() & 1U) != 0) {
        told.action = "deleted";
    }
}

void read_transfer(const Reading& at, const Block& block, Request& request) {
    WireReader in{block.words};
    in.skip(4);
    if (!at.header.reply) {
        request.file = at.file(in.le16());
        if (block.command != write_andx) return;
        in.skip(12);
        const std::size_t high = in.le16();
        const std::size_t length = high << 16U | in.le16();
        const auto offset = in.le16();
        auto& file = at.conversation.file(request.file, at.tree(), at.out);
        ++file.transfer.writes;
        file.transfer.written_bytes += std::min(length, at.piece.length);   // it may lie
        const auto content = at.part(offset, length);
        if (!file.pipe.empty())
            at.conversation.pipe_bytes(file, Side::client, content, content.size() < length, at.out);
        return;
    }
    if (request.file == FileId{}) return;
    auto& file = at.conversation.file(request.file, at.tree(), at.out);
    if (at.header.refused) {
        ++file.transfer.failures;
    } else if (block.command == read_andx) {
        in.skip(6);
        std::size_t length = in.le16();
        const auto offset = in.le16();
        length += std::size_t{in.le16()} << 16U;
        ++file.transfer.reads;
        file.transfer.read_bytes += std::min(length, at.piece.length);
        const auto content = at.part(offset, length);
        if (!file.pipe.empty())
            at.conversation.pipe_bytes(file, Side::server, content, content.size() < length, at.out);
    }
}

/// MS-CIFS 2.2.4.33 and 2.2.5.6: a pipe's call and its answer in one transaction.
void read_transaction(const Reading& at, const Block& block, Request& request, event::Smb& told) {
    WireReader in{block.words};
    if (!at.header.reply) {
        in.skip(22);
        const auto length = in.le16();
        const auto offset = in.le16();
        const auto setups = in.u8();
        in.skip(1);
        if (setups < 2) return;
        const auto function = in.le16();
        told.function = hexadecimal(function);
        if (function != transact_pipe) return;
        request.file = at.file(in.le16());
        auto& file = at.conversation.file(request.file, at.tree(), at.out);
        told.named_pipe = file.pipe;
        const auto content = at.part(offset, length);
        at.conversation.pipe_bytes(file, Side::client, content, content.size() < length, at.out);
        return;
    }
    in.skip(12);
    const auto length = in.le16();
    const auto offset = in.le16();
    auto* file = at.conversation.find_file(request.file);
    if (file == nullptr || in.truncated()) return;
    const auto content = at.part(offset, length);
    at.conversation.pipe_bytes(*file, Side::server, content, content.size() < length, at.out);
}

void read_block(const Reading& at, const Block& block, Request& request) {
    if (block.command == read_andx || block.command == write_andx) return read_transfer(at, block, request);
    auto& told = *request.told;
    const bool refused = at.header.refused;
    switch (block.command) {
        case negotiate: return read_negotiate(at, block, told);
        case session_setup: return read_session_setup(at, block, told);
        case tree_connect:
            if (!refused) read_tree_connect(at, block, told);
            return;
        case tree_disconnect:
            if (at.header.reply && !refused) at.conversation.drop_tree(at.tree());
            return;
        case nt_create:
            if (!refused) read_create(at, block, told);
            return;
        case open_andx:
            if (!refused) read_open(at, block, told);
            return;
        case transaction2:
            if (!at.header.reply) read_setting(at, block, request, told);
            return;
        case transaction:
            if (!refused) read_transaction(at, block, request, told);
            return;
        case close_file:
            if (!at.header.reply) {
                request.file = at.file(WireReader{block.words}.le16());
            } else if (!refused) {
                at.conversation.close_file(request.file, told, at.out);
            }
            return;
        case delete_file:
        case rename_file:
        case nt_rename: {
            if (at.header.reply) return;
            Texts texts{block, at.header.unicode};
            texts.skip(1);
            told.file = describe(texts.next(), at.out);
            told.action = block.command == delete_file ? "deleted" : "renamed";
            if (block.command == delete_file) return;
            texts.skip(1);
            told.renamed_to = describe(texts.next(), at.out);
            return;
        }
        default: return;
    }
}

/// MS-CIFS 2.2.3.4: each command of a chain says what follows, and where. Offsets must grow.
void read_chain(const Reading& at, Request& request) {
    auto command = at.header.command;
    std::size_t offset = smb1_header_size;
    for (std::size_t i = 0; i < limits.chained_max; ++i) {
        auto& seen = at.header.reply ? at.conversation.responses_seen : at.conversation.requests_seen;
        seen.add(smb1_name(command));
        WireReader in{at.piece.head.subspan(std::min(offset, at.piece.head.size()))};
        Block block;
        block.command = command;
        block.words = in.take(std::size_t{2} * in.u8());
        const std::size_t count = in.le16();
        block.bytes_offset = offset + 3 + block.words.size();
        block.bytes = in.take(std::min(count, in.remaining()));
        // An error answers with no words at all (2.2.3.1).
        read_block(at, block, request);
        if (!is_andx(command) || block.words.size() < 4) return;
        WireReader andx{block.words};
        command = andx.u8();
        andx.skip(1);
        const std::size_t following = andx.le16();
        if (command == no_further || following <= offset || following >= at.piece.head.size()) return;
        offset = following;
    }
}

}   // namespace

std::size_t wanted_of_smb1(Bytes message, std::size_t length) {
    const auto header = read_header(message);
    constexpr std::size_t transfer_head = smb1_header_size + 64;
    const bool content =
        (header.command == read_andx && header.reply) || (header.command == write_andx && !header.reply);
    // Pipes carry little, files much: a short transfer is taken whole.
    constexpr std::size_t short_transfer = 6000;
    if (content && length > short_transfer) return transfer_head;
    return std::min(length, limits.head_bytes_max);
}

void take_smb1(Conversation& conversation, const Piece& piece, Output& out) {
    const Reading at{conversation, read_header(piece.head), piece, out};
    const auto& header = at.header;
    const bool bulk = header.command == read_andx || header.command == write_andx;
    if (!header.reply) {
        Request request;
        request.message_id = header.message_id;
        request.command = header.command;
        request.began = out.now;
        request.told = std::make_unique<event::Smb>();
        auto& told = *request.told;
        told.command = smb1_name(header.command);
        told.dialect = conversation.dialect;
        if (header.user_id != 0) told.session_id = header.user_id;
        told.tree_id = header.tree_id;
        if (header.tree_id == 0xffff) told.tree_id.reset();
        conversation.describe_tree(at.tree(), told);
        read_chain(at, request);
        if (bulk) {
            request.told.reset();
        } else if (!told.file) {
            conversation.describe_file(request.file, told);
        }
        return conversation.add_request(std::move(request), out);
    }
    auto request = conversation.take_request(header.message_id, header.command);
    // What follows a transfer in a chain may want to write there; and SMB 2 numbers its transfers as SMB 1
    // other commands, so that a request of the one may meet an answer of the other.
    if (bulk || !request.told) request.told = std::make_unique<event::Smb>();
    auto& told = *request.told;
    if (told.request_unseen) told.command = smb1_name(header.command);
    if (header.user_id != 0) told.session_id = header.user_id;
    read_chain(at, request);
    if (bulk) return;
    conversation.answered(std::move(request), header.status, out);
}

}   // namespace ward::protocol::smb
