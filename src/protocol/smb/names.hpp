// SPDX-License-Identifier: Apache-2.0
// What the standards call the numbers of SMB.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "event/smb.hpp"
#include "protocol/session.hpp"

namespace ward::protocol::smb {

inline constexpr std::size_t smb2_commands = 20;   // the last one stands for what is not defined

std::string_view smb2_name(std::size_t command);    // SMB2_COMMAND_READ
std::string_view smb1_name(std::uint8_t command);   // SMB1_COMMAND_READ_ANDX
/// MS-ERREF 2.3.1; empty where a number is rare.
std::string_view status_name(std::uint32_t status);
std::string_view disposition_name(std::uint32_t disposition);
std::string dialect_name(std::uint16_t dialect);
/// MS-CIFS 1.7, and what Samba and the makers of printers offer; {other}.
std::string smb1_dialect(std::string_view name);
std::string hexadecimal(std::uint32_t value);   // 0x11c017

/// \\files\Radiology. A share that is hidden by a $ (MS-SRVS 2.2.2.4) and is none of Windows' own is mostly
/// somebody's home: of that a pseudonym stands in its place.
std::string share_name(std::string_view path, const Output& out);
/// What of a path may be told.
event::SmbFile describe(std::string_view path, const Output& out);
/// The well-known beginning of a pipe's name, `other` where it has none: what is taken for a pipe after a
/// loss may be a file. Empty where the name is.
std::string_view pipe_name(std::string_view name);

}   // namespace ward::protocol::smb
