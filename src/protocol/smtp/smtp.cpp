// SPDX-License-Identifier: Apache-2.0
#include "protocol/smtp/smtp.hpp"

#include <algorithm>

#include "event/smtp.hpp"
#include "protocol/http/target.hpp"
#include "protocol/line_stream.hpp"
#include "protocol/media_type.hpp"
#include "protocol/products.hpp"
#include "protocol/sasl.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::smtp {
namespace {

enum class Command : std::uint8_t { other, mail, recipient, data, chunk, body, auth, starttls };

/// "FROM:<ann@ward.example> SIZE=1" → ward.example; nothing of who it is.
std::string domain_of(std::string_view argument) {
    const auto path = argument.substr(0, argument.find('>'));
    const auto at = path.rfind('@');
    if (at == std::string_view::npos) return {};
    const auto domain = path.substr(at + 1);
    return lowered(clipped(domain.substr(0, domain.find_first_of(" \t>"))));
}

/// "mx.ward.example ESMTP Postfix" : RFC 5321, 4.2: the server's name stands first.
std::string greeting_of(std::string_view text) {
    const auto host = take_until(text, ' ');
    auto products = products_in_greeting(text);
    if (host.find('.') == std::string_view::npos || !names_machine(host)) return products;
    return std::string{host} + (products.empty() ? "" : " ") + products;
}

template <class T>
void add_once(std::vector<T>& list, T value, std::size_t most) {
    if (value.empty() || list.size() >= most || std::ranges::find(list, value) != list.end()) return;
    list.push_back(std::move(value));
}

class SmtpSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        const bool client = from == Side::client;
        (client ? client_ : server_).feed(as_text(bytes), out, [&](std::string_view line, std::size_t size) {
            return client ? say(line, size, out) : reply(line, out);
        });
    }

    void gap(Side from, std::uint64_t lost, Output& out) override {
        if (from == Side::client) {
            client_.lose(lost, out);
            if (in_body_) mail_.bytes += lost;
            in_header_ = false;
            return;
        }
        // Which command the next reply belongs to is no longer known.
        server_.lose(lost, out);
        asked_.clear();
        secrets_ = false;
        while (!parked_.empty()) tell_parked(out);
    }

    void end(Output& out) override {
        while (!parked_.empty()) tell_parked(out);
        if (in_body_) mail_.message = ++messages_;   // its end was not seen
        if (in_body_ || has_news_) tell_mail(out);
        in_body_ = false;
    }

    std::size_t memory() const noexcept override {
        return sizeof *this + client_.memory() + server_.memory() + asked_.capacity() + greeting_.capacity() +
               parked_.capacity() * sizeof(event::Smtp) +
               (1 + parked_.size()) * (limits.domains_max + limits.content_types_max) *
                   (sizeof(std::string) + 32);
    }

private:
    void ask(Command command) {
        if (asked_.size() >= limits.unanswered_max) asked_.erase(asked_.begin());
        asked_.push_back(command);
    }

    /// One line of the client's; returns how much of what follows is a chunk.
    std::uint64_t say(std::string_view line, std::size_t size, Output& out) {
        // RFC 5321, 3.3: after 354 all is the mail. Where the reply was not seen, so it is taken to be.
        if (in_body_) {
            read_body(line, size, out);
            return 0;
        }
        if (secrets_) return 0;
        auto rest = line;
        const auto verb = take_until(rest, ' ');
        if (equal_ignoring_case(verb, "EHLO") || equal_ignoring_case(verb, "HELO") ||
            equal_ignoring_case(verb, "LHLO")) {
            // RFC 5321, 4.1.1.1: a domain, or an address in brackets.
            const auto host = trimmed(rest);
            helo_ = http::is_authority(host) ? clipped(host) : std::string{};
            has_news_ = true;
            ask(Command::other);
        } else if (equal_ignoring_case(verb, "MAIL")) {
            // The one before was given up: by the server, or by its sender.
            if (mail_.reply || mail_.recipients > 0) tell_mail(out);
            mail_ = {};
            mail_.mail_from = domain_of(rest);
            has_news_ = true;
            ask(Command::mail);
        } else if (equal_ignoring_case(verb, "RCPT")) {
            add_once(mail_.rcpt_to, domain_of(rest), limits.domains_max);
            ++mail_.recipients;
            ask(Command::recipient);
        } else if (equal_ignoring_case(verb, "DATA")) {
            ask(Command::data);
            begin_body();
        } else if (equal_ignoring_case(verb, "BDAT")) {
            return chunk(rest, out);
        } else if (equal_ignoring_case(verb, "AUTH")) {
            auth_ = sasl_mechanism(take_until(rest, ' '));
            auth_reply_.reset();
            has_news_ = true;
            secrets_ = true;
            ask(Command::auth);
        } else {
            ask(equal_ignoring_case(verb, "STARTTLS") ? Command::starttls : Command::other);
        }
        return 0;
    }

    std::uint64_t chunk(std::string_view argument, Output& out) {
        const auto size = number(take_until(argument, ' ')).value_or(0);
        mail_.bytes += size;
        if (equal_ignoring_case(trimmed(argument), "LAST"))
            park(out);
        else
            ask(Command::chunk);
        return size;
    }

    /// A whole mail waits for its reply; with pipelining the next one begins before that.
    void park(Output& out) {
        ask(Command::body);
        if (parked_.size() >= limits.parked_max) tell_parked(out);
        mail_.message = ++messages_;
        parked_.push_back(std::exchange(mail_, {}));
        has_news_ = false;
    }

    void begin_body() {
        if (!std::exchange(in_body_, true)) in_header_ = true;
    }

    void read_body(std::string_view line, std::size_t size, Output& out) {
        if (line == ".") {
            in_body_ = false;
            return park(out);
        }
        mail_.bytes += size;
        out.skipped(Uninspected::content, size);
        // RFC 5322, 2.1: an empty line ends the header; RFC 2046, 5.1.1: that of a part follows a boundary.
        // What looks like a field elsewhere is somebody's text.
        if (line.empty()) in_header_ = false;
        if (line.size() > 2 && line.starts_with("--") && line.find(' ') == std::string_view::npos)
            in_header_ = true;
        if (!in_header_ || lower(line.front()) != 'c') return;
        if (starts_ignoring_case(line, "Content-Type:")) {
            add_once(mail_.content_types, media_type(line.substr(13)), limits.content_types_max);
        } else if (starts_ignoring_case(line, "Content-Disposition:")) {
            mail_.attachments += starts_ignoring_case(trimmed(line.substr(20)), "attachment") ? 1U : 0U;
        }
    }

    /// One line of the server's: RFC 5321, 4.2.1.
    std::uint64_t reply(std::string_view line, Output& out) {
        const auto code = number(line.substr(0, 3));
        if (!code || line.size() < 3 || *code < 200 || *code > 599) {
            if (!line.empty()) out.malformed("no SMTP reply", line.size());
            return 0;
        }
        const auto value = static_cast<std::uint16_t>(*code);
        const auto text = trimmed(line.substr(std::min<std::size_t>(4, line.size())));
        if (!greeted_ && value == 220 && asked_.empty() && greeting_.empty()) greeting_ = greeting_of(text);
        if (equal_ignoring_case(text, "STARTTLS")) offers_tls_ = true;
        if (line.size() > 3 && line[3] == '-') return 0;   // more lines follow
        if (!std::exchange(greeted_, true) && asked_.empty()) return 0;
        if (value == 354) begin_body();
        if (asked_.empty() || value == 334) return 0;   // RFC 4954: 334 asks for the next secret
        const auto asked = asked_.front();
        asked_.erase(asked_.begin());
        answer(asked, value, out);
        return 0;
    }

    void answer(Command asked, std::uint16_t code, Output& out) {
        if (asked == Command::auth) {
            auth_reply_ = code;
            secrets_ = false;
        } else if (asked == Command::body) {
            if (parked_.empty()) return;
            parked_.front().reply = code;
            tell_parked(out);
        } else if (asked == Command::starttls && code == 220) {
            mail_.starttls = true;
            tell_mail(out);
            out.restart = Bytes{};
        } else if (code >= 400) {
            (parked_.empty() ? mail_ : parked_.front()).reply = code;   // the oldest that has no last reply
            if (asked == Command::data) in_body_ = false;
        }
    }

    void tell_parked(Output& out) {
        tell(std::move(parked_.front()), out);
        parked_.erase(parked_.begin());
    }
    void tell_mail(Output& out) {
        has_news_ = false;
        tell(std::exchange(mail_, {}), out);
    }
    void tell(event::Smtp mail, Output& out) const {
        mail.server = greeting_;
        mail.helo = helo_;
        mail.auth = auth_;
        mail.auth_reply = auth_reply_;
        mail.starttls_offered = offers_tls_;
        out.emit(std::move(mail));
    }

    LineStream client_;
    LineStream server_;
    std::string greeting_;
    std::string helo_;
    std::string auth_;
    std::optional<std::uint16_t> auth_reply_;
    event::Smtp mail_;
    std::vector<event::Smtp> parked_;   // whole, and without reply; oldest first
    std::vector<Command> asked_;        // without reply, oldest first
    std::uint32_t messages_ = 0;
    bool greeted_ = false;
    bool offers_tls_ = false;
    bool in_body_ = false;
    bool in_header_ = false;   // of the mail, or of a part of it
    bool secrets_ = false;     // the client's lines are those of AUTH
    bool has_news_ = false;    // something that no event has told yet
};

}   // namespace

Verdict probe(Bytes first, Side from) {
    const auto text = as_text(first);
    const auto line = text.substr(0, std::min<std::size_t>(text.find('\n'), 256));
    if (from == Side::client) {
        for (const std::string_view verb : {"EHLO ", "HELO ", "LHLO "}) {
            if (starts_ignoring_case(text, verb)) return Verdict::yes;
            if (starts_ignoring_case(verb, text)) return Verdict::unsure;
        }
        return Verdict::no;
    }
    constexpr std::string_view ready = "220";
    if (line.substr(0, 3) != ready.substr(0, line.size())) return Verdict::no;
    if (line.size() > 3 && line[3] != ' ' && line[3] != '-') return Verdict::no;
    return lowered(line).find("smtp") != std::string::npos ? Verdict::yes : Verdict::unsure;
}

std::unique_ptr<Session> open_session() { return std::make_unique<SmtpSession>(); }

}   // namespace ward::protocol::smtp
