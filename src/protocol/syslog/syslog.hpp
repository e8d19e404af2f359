// SPDX-License-Identifier: Apache-2.0
// Syslog: RFC 5424 and RFC 3164 over UDP (RFC 5426) and TCP (RFC 6587), and the audit messages of IHE ATNA in
// it.
#pragma once

#include <memory>
#include <string_view>

#include "event/syslog.hpp"
#include "protocol/protocols.hpp"
#include "wire/decode.hpp"

namespace ward::protocol::syslog {

struct Limits {
    std::size_t message_bytes_max = std::size_t{64} << 10;   // a longer one is skipped and counted
    std::size_t access_points_max = 8;
};
inline constexpr Limits limits;

/// A message in its frame. Of one that is too long only its length is known.
struct Frame {
    std::string_view message;
    std::string_view framing;
    std::size_t oversize = 0;   // bytes of it that follow
};

/// `searched` bytes of the input were there before and end no line.
Decode<Frame> decode_frame(Bytes input, std::size_t searched);

/// The header; nothing if there is no priority at the beginning.
std::optional<event::SyslogMessage> read_message(std::string_view message);

/// An address, or a name that no person has: with a digit, but not with so many that they may be a date or
/// the number of a patient; or a domain name of three parts in lower case.
bool is_machine(std::string_view word);

/// The audit message in `text`, if there is one.
std::optional<event::AtnaAudit> read_audit(std::string_view text, Output& out);

Verdict probe_datagram(Bytes first, Side from);
Verdict probe_stream(Bytes first, Side from);
std::unique_ptr<Session> open_datagrams();
std::unique_ptr<Session> open_stream();

}   // namespace ward::protocol::syslog
