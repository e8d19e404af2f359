// SPDX-License-Identifier: Apache-2.0
// Where messages go, as settings say it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "notify/format.hpp"

namespace ward::notify {

struct Destination {
    std::string scheme;
    std::string host;   // without the brackets of an IPv6 address
    std::string port;   // the scheme's own where none is named
    std::string url;    // as written

    bool is_this_machine() const;   // 127.0.0.0/8, ::1 or localhost
};

/// https://, and http:// on this machine.
Result<Destination> parse_webhook(std::string_view text);
/// smtp:// with STARTTLS, smtps://, and smtp+plain:// for a relay without TLS.
Result<Destination> parse_mail_server(std::string_view text);
/// udp://, tcp:// or tls://.
Result<Destination> parse_syslog(std::string_view text);

/// LOCAL@DOMAIN, of printable ASCII without what a header or an envelope would read otherwise.
bool is_mail_address(std::string_view text);

enum class SyslogFormat : std::uint8_t { rfc5424, cef };

struct Channels {
    struct Webhook {
        Destination to{};
        std::string secret_file{};   // empty: not signed
    };
    struct Mail {
        Destination by{};
        std::string credentials_file{};   // a user and a password in two lines; empty: none
        Envelope envelope{};
        std::vector<std::string> page_to{};   // empty: as all
    };
    struct Syslog {
        Destination to{};
        SyslogFormat format = SyslogFormat::rfc5424;
    };
    std::optional<Webhook> webhook{};
    std::optional<Mail> mail{};
    std::optional<Syslog> syslog{};
    std::string authorities_file{};   // PEM, that vouch for all of them
    std::string host{};               // this machine's name
};

}   // namespace ward::notify
