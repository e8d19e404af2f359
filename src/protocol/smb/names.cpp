// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/names.hpp"

#include <algorithm>
#include <array>

#include "protocol/file_kind.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::smb {
namespace {

// MS-SMB2 2.2.1.1
constexpr std::array<std::string_view, smb2_commands> smb2_names{"SMB2_COMMAND_NEGOTIATE_PROTOCOL",
                                                                 "SMB2_COMMAND_SESSION_SETUP",
                                                                 "SMB2_COMMAND_SESSION_LOGOFF",
                                                                 "SMB2_COMMAND_TREE_CONNECT",
                                                                 "SMB2_COMMAND_TREE_DISCONNECT",
                                                                 "SMB2_COMMAND_CREATE",
                                                                 "SMB2_COMMAND_CLOSE",
                                                                 "SMB2_COMMAND_FLUSH",
                                                                 "SMB2_COMMAND_READ",
                                                                 "SMB2_COMMAND_WRITE",
                                                                 "SMB2_COMMAND_LOCK",
                                                                 "SMB2_COMMAND_IOCTL",
                                                                 "SMB2_COMMAND_CANCEL",
                                                                 "SMB2_COMMAND_KEEPALIVE",
                                                                 "SMB2_COMMAND_FIND",
                                                                 "SMB2_COMMAND_CHANGE_NOTIFY",
                                                                 "SMB2_COMMAND_GET_INFO",
                                                                 "SMB2_COMMAND_SET_INFO",
                                                                 "SMB2_COMMAND_OPLOCK_BREAK",
                                                                 "SMB2_COMMAND_UNDEFINED"};

template <class Number>
struct Named {
    Number number;
    std::string_view name;
};

// MS-CIFS 2.2.2.1
constexpr std::array smb1_names{
    Named<std::uint8_t>{0x00, "SMB1_COMMAND_CREATE_DIRECTORY"},
    Named<std::uint8_t>{0x01, "SMB1_COMMAND_DELETE_DIRECTORY"},
    Named<std::uint8_t>{0x02, "SMB1_COMMAND_OPEN"},
    Named<std::uint8_t>{0x03, "SMB1_COMMAND_CREATE"},
    Named<std::uint8_t>{0x04, "SMB1_COMMAND_CLOSE"},
    Named<std::uint8_t>{0x05, "SMB1_COMMAND_FLUSH"},
    Named<std::uint8_t>{0x06, "SMB1_COMMAND_DELETE"},
    Named<std::uint8_t>{0x07, "SMB1_COMMAND_RENAME"},
    Named<std::uint8_t>{0x08, "SMB1_COMMAND_QUERY_INFORMATION"},
    Named<std::uint8_t>{0x09, "SMB1_COMMAND_SET_INFORMATION"},
    Named<std::uint8_t>{0x0a, "SMB1_COMMAND_READ"},
    Named<std::uint8_t>{0x0b, "SMB1_COMMAND_WRITE"},
    Named<std::uint8_t>{0x10, "SMB1_COMMAND_CHECK_DIRECTORY"},
    Named<std::uint8_t>{0x23, "SMB1_COMMAND_QUERY_INFORMATION2"},
    Named<std::uint8_t>{0x24, "SMB1_COMMAND_LOCKING_ANDX"},
    Named<std::uint8_t>{0x25, "SMB1_COMMAND_TRANS"},
    Named<std::uint8_t>{0x2b, "SMB1_COMMAND_ECHO"},
    Named<std::uint8_t>{0x2d, "SMB1_COMMAND_OPEN_ANDX"},
    Named<std::uint8_t>{0x2e, "SMB1_COMMAND_READ_ANDX"},
    Named<std::uint8_t>{0x2f, "SMB1_COMMAND_WRITE_ANDX"},
    Named<std::uint8_t>{0x32, "SMB1_COMMAND_TRANS2"},
    Named<std::uint8_t>{0x33, "SMB1_COMMAND_TRANS2_SECONDARY"},
    Named<std::uint8_t>{0x34, "SMB1_COMMAND_FIND_CLOSE2"},
    Named<std::uint8_t>{0x70, "SMB1_COMMAND_TREE_CONNECT"},
    Named<std::uint8_t>{0x71, "SMB1_COMMAND_TREE_DISCONNECT"},
    Named<std::uint8_t>{0x72, "SMB1_COMMAND_NEGOTIATE_PROTOCOL"},
    Named<std::uint8_t>{0x73, "SMB1_COMMAND_SESSION_SETUP_ANDX"},
    Named<std::uint8_t>{0x74, "SMB1_COMMAND_LOGOFF_ANDX"},
    Named<std::uint8_t>{0x75, "SMB1_COMMAND_TREE_CONNECT_ANDX"},
    Named<std::uint8_t>{0x80, "SMB1_COMMAND_QUERY_INFO_DISK"},
    Named<std::uint8_t>{0xa0, "SMB1_COMMAND_NT_TRANS"},
    Named<std::uint8_t>{0xa1, "SMB1_COMMAND_NT_TRANS_SECONDARY"},
    Named<std::uint8_t>{0xa2, "SMB1_COMMAND_NT_CREATE_ANDX"},
    Named<std::uint8_t>{0xa4, "SMB1_COMMAND_NT_CANCEL"},
    Named<std::uint8_t>{0xa5, "SMB1_COMMAND_NT_RENAME"},
};

constexpr std::array statuses{
    Named<std::uint32_t>{0x00000000, "STATUS_SUCCESS"},
    Named<std::uint32_t>{0x00000103, "STATUS_PENDING"},
    Named<std::uint32_t>{0x0000010b, "STATUS_NOTIFY_CLEANUP"},
    Named<std::uint32_t>{0x0000010c, "STATUS_NOTIFY_ENUM_DIR"},
    Named<std::uint32_t>{0x80000005, "STATUS_BUFFER_OVERFLOW"},
    Named<std::uint32_t>{0x80000006, "STATUS_NO_MORE_FILES"},
    Named<std::uint32_t>{0x8000002d, "STATUS_STOPPED_ON_SYMLINK"},
    Named<std::uint32_t>{0xc0000002, "STATUS_NOT_IMPLEMENTED"},
    Named<std::uint32_t>{0xc0000003, "STATUS_INVALID_INFO_CLASS"},
    Named<std::uint32_t>{0xc0000008, "STATUS_INVALID_HANDLE"},
    Named<std::uint32_t>{0xc000000d, "STATUS_INVALID_PARAMETER"},
    Named<std::uint32_t>{0xc000000f, "STATUS_NO_SUCH_FILE"},
    Named<std::uint32_t>{0xc0000010, "STATUS_INVALID_DEVICE_REQUEST"},
    Named<std::uint32_t>{0xc0000011, "STATUS_END_OF_FILE"},
    Named<std::uint32_t>{0xc0000016, "STATUS_MORE_PROCESSING_REQUIRED"},
    Named<std::uint32_t>{0xc0000022, "STATUS_ACCESS_DENIED"},
    Named<std::uint32_t>{0xc0000023, "STATUS_BUFFER_TOO_SMALL"},
    Named<std::uint32_t>{0xc0000033, "STATUS_OBJECT_NAME_INVALID"},
    Named<std::uint32_t>{0xc0000034, "STATUS_OBJECT_NAME_NOT_FOUND"},
    Named<std::uint32_t>{0xc0000035, "STATUS_OBJECT_NAME_COLLISION"},
    Named<std::uint32_t>{0xc000003a, "STATUS_OBJECT_PATH_NOT_FOUND"},
    Named<std::uint32_t>{0xc0000043, "STATUS_SHARING_VIOLATION"},
    Named<std::uint32_t>{0xc0000054, "STATUS_FILE_LOCK_CONFLICT"},
    Named<std::uint32_t>{0xc0000056, "STATUS_DELETE_PENDING"},
    Named<std::uint32_t>{0xc0000064, "STATUS_NO_SUCH_USER"},
    Named<std::uint32_t>{0xc000006a, "STATUS_WRONG_PASSWORD"},
    Named<std::uint32_t>{0xc000006d, "STATUS_LOGON_FAILURE"},
    Named<std::uint32_t>{0xc000006e, "STATUS_ACCOUNT_RESTRICTION"},
    Named<std::uint32_t>{0xc0000071, "STATUS_PASSWORD_EXPIRED"},
    Named<std::uint32_t>{0xc0000072, "STATUS_ACCOUNT_DISABLED"},
    Named<std::uint32_t>{0xc000007f, "STATUS_DISK_FULL"},
    Named<std::uint32_t>{0xc00000ac, "STATUS_PIPE_NOT_AVAILABLE"},
    Named<std::uint32_t>{0xc00000ba, "STATUS_FILE_IS_A_DIRECTORY"},
    Named<std::uint32_t>{0xc00000bb, "STATUS_NOT_SUPPORTED"},
    Named<std::uint32_t>{0xc00000c9, "STATUS_NETWORK_NAME_DELETED"},
    Named<std::uint32_t>{0xc00000cc, "STATUS_BAD_NETWORK_NAME"},
    Named<std::uint32_t>{0xc0000101, "STATUS_DIRECTORY_NOT_EMPTY"},
    Named<std::uint32_t>{0xc0000103, "STATUS_NOT_A_DIRECTORY"},
    Named<std::uint32_t>{0xc0000120, "STATUS_CANCELLED"},
    Named<std::uint32_t>{0xc0000128, "STATUS_FILE_CLOSED"},
    Named<std::uint32_t>{0xc000015b, "STATUS_LOGON_TYPE_NOT_GRANTED"},
    Named<std::uint32_t>{0xc0000203, "STATUS_USER_SESSION_DELETED"},
    Named<std::uint32_t>{0xc0000205, "STATUS_INSUFF_SERVER_RESOURCES"},
    Named<std::uint32_t>{0xc0000225, "STATUS_NOT_FOUND"},
    Named<std::uint32_t>{0xc0000234, "STATUS_ACCOUNT_LOCKED_OUT"},
    Named<std::uint32_t>{0xc0000257, "STATUS_PATH_NOT_COVERED"},
    Named<std::uint32_t>{0xc000035c, "STATUS_NETWORK_SESSION_EXPIRED"},
};

// Pipes of Windows' own services, and those that tools for remote commands are known to open (the last two
// rows). What stands behind a name, as a number or a host, is dropped.
constexpr std::array<std::string_view, 40> pipes{
    "atsvc",    "browser",  "catalog_change", "certsvc",     "dnsserver",
    "efsrpc",   "epmapper", "eventlog",       "fssagentrpc", "initshutdown",
    "keysvc",   "llsrpc",   "lsarpc",         "lsass",       "msftewds",
    "netdfs",   "netlogon", "ntsvcs",         "plugplay",    "protected_storage",
    "router",   "samr",     "scerpc",         "spoolss",     "sql\\query",
    "srvsvc",   "svcctl",   "tapsrv",         "trkwks",      "w32time",
    "winreg",   "wkssvc",   "msse-",          "msagent_",    "postex_",
    "psexesvc", "paexec",   "remcom",         "csexec",      "winexesvc"};

template <class Table, class Number>
std::string_view look_up(const Table& table, Number number) {
    const auto found = std::ranges::find_if(table, [&](const auto& named) { return named.number == number; });
    return found == table.end() ? std::string_view{} : found->name;
}

}   // namespace

std::string_view smb2_name(std::size_t command) {
    return smb2_names[std::min(command, smb2_names.size() - 1)];
}

std::string_view smb1_name(std::uint8_t command) {
    const auto name = look_up(smb1_names, command);
    return name.empty() ? "SMB1_COMMAND_OTHER" : name;
}

std::string_view status_name(std::uint32_t status) { return look_up(statuses, status); }

std::string_view disposition_name(std::uint32_t disposition) {
    constexpr std::array<std::string_view, 6> names{"FILE_SUPERSEDE", "FILE_OPEN",      "FILE_CREATE",
                                                    "FILE_OPEN_IF",   "FILE_OVERWRITE", "FILE_OVERWRITE_IF"};
    return disposition < names.size() ? names[disposition] : std::string_view{};
}

std::string smb1_dialect(std::string_view name) {
    constexpr std::array<std::string_view, 18> known{"PC NETWORK PROGRAM 1.0",
                                                     "PCLAN1.0",
                                                     "XENIX CORE",
                                                     "MICROSOFT NETWORKS 1.03",
                                                     "MICROSOFT NETWORKS 3.0",
                                                     "LANMAN1.0",
                                                     "LM1.2X002",
                                                     "DOS LM1.2X002",
                                                     "DOS LANMAN2.1",
                                                     "LANMAN2.1",
                                                     "LANMAN 2.1",
                                                     "Windows for Workgroups 3.1a",
                                                     "Samba",
                                                     "NT LANMAN 1.0",
                                                     "NT LM 0.12",
                                                     "CIFS",
                                                     "SMB 2.002",
                                                     "SMB 2.???"};
    return std::string{name.empty() || std::ranges::find(known, name) != known.end() ? name : "{other}"};
}

std::string dialect_name(std::uint16_t dialect) {
    switch (dialect) {
        case 0x0202: return "2.02";
        case 0x0210: return "2.10";
        case 0x0222: return "2.22";
        case 0x0224: return "2.24";
        case 0x02ff: return "2.??";
        case 0x0300: return "3.00";
        case 0x0302: return "3.02";
        case 0x0310: return "3.10";
        case 0x0311: return "3.11";
        default: return hexadecimal(dialect);
    }
}

std::string hexadecimal(std::uint32_t value) {
    std::array<char, 8> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
    return "0x" + std::string(digits.data(), end);
}

std::string share_name(std::string_view path, const Output& out) {
    constexpr std::array<std::string_view, 4> of_windows{"admin$", "ipc$", "print$", "fax$"};
    const auto name = path.substr(path.find_last_of("\\/") + 1);
    const bool is_drive = name.size() == 2 && is_letter(name.front());
    if (!name.ends_with('$') || is_drive || std::ranges::find(of_windows, lowered(name)) != of_windows.end())
        return std::string{path};
    const auto owner = out.pseudonym(lowered(name));
    const auto server = path.substr(0, path.size() - name.size());
    return std::string{server} + (owner.text.empty() ? "{id}" : owner.text) + '$';
}

event::SmbFile describe(std::string_view path, const Output& out) {
    path.remove_prefix(std::min(path.find_first_not_of("\\/"), path.size()));
    event::SmbFile file;
    file.depth =
        static_cast<std::uint32_t>(std::ranges::count_if(path, [](char c) { return c == '\\' || c == '/'; }));
    const auto name = path.substr(path.find_last_of("\\/") + 1);
    file.extension = file_kind(name);
    if (!path.empty()) {
        auto key = lowered(path);
        std::ranges::replace(key, '/', '\\');
        file.path = out.pseudonym(key);
    }
    return file;
}

std::string_view pipe_name(std::string_view name) {
    name.remove_prefix(std::min(name.find_first_not_of("\\/"), name.size()));
    if (name.empty()) return {};
    const auto* const known = std::ranges::find_if(
        pipes, [name](std::string_view pipe) { return starts_ignoring_case(name, pipe); });
    return known == pipes.end() ? "other" : *known;
}

}   // namespace ward::protocol::smb
