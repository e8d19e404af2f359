// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/mail_traffic.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <set>

#include "lab/mail/message.hpp"

namespace ward::lab {
namespace {

constexpr std::uint16_t smtp_port = 25, submission_port = 587;
constexpr std::uint64_t plain_each = 7;   // of so many servers outside one has no TLS

std::string_view domain_of(std::string_view address) { return address.substr(address.find('@') + 1); }

Address address_of(const std::string& text) {
    in_addr address{};
    ::inet_pton(AF_INET, text.c_str(), &address);
    return ntohl(address.s_addr);
}

/// RFC 5321, 2.3.8 and 4.5.2: lines end in CR LF, and a dot at their beginning is doubled.
std::string as_mail_text(std::string_view text) {
    std::string data;
    bool is_start = true;
    for (const char c : text) {
        if (is_start && c == '.') data += '.';
        if (c == '\n') data += '\r';
        data += c;
        is_start = c == '\n';
    }
    return data + (is_start ? ".\r\n" : "\r\n.\r\n");
}

}   // namespace

void MailTraffic::see(const MailSent& sent, Moment at) {
    const auto& letter = sent.letter;
    const auto& network = wires_.network();
    const auto from = network.at_address(address_of(letter.relay_address));
    const auto site = from ? network.at(*from).site : 0;
    const auto& house = wires_.server(DeviceKind::mail_server, site);
    if (letter.checks) {
        const auto other = outside(address_of(letter.relay_address), site);
        const Leg leg{
            other, house, letter.relay, "mx." + network.domain, smtp_port, letter.is_relayed_by_tls};
        at = carry(leg, letter, at);
    } else if (from) {
        const Leg leg{network.at(*from), house, letter.relay, wires_.full_name(house), submission_port};
        at = carry(leg, letter, at);
        forward(house, letter, at);
    }
    const auto size = message_text(letter, at, network.domain).size();
    for (const auto reader : sent.readers) fetch(reader, size, at + seconds_of(random_->around(400, 3)));
}

/// One copy for all readers of a domain.
void MailTraffic::forward(const Device& house, const Letter& letter, Moment at) {
    std::set<std::string_view> told{wires_.network().domain};
    for (const auto& reader : letter.to) {
        const auto domain = domain_of(reader.address);
        if (!told.insert(domain).second) continue;
        const auto name = fmt::format("mx1.{}", domain);
        const auto found = resolver_.find_outside(house, name, at + seconds_of(random_->around(2, 2)));
        const auto other = outside(address_outside(name), house.site);
        carry({house, other, wires_.full_name(house), name, smtp_port, other.address % plain_each != 0},
              letter, found);
    }
}

Moment MailTraffic::carry(const Leg& leg, const Letter& letter, Moment at) {
    const auto text = as_mail_text(message_text(letter, at, wires_.network().domain));
    TlsSession session{
        wires_, leg.from, leg.to, {.host = leg.to_name, .taste = TlsTaste::agent, .port = leg.port}};
    auto& line = session.line();
    const auto say = [&](Side from, std::string_view words) {
        at = line.send(from, as_bytes(words), at) + milliseconds_of(random_->around(3, 2));
    };
    at = line.open(at);
    say(Side::server, fmt::format("220 {} ESMTP\r\n", leg.to_name));
    say(Side::client, fmt::format("EHLO {}\r\n", leg.from_name));
    say(Side::server, fmt::format("250-{}\r\n250-SIZE 36700160\r\n{}250 8BITMIME\r\n", leg.to_name,
                                  leg.has_tls ? "250-STARTTLS\r\n" : ""));
    if (!leg.has_tls) return carry_in_clear(line, letter, text, at);
    say(Side::client, "STARTTLS\r\n");
    say(Side::server, "220 2.0.0 Ready\r\n");
    at = session.open(at);
    at = session.exchange(24 + leg.from_name.size(), 90, at);
    if (leg.port == submission_port) at = session.exchange(48 + random_->below(40), 37, at);   // RFC 4954
    at = session.exchange(60 + 40 * letter.to.size(), 40 + 30 * letter.to.size(), at);
    at = session.exchange(text.size(), 60, at + milliseconds_of(random_->around(20, 2)));
    return session.close(Side::client, at + milliseconds_of(random_->around(5, 2)));
}

Moment MailTraffic::carry_in_clear(TcpLine& line, const Letter& letter, std::string_view text, Moment at) {
    const auto say = [&](Side from, std::string_view words) {
        at = line.send(from, as_bytes(words), at) + milliseconds_of(random_->around(3, 2));
    };
    say(Side::client, fmt::format("MAIL FROM:<{}> SIZE={}\r\n", letter.from.address, text.size()));
    say(Side::server, "250 2.1.0 Ok\r\n");
    for (const auto& reader : letter.to) {
        say(Side::client, fmt::format("RCPT TO:<{}>\r\n", reader.address));
        say(Side::server, "250 2.1.5 Ok\r\n");
    }
    say(Side::client, "DATA\r\n");
    say(Side::server, "354 End data with <CR><LF>.<CR><LF>\r\n");
    say(Side::client, text);
    say(Side::server, fmt::format("250 2.0.0 Ok: queued as {:010X}\r\n", random_->below(1ULL << 40)));
    say(Side::client, "QUIT\r\n");
    say(Side::server, "221 2.0.0 Bye\r\n");
    return line.close(Side::server, at);
}

void MailTraffic::fetch(StaffId reader, std::size_t size, Moment at) {
    auto& story = wires_.story();
    if (!story.roster().is_on_duty(reader, at)) return;
    const auto& seats = wires_.network().workstations_of(story.hospital().at(reader).home);
    const auto& client = wires_.network().at(seats[place(reader) % seats.size()]);
    const auto& server = wires_.server(DeviceKind::mail_server, client.site);
    at = resolver_.find(client, server, at);
    TlsSession session{wires_, client, server, {.host = wires_.full_name(server), .taste = TlsTaste::system}};
    at = session.open(at);
    at = session.exchange(480, size + 300, at);
    session.close(Side::client, at + seconds_of(random_->around(4, 2)));
}

}   // namespace ward::lab
