// SPDX-License-Identifier: Apache-2.0
#include "protocol/pop3/pop3.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "event/mailbox.hpp"
#include "protocol/line_stream.hpp"
#include "protocol/products.hpp"
#include "protocol/sasl.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::pop3 {
namespace {

constexpr Limits limits;

enum class Command : std::uint8_t { capabilities, password, challenge, tls, status, list, message, other };

// RFC 2449 and IANA's list; SASL names mechanisms. All else may be anything.
constexpr std::array<std::string_view, 12> extensions{"TOP",         "USER",   "SASL",           "RESP-CODES",
                                                      "LOGIN-DELAY", "EXPIRE", "PIPELINING",     "UIDL",
                                                      "STLS",        "UTF8",   "AUTH-RESP-CODE", "LANG"};

bool is_one_of(std::span<const std::string_view> words, std::string_view word) {
    return std::ranges::any_of(words, [&](std::string_view one) { return equal_ignoring_case(one, word); });
}

/// "SASL PLAIN": what is known of one line of a CAPA's answer.
std::string capability_of(std::string_view line) {
    line = trimmed(line);
    const auto keyword = take_until(line, ' ');
    if (!is_one_of(extensions, keyword)) return {};
    std::string kept{keyword};
    while (!line.empty())
        if (const auto word = take_until(line, ' '); is_sasl_mechanism(word)) kept.append(" ").append(word);
    return kept;
}

/// A greeting says so, or carries the time stamp of APOP. Of a conversation whose beginning was not seen the
/// first reply may name whose mailbox it is.
bool is_greeting(std::string_view line) {
    const bool stamp = line.find('<') != std::string_view::npos && line.find('@') != std::string_view::npos &&
                       line.find('>') != std::string_view::npos;
    return stamp || lowered(line).find("pop") != std::string::npos;
}

class Pop3Session final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        if (from == Side::client)
            client_.feed(as_text(bytes), out, [&](std::string_view line, std::size_t) { return say(line); });
        else
            server_.feed(as_text(bytes), out,
                         [&](std::string_view line, std::size_t size) { return reply(line, size, out); });
    }

    void gap(Side from, std::uint64_t lost, Output& out) override {
        (from == Side::client ? client_ : server_).lose(lost, out);
        // Which command the next reply belongs to is no longer known, nor whether it lies within a mail.
        asked_.clear();
        list_.reset();
        greeted_ = true;
    }

    void end(Output& out) override {
        if (has_news_) out.emit(event::Pop3{std::move(told_)});
        has_news_ = false;
        told_ = {};
    }

    std::size_t memory() const noexcept override {
        return sizeof *this + client_.memory() + server_.memory() + told_.server.capacity() +
               told_.capabilities.capacity() * (sizeof(std::string) + 64) + asked_.capacity();
    }

private:
    std::uint64_t say(std::string_view line) {
        if (!asked_.empty() && asked_.back() == Command::challenge) return 0;   // an answer of AUTH
        has_news_ = true;
        if (asked_.size() >= limits.unanswered_max) asked_.clear();
        asked_.push_back(command_of(line));
        return 0;
    }

    Command command_of(std::string_view line) {
        const auto verb = take_until(line, ' ');
        const auto argument = trimmed(line);
        const auto is = [&](std::string_view known) { return equal_ignoring_case(verb, known); };
        if (is("CAPA")) return Command::capabilities;
        if (is("STLS")) return Command::tls;
        if (is("STAT")) return Command::status;
        if (is("PASS") || is("APOP")) {
            told_.auth = lowered(verb);
            told_.clear_password |= is("PASS");
            return Command::password;
        }
        if (is("AUTH") && !argument.empty()) {
            told_.auth = sasl_mechanism(take_until(line, ' '));
            told_.clear_password = told_.auth == "plain" || told_.auth == "login";
            return Command::challenge;
        }
        if (is("RETR") || is("TOP")) {
            ++told_.fetched;
            return Command::message;
        }
        told_.deleted += is("DELE") ? 1U : 0U;
        const bool lists = is("LIST") || is("UIDL") || is("AUTH");   // one line of it where they name one
        return lists && argument.empty() ? Command::list : Command::other;
    }

    std::uint64_t reply(std::string_view line, std::size_t size, Output& out) {
        if (list_) {
            if (line == ".") {
                list_.reset();
            } else if (*list_ == Command::message) {
                out.skipped(Uninspected::content, size);
            } else if (*list_ == Command::capabilities) {
                auto kept = capability_of(line);
                if (!kept.empty() && told_.capabilities.size() < limits.capabilities_max)
                    told_.capabilities.push_back(std::move(kept));
            }
            return 0;
        }
        const bool accepted = line.starts_with("+OK");
        if (!accepted && !line.starts_with("-ERR")) return 0;   // a challenge
        has_news_ = true;
        const auto text = trimmed(line.substr(accepted ? 3 : 4));
        const bool first = !std::exchange(greeted_, true);
        if (first && accepted && is_greeting(line)) {
            told_.server = products_in_greeting(text.substr(0, text.find('<')));   // APOP's time stamp
        } else if (!asked_.empty()) {
            const auto asked = asked_.front();
            asked_.erase(asked_.begin());
            answer(asked, accepted, text, out);
        }
        return 0;
    }

    void answer(Command asked, bool accepted, std::string_view text, Output& out) {
        switch (asked) {
            case Command::capabilities:
            case Command::list:
            case Command::message:
                if (accepted) list_ = asked;
                break;
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
    }

    LineStream client_;
    LineStream server_;
    event::MailboxAccess told_;
    std::vector<Command> asked_;    // without reply, oldest first
    std::optional<Command> list_;   // whose answer goes on to a line with a dot
    bool greeted_ = false;
    bool has_news_ = false;
};

}   // namespace

Verdict probe(Bytes first, Side from) {
    const auto text = as_text(first);
    if (from == Side::server) {
        constexpr std::string_view ok = "+OK";
        if (text.size() < ok.size()) return ok.starts_with(text) ? Verdict::unsure : Verdict::no;
        if (!text.starts_with(ok)) return Verdict::no;
        // Redis and others answer so too.
        return is_greeting(text.substr(0, std::min<std::size_t>(text.find('\n'), 256))) ? Verdict::yes
                                                                                        : Verdict::unsure;
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
