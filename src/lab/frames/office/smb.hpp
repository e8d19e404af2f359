// SPDX-License-Identifier: Apache-2.0
// Files of a server: SMB 2 and 3 as MS-SMB2 has them, over TCP directly.
#pragma once

#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "lab/agenda.hpp"

namespace ward::lab {

enum class SmbCommand : std::uint16_t {
    negotiate = 0,
    session_setup = 1,
    logoff = 2,
    tree_connect = 3,
    tree_disconnect = 4,
    create = 5,
    close = 6,
    read = 8,
    write = 9,
    control = 11,
    query_directory = 14,
    set_info = 17,
};

namespace smb {
inline constexpr std::uint32_t success = 0, no_more_files = 0x8000'0006, not_found = 0xc000'0034;
inline constexpr std::uint32_t folder = 0x10, archive = 0x20;   // attributes: MS-FSCC 2.6
}   // namespace smb

struct SmbHead {
    SmbCommand command{};
    bool is_answer = false;
    std::uint32_t status = smb::success;
    std::uint16_t credits = 1;
    std::uint64_t message = 0;
    std::uint32_t tree = 0;
    std::uint64_t session = 0;
    Buffer signature{};   // 16 bytes; empty: not signed
};

struct SmbNegotiation {
    std::vector<std::uint16_t> dialects{};   // an answer has one
    Buffer guid{};                           // 16 bytes
    Buffer salt{};                           // 32 bytes
    std::vector<std::uint16_t> ciphers{};
    std::string server{};   // whom the client means
    Moment at{};            // of the server
    Buffer token{};         // of the server
    bool must_sign = false;
};

struct SmbFile {
    std::string name{};
    std::uint64_t size = 0;
    Moment changed{};
    std::uint32_t attributes = smb::archive;
    Buffer id{};   // 16 bytes
};

/// What a tree is: MS-SMB2 2.2.10.
enum class SmbTree : std::uint8_t { disk = 1, pipe = 2 };

enum class SmbWish : std::uint32_t { open = 1, create = 2 };   // dispositions: MS-SMB2 2.2.13

/// A whole message, behind its length.
Buffer smb_message(const SmbHead& head, const Buffer& body);

Buffer smb_negotiate(const SmbNegotiation& wish);
Buffer smb_negotiated(const SmbNegotiation& choice);
Buffer smb_session_setup(const Buffer& token);
Buffer smb_session(const Buffer& token);
Buffer smb_tree_connect(std::string_view path);
Buffer smb_tree(SmbTree kind = SmbTree::disk);
Buffer smb_nothing();   // four bytes: of a logoff, of a tree that is left, and their answers
Buffer smb_create(const SmbFile& file, SmbWish wish);
Buffer smb_created(const SmbFile& file, SmbWish wish);
Buffer smb_close(const SmbFile& file);
Buffer smb_closed();
Buffer smb_read(const SmbFile& file, std::uint64_t offset, std::uint32_t size);
Buffer smb_bytes(Bytes bytes);
Buffer smb_write(const SmbFile& file, std::uint64_t offset, Bytes bytes);
Buffer smb_written(std::uint32_t size);
/// A message to whoever listens at a pipe, and the answer.
Buffer smb_pipe_asked(const SmbFile& pipe, Bytes message);
Buffer smb_pipe_answered(const SmbFile& pipe, Bytes message);
Buffer smb_list(const SmbFile& folder);
Buffer smb_listed(const std::vector<SmbFile>& files);
Buffer smb_rename(const SmbFile& file, std::string_view name);
Buffer smb_remove(const SmbFile& file);   // once it is closed
Buffer smb_set();
Buffer smb_refused();

}   // namespace ward::lab
