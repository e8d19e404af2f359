// SPDX-License-Identifier: Apache-2.0
// A command of SMB and its answer. Files are told by their place and kind and by a pseudonym, not by name: a
// name may be a patient's.
#pragma once

#include "event/ntlm.hpp"

namespace ward::event {

/// How often each command was seen: requests by the client, responses by the server, oplock breaks apart.
struct SmbCounts {
    std::vector<std::pair<std::string_view, std::uint32_t>> counts;

    bool empty() const noexcept { return counts.empty(); }
    template <class Visitor>
    void fields(Visitor&& visit) const {
        for (const auto& [command, count] : counts) visit(command, count);
    }
};

/// Of a file, what is not its name.
struct SmbFile {
    std::string extension;     // dcm; `other` where it is not a well-known one
    std::uint32_t depth = 0;   // directories above it in its share
    Pseudonym path{};          // of the whole path in lower case: joins what is done to one file

    bool operator==(const SmbFile&) const = default;
    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("extension", extension);
        visit("depth", depth);
        visit("path", path);
    }
};

/// What was read from and written to one open file until it was closed.
struct SmbTransfer {
    std::uint32_t reads = 0;
    std::uint64_t read_bytes = 0;
    std::uint32_t writes = 0;
    std::uint64_t written_bytes = 0;
    std::uint32_t failures = 0;   // reads and writes that the server refused

    bool empty() const noexcept { return reads == 0 && writes == 0 && failures == 0; }
    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("reads", reads);
        visit("read_bytes", read_bytes);
        visit("writes", writes);
        visit("written_bytes", written_bytes);
        if (failures > 0) visit("failures", failures);
    }
};

struct Smb {
    static constexpr std::string_view event_type = "smb";

    std::string_view command;   // SMB2_COMMAND_CREATE; empty in the account of a whole conversation
    std::string dialect;        // of the conversation: 3.11, 2.10, NT LM 0.12
    std::string_view status;
    std::string status_code;   // 0xc0000022; empty where no answer was seen
    std::optional<std::int64_t> session_id;
    std::optional<std::int64_t> tree_id;
    bool request_unseen = false;

    std::vector<std::string> client_dialects;
    std::string server_guid;
    std::string client_guid;
    std::string_view signing;          // none, enabled, required
    std::string_view authentication;   // NTLMSSP, Kerberos, password
    std::string_view account;          // guest, anonymous
    bool encrypts = false;             // the server asks for encryption
    std::optional<NtlmNames> ntlmssp;
    std::string native_os;
    std::string native_lm;

    std::string share;
    std::string_view share_type;   // FILE, PIPE, PRINT
    std::string named_pipe;        // `other` where it is not a well-known one
    std::optional<SmbFile> file;
    std::optional<SmbFile> renamed_to;
    std::string_view disposition;   // FILE_OPEN …
    std::string_view access;        // delete_on_close, write, normal
    bool directory = false;
    std::string_view action;   // renamed, deleted
    std::string function;      // of IOCTL and TRANSACTION: 0x11c017
    std::optional<std::uint64_t> size;
    SmbTransfer transfer;
    bool unclosed = false;
    std::optional<std::int64_t> latency_us;

    SmbCounts requests;   // of the whole conversation
    SmbCounts responses;
    std::uint64_t encrypted_messages = 0;
    std::uint64_t compressed_messages = 0;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("command", command);
        visit("dialect", dialect);
        visit("status", status);
        visit("status_code", status_code);
        visit("session_id", session_id);
        visit("tree_id", tree_id);
        if (request_unseen) visit("request_unseen", request_unseen);
        visit("client_dialects", client_dialects);
        visit("server_guid", server_guid);
        visit("client_guid", client_guid);
        visit("signing", signing);
        visit("authentication", authentication);
        visit("account", account);
        if (encrypts) visit("encrypts", encrypts);
        visit("ntlmssp", ntlmssp);
        visit("native_os", native_os);
        visit("native_lm", native_lm);
        visit("share", share);
        visit("share_type", share_type);
        visit("named_pipe", named_pipe);
        visit("file", file);
        visit("renamed_to", renamed_to);
        visit("disposition", disposition);
        visit("access", access);
        if (directory) visit("directory", directory);
        visit("action", action);
        visit("function", function);
        visit("size", size);
        visit("transfer", transfer);
        if (unclosed) visit("unclosed", unclosed);
        visit("latency_us", latency_us);
        visit("requests", requests);
        visit("responses", responses);
        if (encrypted_messages > 0) visit("encrypted_messages", encrypted_messages);
        if (compressed_messages > 0) visit("compressed_messages", compressed_messages);
    }
};

}   // namespace ward::event
