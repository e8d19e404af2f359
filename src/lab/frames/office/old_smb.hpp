// SPDX-License-Identifier: Apache-2.0
// Files as machines ask for them that never learnt SMB 2: MS-CIFS, over TCP directly.
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "lab/agenda.hpp"

namespace ward::lab {

/// MS-CIFS 2.2.2.1.
enum class OldSmbCommand : std::uint8_t {
    close = 0x04,
    echo = 0x2b,
    read = 0x2e,
    write = 0x2f,
    transaction2 = 0x32,
    tree_disconnect = 0x71,
    negotiate = 0x72,
    session_setup = 0x73,
    logoff = 0x74,
    tree_connect = 0x75,
    nt_transact = 0xa0,
    nt_transact_secondary = 0xa1,
    nt_create = 0xa2,
};

struct OldSmbHead {
    OldSmbCommand command{};
    bool is_answer = false;
    std::uint32_t status = 0;
    std::uint16_t tree = 0;
    std::uint16_t user = 0;
    std::uint16_t process = 0;
    std::uint16_t message = 0;
};

/// Words and bytes: MS-CIFS 2.2.3.2 and 2.2.3.3.
struct OldSmbBody {
    Buffer words{};
    Buffer bytes{};
};

struct OldSmbFile {
    std::string name{};
    std::uint16_t id = 0;
    std::uint32_t size = 0;
    Moment changed{};
};

struct OldSmbServer {
    std::string domain{};
    std::string name{};
    Buffer challenge{};   // 8 bytes
    std::uint32_t session_key = 0;
    Moment at{};
};

struct OldSmbGuest {
    std::string account{};   // empty: nobody, who has no password either
    std::string domain{};
    Buffer answer{};   // to the challenge: 48 bytes, or none
};

/// A whole message, behind its length.
Buffer old_smb_message(const OldSmbHead& head, const OldSmbBody& body);

OldSmbBody old_smb_nothing();
OldSmbBody old_smb_negotiate();
OldSmbBody old_smb_negotiated(const OldSmbServer& server);
OldSmbBody old_smb_session_setup(const OldSmbGuest& guest, std::uint32_t session_key);
OldSmbBody old_smb_session(const OldSmbServer& server);
OldSmbBody old_smb_logoff();   // and its answer
OldSmbBody old_smb_tree_connect(std::string_view path);
OldSmbBody old_smb_tree(std::string_view kind);   // "IPC", or "A:" of a disk
OldSmbBody old_smb_create(const OldSmbFile& file, bool is_new);
OldSmbBody old_smb_created(const OldSmbFile& file, bool is_new);
OldSmbBody old_smb_read(const OldSmbFile& file, std::uint32_t offset, std::uint16_t size);
OldSmbBody old_smb_bytes(Bytes bytes);
OldSmbBody old_smb_write(const OldSmbFile& file, std::uint32_t offset, Bytes bytes);
OldSmbBody old_smb_written(std::size_t size);
OldSmbBody old_smb_close(const OldSmbFile& file);
OldSmbBody old_smb_echo(Bytes bytes);   // and its answer

/// When a file was changed, and its answer.
OldSmbBody old_smb_ask_times(std::string_view name);
OldSmbBody old_smb_times(const OldSmbFile& file);
/// A subcommand of which only the size of its parameters is told.
OldSmbBody old_smb_transaction2(std::uint16_t subcommand, Bytes parameters, Bytes data);

/// Control of a device that a file stands for: with much to say, the first of several messages.
struct OldSmbControl {
    std::uint32_t function = 0;
    std::uint16_t file = 0;
    std::uint32_t bytes = 0;   // in all
};
OldSmbBody old_smb_control(const OldSmbControl& control, Bytes first);
OldSmbBody old_smb_control_more(const OldSmbControl& control, std::uint32_t offset, Bytes part);
OldSmbBody old_smb_controlled();

}   // namespace ward::lab
