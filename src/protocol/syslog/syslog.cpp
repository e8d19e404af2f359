// SPDX-License-Identifier: Apache-2.0
#include "protocol/syslog/syslog.hpp"

#include <algorithm>

#include "protocol/pending.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::syslog {
namespace {

constexpr std::size_t name_max = 100;
constexpr std::size_t count_digits_max = 7;

constexpr std::array<std::string_view, 24> facilities{
    "kern",   "user",   "mail",     "daemon", "auth",   "syslog",   "lpr",      "news",
    "uucp",   "cron",   "authpriv", "ftp",    "ntp",    "logaudit", "logalert", "clock",
    "local0", "local1", "local2",   "local3", "local4", "local5",   "local6",   "local7"};
constexpr std::array<std::string_view, 8> severities{"emerg",   "alert",  "crit", "err",
                                                     "warning", "notice", "info", "debug"};

/// RFC 5424, 6.2.1: <0> to <191>, without leading zeros. Takes it off `text`.
std::optional<std::uint64_t> take_priority(std::string_view& text) {
    if (!text.starts_with('<')) return std::nullopt;
    const auto end = text.substr(0, 5).find('>');
    if (end == std::string_view::npos || end < 2) return std::nullopt;
    const auto priority = number(text.substr(1, end - 1));
    if (!priority || *priority > 191) return std::nullopt;
    text.remove_prefix(end + 1);
    return priority;
}

constexpr auto is_digit = [](char c) { return c >= '0' && c <= '9'; };

/// `form` has a 0 where a digit is, a _ where a digit or a blank is, and itself elsewhere.
bool has_form(std::string_view text, std::string_view form) {
    const auto fits = [](char c, char wanted) {
        if (wanted == '0') return is_digit(c);
        return c == wanted || (wanted == '_' && (c == ' ' || is_digit(c)));
    };
    return text.size() >= form.size() && std::equal(form.begin(), form.end(), text.begin(),
                                                    [&](char wanted, char c) { return fits(c, wanted); });
}

/// RFC 3164, 4.1.2: "Oct 11 22:14:15 ". A text may begin with "May" too.
constexpr std::string_view old_time = " _0 00:00:00 ";
bool begins_with_time(std::string_view text) {
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto at = text.size() > 3 ? months.find(text.substr(0, 3)) : std::string_view::npos;
    return at != std::string_view::npos && at % 3 == 0 && has_form(text.substr(3), old_time);
}

/// The header of RFC 5424, 6.2.4 to 6.2.7, behind the time.
struct Header {
    std::string_view hostname, appname, procid, msgid;
};
/// Structured data must follow: without it, what stands there may be the text.
std::optional<Header> take_header(std::string_view text) {
    Header header;
    for (auto* field : {&header.hostname, &header.appname, &header.procid, &header.msgid}) {
        *field = take_until(text, ' ');
        if (field->empty() || field->find(',') != std::string_view::npos) return std::nullopt;
    }
    if (!text.starts_with('-') && !text.starts_with('[')) return std::nullopt;
    return header;
}

/// RFC 5424, 6.2.2 and 6.2.3: the version, and a date or nothing. "1 2 tablets" is no version, and "1 - pump
/// stopped" is none either: without a date a machine must be named.
bool begins_version_1(std::string_view text) {
    constexpr std::string_view without_time = "1 - ";
    if (has_form(text, "1 0000-00-00T")) return true;
    if (!text.starts_with(without_time)) return false;
    const auto header = take_header(text.substr(without_time.size()));
    return header && (header->hostname == "-" || is_machine(header->hostname));
}

std::string as_told(std::string_view field) {
    return field == "-" ? std::string{} : clipped(field, name_max);
}

bool is_address(std::string_view word) {
    const auto in_ipv6 = [](char c) {
        return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f') || c == ':';
    };
    if (std::ranges::count(word, ':') > 1) return std::ranges::all_of(word, in_ipv6);
    std::size_t bytes = 0;
    while (!word.empty()) {
        const auto byte = number(take_until(word, '.'));
        if (!byte || *byte > 255) return false;
        ++bytes;
    }
    return bytes == 4;
}

/// Dates, and the numbers of patients and cases.
bool holds_a_number_of_something(std::string_view word) {
    constexpr std::ptrdiff_t run_max = 4;
    constexpr std::ptrdiff_t digits_max = 7;
    const auto run = std::ranges::search_n(word, run_max + 1, true, [](char c, bool) { return is_digit(c); });
    return !run.empty() || std::ranges::count_if(word, is_digit) > digits_max;
}

/// RFC 3164, 4.1.2 and 4.1.3: the host, and a tag: "10.0.0.99 sshd[4123]: ...". Many senders leave out one or
/// both, and then a patient's name may stand there ("Haddad: pump stopped"). So a host is told where it can
/// be no person's name and a tag follows, and a tag where it has the number of a process.
void read_old(std::string_view text, event::SyslogMessage& told) {
    constexpr std::size_t process_digits_max = 10;
    text.remove_prefix(old_time.size() + 3);
    const auto host = take_until(text, ' ');
    const auto tag = text.substr(0, text.find(' '));
    if (!is_machine(host) || !tag.ends_with(':')) return;
    told.hostname = host;
    const auto open = tag.find('[');
    if (open == 0 || open == std::string_view::npos || !tag.ends_with("]:")) return;
    const auto process = tag.substr(open + 1, tag.size() - open - 3);
    if (process.empty() || process.size() > process_digits_max || !std::ranges::all_of(process, is_digit))
        return;
    told.appname = clipped(tag.substr(0, open), name_max);
    told.procid = process;
}

void take_message(std::string_view message, std::string_view framing, Side from, Output& out) {
    auto told = read_message(message);
    if (!told) {
        if (!trimmed(message).empty()) out.malformed("log message without priority", message.size());
        return;
    }
    told->framing = framing;
    told->from = from;
    auto audit = read_audit(message, out);
    out.emit(std::move(*told));
    if (audit) out.emit(std::move(*audit));
}

class DatagramSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        take_message(as_text(bytes), "datagram", from, out);
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& /*out*/) override {}
    std::size_t memory() const noexcept override { return sizeof *this; }
};

class StreamSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        auto& skip = skip_[index(from)];
        const auto skipped = std::min<std::size_t>(skip, bytes.size());
        skip -= skipped;
        out.skipped(Uninspected::cap, skipped);
        auto decode = [&](Bytes input, std::size_t searched) -> Decode<Frame> {
            if (skip == 0) return decode_frame(input, searched);
            const auto size = std::min<std::size_t>(skip, input.size());
            skip -= size;
            out.skipped(Uninspected::cap, size);
            return Decoded<Frame>{Frame{}, size};
        };
        each_message(pending_[index(from)], bytes.subspan(skipped),
                     limits.message_bytes_max + count_digits_max + 1, out, decode, [&](const Frame& frame) {
                         if (frame.oversize > 0) skip = frame.oversize;
                         if (!frame.message.empty()) take_message(frame.message, frame.framing, from, out);
                     });
    }
    void gap(Side from, std::uint64_t lost, Output& out) override {
        auto& skip = skip_[index(from)];
        skip = skip > lost ? skip - lost : 0;
        pending_[index(from)].give_up(out);
    }
    void end(Output& out) override {
        for (auto& pending : pending_) pending.give_up(out);
    }
    std::size_t memory() const noexcept override {
        return sizeof *this + pending_[0].memory() + pending_[1].memory();
    }

private:
    std::array<Pending, 2> pending_;
    std::array<std::uint64_t, 2> skip_{};
};

/// Whether a message begins here.
Verdict looks_like_message(std::string_view text) {
    const auto end = text.find('>');
    if (text.empty() || (end == std::string_view::npos && text.size() < 5 && text.starts_with('<'))) {
        const bool digits = std::ranges::all_of(text.substr(std::min<std::size_t>(1, text.size())),
                                                [](char c) { return c >= '0' && c <= '9'; });
        return digits ? Verdict::unsure : Verdict::no;
    }
    if (!take_priority(text)) return Verdict::no;
    // Without a date it may be anything: then the port has to agree.
    return begins_version_1(text) || begins_with_time(text) ? Verdict::yes : Verdict::unsure;
}

}   // namespace

bool is_machine(std::string_view word) {
    if (is_address(word)) return true;
    const auto is_letter = [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; };
    const auto is_plain = [&](char c) { return is_digit(c) || is_letter(c); };
    const auto in_names = [&](char c) { return is_plain(c) || c == '.' || c == '-' || c == '_'; };
    const bool named = !word.empty() && word.size() <= name_max && is_plain(word.front()) &&
                       is_plain(word.back()) && std::ranges::all_of(word, in_names) &&
                       std::ranges::any_of(word, is_letter) && !holds_a_number_of_something(word);
    // Of a name without digits only a whole domain name is no person's: host.ward.example.
    const bool domain = std::ranges::count(word, '.') > 1 && lowered(word) == word;
    return named && (domain || std::ranges::any_of(word, is_digit));
}

Decode<Frame> decode_frame(Bytes input, std::size_t searched) {
    const auto text = as_text(input);
    if (text.empty()) return NeedMore{};
    if (text[0] >= '1' && text[0] <= '9') {   // RFC 6587, 3.4.1
        const auto space = text.substr(0, count_digits_max + 1).find(' ');
        if (space == std::string_view::npos && text.size() <= count_digits_max) return NeedMore{1};
        const auto count = space == std::string_view::npos ? std::nullopt : number(text.substr(0, space));
        if (!count) return Malformed{"length of a log message is not a number"};
        const auto begin = space + 1;
        if (*count > limits.message_bytes_max)
            return Decoded<Frame>{Frame{.message = {}, .framing = {}, .oversize = *count}, begin};
        if (text.size() - begin < *count) return NeedMore{*count - (text.size() - begin)};
        return Decoded<Frame>{
            Frame{.message = text.substr(begin, *count), .framing = "octet counting", .oversize = 0},
            begin + *count};
    }
    // RFC 6587, 3.4.2: a line feed ends a message; some senders end it with a zero byte.
    constexpr std::string_view ends{"\n\0", 2};
    const auto end = text.find_first_of(ends, searched);
    if (end == std::string_view::npos) return NeedMore{1};
    const auto line = text.substr(0, end);
    return Decoded<Frame>{Frame{.message = line.ends_with('\r') ? line.substr(0, line.size() - 1) : line,
                                .framing = "line",
                                .oversize = 0},
                          end + 1};
}

std::optional<event::SyslogMessage> read_message(std::string_view message) {
    auto text = message;
    const auto priority = take_priority(text);
    if (!priority) return std::nullopt;
    event::SyslogMessage told;
    told.facility = facilities[*priority / 8];
    told.severity = severities[*priority % 8];
    told.size = message.size();
    told.format = "other";
    if (begins_version_1(text)) {
        told.format = "RFC 5424";
        take_until(text, ' ');
        take_until(text, ' ');
        if (const auto header = take_header(text)) {
            told.hostname = as_told(header->hostname);
            told.appname = as_told(header->appname);
            told.procid = as_told(header->procid);
            told.msgid = as_told(header->msgid);
        }
    } else if (begins_with_time(text)) {
        told.format = "RFC 3164";
        read_old(text, told);
    }
    return told;
}

Verdict probe_datagram(Bytes first, Side from) {
    return from == Side::client ? looks_like_message(as_text(first)) : Verdict::no;
}

Verdict probe_stream(Bytes first, Side from) {
    if (from != Side::client) return Verdict::no;
    auto text = as_text(first);
    if (!text.starts_with('<')) {
        const auto space = text.substr(0, count_digits_max + 1).find(' ');
        if (!number(text.substr(0, std::min(space, count_digits_max)))) return Verdict::no;
        if (space == std::string_view::npos)
            return text.size() < count_digits_max ? Verdict::unsure : Verdict::no;
        text.remove_prefix(space + 1);
        if (!text.empty() && text[0] != '<') return Verdict::no;
    }
    return looks_like_message(text);
}

std::unique_ptr<Session> open_datagrams() { return std::make_unique<DatagramSession>(); }
std::unique_ptr<Session> open_stream() { return std::make_unique<StreamSession>(); }

}   // namespace ward::protocol::syslog
