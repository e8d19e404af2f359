// SPDX-License-Identifier: Apache-2.0
// A message as its sender and the servers on its way made it; message.hpp writes it down.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ward::lab {

struct Mailbox {
    std::string name;   // may be empty
    std::string address;
};

struct Attachment {
    std::string name;
    std::string type;   // of its content
    std::string content;
};

/// What the hospital's server found of a message from outside (RFC 8601).
enum class Verdict : std::uint8_t { pass, fail, softfail, none };
struct Checks {
    Verdict spf{};
    Verdict dkim{};
    Verdict dmarc{};
};

struct Letter {
    std::string id;   // without its brackets
    Mailbox from;
    std::vector<Mailbox> to{};
    std::string reply_to{};   // an address, where answers go elsewhere
    std::string subject;
    std::vector<std::string> references{};   // the ids before it in its thread; the last is what it answers
    std::string text;
    std::string html{};   // empty: it is plain text only
    std::vector<Attachment> attachments{};
    std::vector<std::pair<std::string, std::string>> fields{};   // others of its header
    std::string relay;                                           // the host that handed it over
    std::string relay_address;
    bool is_relayed_by_tls = true;
    std::optional<Checks> checks{};   // none: it was written in the house
};

}   // namespace ward::lab
