// SPDX-License-Identifier: Apache-2.0
#include "protocol/pop3/pop3.hpp"

#include <algorithm>
#include <array>

#include "event/mailbox.hpp"
#include "protocol/line_stream.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::pop3 {
namespace {

constexpr Limits limits;

enum class Command : std::uint8_t { none, capabilities, password, challenge, tls, status, other };

/// "+OK 0002 <1896.697170952@dbc.example>": the time stamp of APOP is no greeting.
std::string greeting_of(std::string_view text) {
    return clipped(trimmed(text.substr(0, text.find('<'))), 128);
}

class Pop3Session final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        if (from == Side::client)
            client_.feed(as_text(bytes), out, [&](std::string_view line, std::size_t) { return say(line); });
        else
            server_.feed(as_text(bytes), out,
                         [&](std::string_view line, std::size_t) { return reply(line, out); });
    }

    void gap(Side from, std::uint64_t lost, Output& /*out*/) override {
        (from == Side::client ? client_ : server_).lose(lost);
        if (from == Side::server) asked_ = Command::none;
    }

    void end(Output& out) override {
        if (has_news_) out.emit(event::Pop3{std::move(told_)});
        has_news_ = false;
        told_ = {};
    }

    std::size_t memory() const noexcept override {
        return sizeof *this + client_.memory() + server_.memory() + told_.server.capacity() +
               told_.capabilities.capacity() * (sizeof(std::string) + 64);
    }

private:
    std::uint64_t say(std::string_view line) {
        if (asked_ == Command::challenge) return 0;   // an answer of AUTH
        has_news_ = true;
        const auto verb = take_until(line, ' ');
        const auto is = [&](std::string_view known) { return equal_ignoring_case(verb, known); };
        asked_ = Command::other;
        if (is("CAPA")) {
            asked_ = Command::capabilities;
        } else if (is("PASS") || is("APOP")) {
            told_.auth = lowered(verb);
            told_.clear_password |= is("PASS");
            asked_ = Command::password;
        } else if (is("AUTH") && !trimmed(line).empty()) {
            told_.auth = lowered(clipped(take_until(line, ' '), 32));
            told_.clear_password = told_.auth == "plain" || told_.auth == "login";
            asked_ = Command::challenge;
        } else if (is("STLS")) {
            asked_ = Command::tls;
        } else if (is("STAT")) {
            asked_ = Command::status;
        } else if (is("RETR") || is("TOP")) {
            ++told_.fetched;
        } else if (is("DELE")) {
            ++told_.deleted;
        }
        return 0;
    }

    std::uint64_t reply(std::string_view line, Output& out) {
        const bool accepted = line.starts_with("+OK");
        if (in_list_) {
            if (line == ".")
                in_list_ = false;
            else if (told_.capabilities.size() < limits.capabilities_max)
                told_.capabilities.push_back(clipped(trimmed(line), 64));
            return 0;
        }
        if (!accepted && !line.starts_with("-ERR")) return 0;   // a message, or a challenge
        has_news_ = true;
        const auto text = trimmed(line.substr(accepted ? 3 : 4));
        const auto asked = std::exchange(asked_, Command::none);
        switch (asked) {
            case Command::none:
                if (!greeted_) told_.server = greeting_of(text);
                break;
            case Command::capabilities: in_list_ = accepted; break;
            case Command::password:
            case Command::challenge: told_.authenticated = accepted; break;
            case Command::status:
                if (accepted) told_.messages = number(text.substr(0, text.find(' ')));
                break;
            case Command::tls:
                if (!accepted) break;
                told_.starttls = true;
                out.restart = Bytes{};   // end() tells what was learned
                break;
            case Command::other: break;
        }
        greeted_ = true;
        return 0;
    }

    LineStream client_;
    LineStream server_;
    event::MailboxAccess told_;
    Command asked_ = Command::none;
    bool greeted_ = false;
    bool in_list_ = false;   // of capabilities
    bool has_news_ = false;
};

}   // namespace

Verdict probe(Bytes first, Side from) {
    const auto text = as_text(first);
    if (from == Side::server) {
        constexpr std::string_view ok = "+OK";
        if (text.size() < ok.size()) return ok.starts_with(text) ? Verdict::unsure : Verdict::no;
        if (!text.starts_with(ok)) return Verdict::no;
        // Redis and others answer so too: the name or the time stamp of APOP must be there.
        const auto line = lowered(text.substr(0, std::min<std::size_t>(text.find('\n'), 256)));
        const bool stamp = line.find('<') != std::string::npos && line.find('@') != std::string::npos &&
                           line.find('>') != std::string::npos;
        return stamp || line.find("pop") != std::string::npos ? Verdict::yes : Verdict::unsure;
    }
    const auto line = trimmed(text.substr(0, text.find('\n')));
    for (const std::string_view verb : {"CAPA", "AUTH", "USER ", "APOP ", "STLS", "QUIT"})
        if (starts_ignoring_case(line, verb) ||
            (text.size() < verb.size() && starts_ignoring_case(verb, line)))
            return Verdict::unsure;
    return Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<Pop3Session>(); }

}   // namespace ward::protocol::pop3
