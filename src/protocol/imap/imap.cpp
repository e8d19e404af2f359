// SPDX-License-Identifier: Apache-2.0
#include "protocol/imap/imap.hpp"

#include <algorithm>
#include <array>

#include "event/mailbox.hpp"
#include "protocol/line_stream.hpp"
#include "protocol/products.hpp"
#include "protocol/sasl.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::imap {
namespace {

constexpr Limits limits;

constexpr std::array commands{"CAPABILITY", "LOGIN", "AUTHENTICATE", "STARTTLS", "NOOP", "ID",
                              "SELECT",     "LIST",  "EXAMINE",      "LOGOUT",   "LSUB", "NAMESPACE"};

// IANA, IMAP Capabilities, and those of Google, Apple and Microsoft. All else may be anything.
constexpr std::string_view capability_words =
    "acl annotate-experiment-1 appendlimit auth binary catenate children clientid compress=deflate "
    "condstore context=search context=sort convert create-special-use enable esearch esort filters "
    "i18nlevel=1 i18nlevel=2 id idle imap4 imap4rev1 imap4rev2 inprogress jmapaccess language "
    "list-extended list-metadata list-myrights list-status literal+ literal- login-referrals "
    "logindisabled mailbox-referrals message-limit metadata metadata-server move multiappend "
    "multisearch namespace notify objectid partial preview qresync quota quotaset replace rights "
    "sasl-ir savedate search=fuzzy searchres sort sort=display special-use starttls status=size "
    "thread=orderedsubject thread=references thread=refs uidbatches uidonly uidplus unauthenticate "
    "unselect url-partial urlauth utf8=accept utf8=only within x-gm-ext-1 xapplepushservice xlist "
    "xmove";
constexpr auto capabilities = sorted_words<count_words(capability_words)>(capability_words);

bool is_capability(std::string_view word) {
    constexpr std::string_view mechanism = "AUTH=";
    if (starts_ignoring_case(word, mechanism)) return is_sasl_mechanism(word.substr(mechanism.size()));
    return holds(capabilities, word);
}

/// "{310}" at the end of a line announces bytes that are no lines (RFC 3501, section 4.3).
std::uint64_t literal(std::string_view line) {
    if (!line.ends_with('}')) return 0;
    const auto open = line.rfind('{');
    if (open == std::string_view::npos) return 0;
    auto digits = line.substr(open + 1, line.size() - open - 2);
    if (digits.ends_with('+')) digits.remove_suffix(1);
    return number(digits).value_or(0);
}

class ImapSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        if (from == Side::client)
            client_.feed(as_text(bytes), out, [&](std::string_view line, std::size_t) { return say(line); });
        else
            server_.feed(as_text(bytes), out,
                         [&](std::string_view line, std::size_t) { return reply(line, out); });
    }

    void gap(Side from, std::uint64_t lost, Output& out) override {
        (from == Side::client ? client_ : server_).lose(lost, out);
        if (from == Side::server) secrets_ = false;
    }

    void end(Output& out) override {
        if (has_news_) out.emit(event::Imap{std::move(told_)});
        has_news_ = false;
        told_ = {};
    }

    std::size_t memory() const noexcept override {
        return sizeof *this + client_.memory() + server_.memory() + told_.server.capacity() +
               told_.capabilities.capacity() * (sizeof(std::string) + 64) + waiting_.capacity() * 96;
    }

private:
    enum class Command : std::uint8_t { authenticate, starttls };
    struct Waiting {
        std::string tag;
        Command command;
    };

    std::uint64_t say(std::string_view line) {
        if (secrets_) return 0;   // answers to a challenge
        const auto size = literal(line);
        const auto tag = take_until(line, ' ');
        auto verb = take_until(line, ' ');
        if (equal_ignoring_case(verb, "UID")) verb = take_until(line, ' ');
        has_news_ = true;
        if (equal_ignoring_case(verb, "LOGIN")) {
            told_.auth = "login";
            told_.clear_password = true;
            wait(tag, Command::authenticate);
        } else if (equal_ignoring_case(verb, "AUTHENTICATE")) {
            told_.auth = sasl_mechanism(trimmed(take_until(line, ' ')));
            told_.clear_password = told_.auth == "plain" || told_.auth == "login";
            secrets_ = true;
            wait(tag, Command::authenticate);
        } else if (equal_ignoring_case(verb, "STARTTLS")) {
            wait(tag, Command::starttls);
        } else if (equal_ignoring_case(verb, "FETCH")) {
            ++told_.fetched;
        } else if (equal_ignoring_case(verb, "EXPUNGE")) {
            ++told_.deleted;
        }
        return size;
    }

    void wait(std::string_view tag, Command command) {
        if (waiting_.size() >= limits.waiting_max) waiting_.erase(waiting_.begin());
        waiting_.push_back({clipped(tag, 32), command});
    }

    std::uint64_t reply(std::string_view line, Output& out) {
        const auto size = literal(line);
        has_news_ = true;
        auto rest = line;
        const auto tag = take_until(rest, ' ');
        if (tag == "*") {
            untagged(rest);
        } else if (tag != "+") {
            const auto asked = std::ranges::find(waiting_, tag, &Waiting::tag);
            if (asked == waiting_.end()) return size;
            const auto command = asked->command;
            waiting_.erase(asked);
            answer(command, starts_ignoring_case(rest, "OK"), out);
        }
        return size;
    }

    void untagged(std::string_view rest) {
        if (!greeted_ && (starts_ignoring_case(rest, "OK") || starts_ignoring_case(rest, "PREAUTH")))
            told_.server = products_in_greeting(rest);
        greeted_ = true;
        auto words = rest;
        const auto first = take_until(words, ' ');
        if (equal_ignoring_case(first, "CAPABILITY")) {
            told_.capabilities.clear();
            while (!words.empty() && told_.capabilities.size() < limits.capabilities_max)
                if (const auto word = take_until(words, ' '); is_capability(word))
                    told_.capabilities.emplace_back(word);
        } else if (const auto count = number(first); count && equal_ignoring_case(words, "EXISTS")) {
            told_.messages = count;
        }
    }

    void answer(Command command, bool accepted, Output& out) {
        if (command == Command::authenticate) {
            told_.authenticated = accepted;
            secrets_ = false;
        } else if (accepted) {
            told_.starttls = true;
            out.restart = Bytes{};   // end() tells what was learned
        }
    }

    LineStream client_;
    LineStream server_;
    event::MailboxAccess told_;
    std::vector<Waiting> waiting_;
    bool greeted_ = false;
    bool secrets_ = false;    // the client answers challenges
    bool has_news_ = false;   // there is something to tell
};

}   // namespace

Verdict probe(Bytes first, Side from) {
    auto line = as_text(first);
    line = line.substr(0, line.find('\n'));
    if (from == Side::server) {
        constexpr std::string_view ok = "* OK ";
        if (line.size() < ok.size()) return ok.starts_with(line) ? Verdict::unsure : Verdict::no;
        if (!line.starts_with(ok) && !line.starts_with("* PREAUTH ")) return Verdict::no;
        return lowered(line.substr(0, 256)).find("imap") != std::string::npos ? Verdict::yes
                                                                              : Verdict::unsure;
    }
    // A tag, and a command that nobody else has.
    const bool whole = line.size() < first.size();
    const auto tag = trimmed(take_until(line, ' '));
    constexpr std::size_t tag_max = 16;
    const bool plain = !tag.empty() && tag.size() <= tag_max && std::ranges::all_of(tag, [](char c) {
        return is_letter(c) || is_digit(c) || c == '.';
    });
    if (!plain) return Verdict::no;
    const auto verb = trimmed(line.substr(0, line.find(' ')));
    for (const std::string_view known : commands) {
        if (equal_ignoring_case(verb, known)) return Verdict::unsure;
        if (!whole && starts_ignoring_case(known, verb)) return Verdict::unsure;
    }
    return Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<ImapSession>(); }

}   // namespace ward::protocol::imap
