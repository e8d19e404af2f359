// SPDX-License-Identifier: Apache-2.0
#include "protocol/ftp/ftp.hpp"

#include <algorithm>
#include <array>

#include "event/ftp.hpp"
#include "protocol/file_kind.hpp"
#include "protocol/latency.hpp"
#include "protocol/line_stream.hpp"
#include "protocol/products.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::ftp {
namespace {

// RFC 959, 4.1; RFC 2228; RFC 2389; RFC 2428; RFC 3659.
constexpr std::array commands{
    "ABOR", "ACCT", "ADAT", "ALLO", "APPE", "AUTH", "CCC",  "CDUP", "CLNT", "CONF", "CWD",  "DELE",
    "ENC",  "EPRT", "EPSV", "FEAT", "HELP", "HOST", "LANG", "LIST", "MDTM", "MFMT", "MIC",  "MKD",
    "MLSD", "MLST", "MODE", "NLST", "NOOP", "OPTS", "PASS", "PASV", "PBSZ", "PORT", "PROT", "PWD",
    "QUIT", "REIN", "REST", "RETR", "RMD",  "RNFR", "RNTO", "SITE", "SIZE", "SMNT", "STAT", "STOR",
    "STOU", "STRU", "SYST", "TYPE", "USER", "XCUP", "XCWD", "XMKD", "XPWD", "XRMD",
};

/// IANA, FTP Security Mechanisms; and TLS's old name.
std::string mechanism_of(std::string_view argument) {
    constexpr std::array<std::string_view, 7> known{"tls",    "tls-c",       "tls-p",      "ssl",
                                                    "gssapi", "kerberos_v4", "kerberos_v5"};
    const auto name = lowered(argument);
    return std::ranges::find(known, name) != known.end() ? name : "{other}";
}

bool is_command(std::string_view verb) {
    return std::ranges::any_of(commands,
                               [&](std::string_view known) { return equal_ignoring_case(verb, known); });
}

std::optional<std::uint16_t> port_of(std::optional<std::uint64_t> value) {
    if (!value || *value > 0xffff) return std::nullopt;
    return static_cast<std::uint16_t>(*value);
}

/// h1,h2,h3,h4,p1,p2: RFC 959, 4.1.2.
std::optional<std::uint16_t> port_of_six(std::string_view text) {
    std::uint64_t port = 0;
    for (int i = 0; i < 6; ++i) {
        const auto octet = number(trimmed(take_until(text, ',')));
        if (!octet || *octet > 255) return std::nullopt;
        port = (port << 8U | *octet) & 0xffffU;
    }
    return port_of(port);
}

/// |1|192.0.2.1|6275| or |||6275|: RFC 2428.
std::optional<std::uint16_t> port_of_extended(std::string_view text) {
    if (text.size() < 5) return std::nullopt;
    const char bar = text.front();
    text = text.substr(1);
    take_until(text, bar);
    take_until(text, bar);
    return port_of(number(take_until(text, bar)));
}

std::string_view in_brackets(std::string_view text) {
    const auto open = text.find('(');
    if (open == std::string_view::npos) return {};
    return text.substr(open + 1, text.find(')', open) - open - 1);
}

struct Waiting {
    event::Ftp ftp;
    event::Time asked{};
};

class FtpSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        const bool client = from == Side::client;
        (client ? client_ : server_)
            .feed(as_text(bytes), out, [&](std::string_view line, std::size_t /*size*/) {
                if (client) {
                    say(line, out);
                } else {
                    reply(line, out);
                }
                return std::uint64_t{0};
            });
    }

    void gap(Side from, std::uint64_t lost, Output& out) override {
        (from == Side::client ? client_ : server_).lose(lost, out);
        // Which command the next reply belongs to is no longer known.
        if (from == Side::client) return;
        begun_.reset();
        while (!waiting_.empty()) tell(out);
    }

    void end(Output& out) override {
        while (!waiting_.empty()) tell(out);
        if (greeting_.empty()) return;
        event::Ftp alone;   // a server that was not asked anything
        alone.server = std::exchange(greeting_, {});
        out.emit(std::move(alone));
    }

    std::size_t memory() const noexcept override {
        return sizeof *this + client_.memory() + server_.memory() + greeting_.capacity() +
               waiting_.capacity() * (sizeof(Waiting) + limits.codes_max * 2);
    }

private:
    void tell(Output& out) {
        auto& ftp = waiting_.front().ftp;
        ftp.server = std::exchange(greeting_, {});
        out.emit(std::move(ftp));
        waiting_.erase(waiting_.begin());
    }

    void say(std::string_view line, Output& out) {
        // RFC 959, 4.1.3: ABOR comes after Telnet's signals.
        while (!line.empty() && static_cast<unsigned char>(line.front()) >= 0xf0) line.remove_prefix(1);
        auto argument = trimmed(line);
        const auto verb = take_until(argument, ' ');
        if (verb.empty()) return;
        if (!is_command(verb)) return out.malformed("no FTP command", line.size());
        if (waiting_.size() >= limits.unanswered_max) tell(out);
        auto& waiting = waiting_.emplace_back();
        waiting.asked = out.now;
        auto& ftp = waiting.ftp;
        ftp.command = clipped(verb, 8);
        for (auto& c : ftp.command) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
        const auto is = [&](std::string_view name) { return ftp.command == name; };
        if (is("USER") &&
            (equal_ignoring_case(argument, "anonymous") || equal_ignoring_case(argument, "ftp")))
            ftp.user = lowered(argument);
        if (is("PASS")) ftp.credentials = "password";
        if (is("AUTH")) ftp.tls = mechanism_of(argument);
        if (is("RETR") || is("STOR") || is("STOU") || is("APPE") || is("DELE") || is("RNFR") || is("RNTO") ||
            is("SIZE"))
            ftp.extension = file_kind(argument.substr(argument.find_last_of("/\\") + 1));
        if (is("PORT")) ftp.dynamic_port = port_of_six(argument);
        if (is("EPRT")) ftp.dynamic_port = port_of_extended(argument);
        if (ftp.dynamic_port) ftp.mode = "active";
    }

    void reply(std::string_view line, Output& out) {
        // RFC 959, 4.2: a reply of several lines ends with its own code and a space; between may be anything.
        const auto code = number(line.substr(0, 3));
        const bool is_code = code && line.size() >= 3 && *code >= 100 && *code < 600;
        const bool last = is_code && (line.size() == 3 || line[3] == ' ') && (!begun_ || begun_ == code);
        if (is_code && !begun_ && line.size() > 3 && line[3] == '-') begun_ = code;
        if (last) begun_.reset();
        const auto text = trimmed(line.substr(std::min<std::size_t>(4, line.size())));
        if (!greeted_) greet(code, text);
        if (!last) return;
        if (!std::exchange(greeted_, true) && waiting_.empty()) return;
        if (waiting_.empty()) return;
        auto& waiting = waiting_.front();
        auto& ftp = waiting.ftp;
        const auto value = static_cast<std::uint16_t>(*code);
        if (ftp.completion_code.size() < limits.codes_max) ftp.completion_code.push_back(value);
        if (!std::exchange(ftp.reply_received, true)) ftp.latency_us = microseconds_since(waiting.asked, out);
        if (value == 227) ftp.dynamic_port = port_of_six(in_brackets(text));
        if (value == 229) ftp.dynamic_port = port_of_extended(in_brackets(text));
        if ((value == 227 || value == 229) && ftp.dynamic_port) ftp.mode = "passive";
        if (value < 200) return;   // the transfer begins; its end is told, too
        // RFC 4217, 4: TLS, TLS-C and TLS-P, and SSL before that. GSSAPI stays within FTP (RFC 2228).
        const bool to_tls = ftp.command == "AUTH" && value == 234 &&
                            (ftp.tls.starts_with("tls") || ftp.tls.starts_with("ssl"));
        tell(out);
        if (to_tls) out.restart = Bytes{};
    }

    void greet(std::optional<std::uint64_t> code, std::string_view text) {
        if (code == 220 && greeting_.empty() && waiting_.empty()) greeting_ = products_in_greeting(text);
    }

    LineStream client_;
    LineStream server_;
    std::vector<Waiting> waiting_;         // commands, oldest first
    std::string greeting_;                 // until an event told it
    std::optional<std::uint64_t> begun_;   // the code of a reply of several lines
    bool greeted_ = false;
};

}   // namespace

Verdict probe(Bytes first, Side from) {
    const auto text = as_text(first);
    const auto line = text.substr(0, std::min<std::size_t>(text.find_first_of("\r\n"), 256));
    if (from == Side::client) {
        // POP3 begins with USER as well, so the port has to agree.
        const auto verb = line.substr(0, line.find(' '));
        if (line.size() == text.size() && text.size() < 4)
            return std::ranges::any_of(
                       commands, [&](std::string_view known) { return starts_ignoring_case(known, text); })
                       ? Verdict::unsure
                       : Verdict::no;
        if (equal_ignoring_case(line, "AUTH TLS") || equal_ignoring_case(line, "USER anonymous"))
            return Verdict::yes;
        return is_command(verb) ? Verdict::unsure : Verdict::no;
    }
    constexpr std::string_view ready = "220";
    if (line.substr(0, 3) != ready.substr(0, line.size())) return Verdict::no;
    if (line.size() > 3 && line[3] != ' ' && line[3] != '-') return Verdict::no;
    const auto greeting = lowered(line);
    if (greeting.find("smtp") != std::string::npos) return Verdict::no;
    return greeting.find("ftp") != std::string::npos ? Verdict::yes : Verdict::unsure;
}

std::unique_ptr<Session> open_session() { return std::make_unique<FtpSession>(); }

}   // namespace ward::protocol::ftp
