// SPDX-License-Identifier: Apache-2.0
// Messages of the DNS (RFC 1035, section 4), which mDNS, LLMNR and the NetBIOS name service share.
#pragma once

#include <optional>
#include <string>

#include "event/dns.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::dns {

inline constexpr std::size_t header_bytes = 12;

struct Header {
    std::uint16_t id = 0;
    std::uint16_t flags = 0;
    std::uint16_t questions = 0;
    std::uint16_t answers = 0;
    std::uint16_t authorities = 0;
    std::uint16_t additionals = 0;

    bool is_response() const noexcept { return (flags & 0x8000U) != 0; }
    unsigned opcode() const noexcept { return flags >> 11U & 15U; }
    unsigned rcode() const noexcept { return flags & 15U; }
};

struct Question {
    std::string name;
    std::uint16_t type = 0;
    std::uint16_t record_class = 0;
};

struct Record {
    std::string name;
    std::uint16_t type = 0;
    std::uint16_t record_class = 0;
    std::uint32_t ttl = 0;
    Bytes data;   // borrows the message
};

/// Reads one message from its front. What is cut or points astray ends it: ok() is false from then on.
class MessageReader {
public:
    explicit MessageReader(Bytes message) noexcept : message_(message), in_(message) {}

    Header header() noexcept;
    Question question();
    Record record();
    /// Passes by what is none of DNS's.
    void skip(std::size_t bytes) noexcept { in_.skip(bytes); }
    /// RFC 1035, section 4.1.4.
    std::string name();
    bool ok() const noexcept { return ok_ && !in_.truncated(); }
    std::size_t remaining() const noexcept { return in_.remaining(); }

    /// The data of a record as text; empty for what has no text that helps anyone.
    std::string text_of(const Record& record) const;
    /// A name at the front of `data`, which is a part of the message: its pointers count from the start.
    std::string name_in(Bytes data) const;

private:
    bool read_name(WireReader& in, std::string& name) const;

    Bytes message_;
    WireReader in_;
    bool ok_ = true;
};

std::string type_name(std::uint16_t type);
bool is_known_type(std::uint16_t type);
std::string rcode_name(unsigned rcode);
std::string_view opcode_name(unsigned opcode);
std::string flags_text(std::uint16_t flags);

}   // namespace ward::protocol::dns
