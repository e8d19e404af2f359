// SPDX-License-Identifier: Apache-2.0
#include "lab/mail/message.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "core/bytes.hpp"
#include "core/text.hpp"
#include "lab/random.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;

constexpr std::size_t line_max = 76;     // RFC 2045, 6.7 and 6.8
constexpr std::size_t plain_max = 900;   // RFC 5322, 2.1.1: 998
constexpr std::size_t word_bytes = 39;   // 52 in Base64, with what is around them 64: RFC 2047 has 75 at most
constexpr std::size_t subject_fold = 70;

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }

bool is_atom_text(char c) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_letter || std::string_view{"!#$%&'*+-/=?^_`{|}~ "}.find(c) != std::string_view::npos;
}

/// RFC 5322, 3.2.5: words as they are, or in quotes.
std::string phrase(std::string_view name) {
    if (!is_ascii(name)) return encoded_words(name);
    if (std::ranges::all_of(name, is_atom_text)) return std::string{name};
    return fmt::format("\"{}\"", name);
}

std::string shown(const Mailbox& box) {
    return box.name.empty() ? box.address : fmt::format("{} <{}>", phrase(box.name), box.address);
}

/// Breaks lines at blanks where they would be too long.
std::string folded(std::string_view text) {
    std::string out;
    std::size_t column = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find(' ', 1), text.size());
        if (column + end > subject_fold && column > 0) {
            out += '\n';
            column = 0;
        }
        out += text.substr(0, end);
        column += end;
        text.remove_prefix(end);
    }
    return out;
}

std::string base64_lines(std::string_view content) {
    const auto encoded = to_base64(as_bytes(content));
    std::string out;
    for (std::size_t i = 0; i < encoded.size(); i += line_max) out += encoded.substr(i, line_max) + "\n";
    return out;
}

bool has_long_line(std::string_view text) {
    while (!text.empty())
        if (take_until(text, '\n').size() > plain_max) return true;
    return false;
}

struct Part {
    std::string head;
    std::string body;
};

Part text_part(std::string_view type, std::string_view text) {
    if (is_ascii(text) && !has_long_line(text))
        return {
            fmt::format("Content-Type: {}; charset=\"us-ascii\"\nContent-Transfer-Encoding: 7bit\n", type),
            std::string{text}};
    return {fmt::format("Content-Type: {}; charset=\"utf-8\"\nContent-Transfer-Encoding: quoted-printable\n",
                        type),
            quoted_printable(text)};
}

Part attached(const Attachment& file) {
    return {
        fmt::format("Content-Type: {0};\n name=\"{1}\"\nContent-Disposition: attachment;\n filename=\"{1}\"\n"
                    "Content-Transfer-Encoding: base64\n",
                    file.type, file.name),
        base64_lines(file.content)};
}

Part multipart(std::string_view kind, const std::string& boundary, const std::vector<Part>& parts) {
    std::string body;
    for (const auto& part : parts) body += fmt::format("--{}\n{}\n{}\n", boundary, part.head, part.body);
    body += fmt::format("--{}--\n", boundary);
    return {fmt::format("Content-Type: multipart/{};\n boundary=\"{}\"\n", kind, boundary), std::move(body)};
}

Part whole(const Letter& letter) {
    auto random = Random{0}.stream(letter.id);
    const auto boundary = [&] {
        return fmt::format("{:012x}_{:08x}", random.next() >> 16, random.next() >> 32);
    };
    auto shown_part = text_part("text/plain", letter.text);
    if (!letter.html.empty())
        shown_part = multipart("alternative", boundary(), {shown_part, text_part("text/html", letter.html)});
    if (letter.attachments.empty()) return shown_part;
    std::vector<Part> parts{std::move(shown_part)};
    for (const auto& file : letter.attachments) parts.push_back(attached(file));
    return multipart("mixed", boundary(), parts);
}

std::string domain_of(std::string_view address) { return std::string{address.substr(address.find('@') + 1)}; }

/// From the last server to the first, as they put them on top of each other.
std::string trace(const Letter& letter, Moment at, std::string_view domain) {
    auto random = Random{1}.stream(letter.id);
    const auto received = [&](std::string_view from, std::string_view address, std::string_view by,
                              std::string_view with, Moment when) {
        return fmt::format("Received: from {0} ({0} [{1}])\n\tby {2} with {3} id {4:011X};\n\t{5}\n", from,
                           address, by, with, random.next() >> 20, mail_date(when));
    };
    const auto mail_host = fmt::format("mail0001.{}", domain);
    if (!letter.checks) return received(letter.relay, letter.relay_address, mail_host, "ESMTPSA", at);
    const auto before = seconds{random.between(1, 9)};
    const auto sender = domain_of(letter.from.address);
    auto out = received(letter.relay, letter.relay_address, fmt::format("mx.{}", domain),
                        letter.is_relayed_by_tls ? "ESMTPS" : "ESMTP", at);
    if (random.chance(0.7))
        out += received(fmt::format("app{}.{}", random.between(1, 6), sender),
                        fmt::format("10.{}.{}.{}", random.between(0, 250), random.between(0, 250),
                                    random.between(2, 250)),
                        letter.relay, "ESMTP", at - before);
    const auto& checks = *letter.checks;
    out += fmt::format(
        "Authentication-Results: mx.{};\n\tspf={} smtp.mailfrom={};\n\tdkim={}{};\n"
        "\tdmarc={} header.from={}\n",
        domain, name_of(checks.spf), sender, name_of(checks.dkim),
        checks.dkim == Verdict::none ? "" : fmt::format(" header.d={}", sender), name_of(checks.dmarc),
        sender);
    return out;
}

}   // namespace

std::string_view name_of(Verdict verdict) {
    constexpr std::array<std::string_view, 4> names{"pass", "fail", "softfail", "none"};
    return names[static_cast<std::size_t>(verdict)];
}

std::string mail_date(Moment at) {
    constexpr std::array<std::string_view, 7> names_of_days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> names_of_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto midnight = floor<days>(at);
    const year_month_day day{midnight};
    const hh_mm_ss time{floor<seconds>(at - midnight)};
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000",
                       names_of_days[weekday{midnight}.c_encoding()], static_cast<unsigned>(day.day()),
                       names_of_months[static_cast<unsigned>(day.month()) - 1], static_cast<int>(day.year()),
                       time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string encoded_words(std::string_view text) {
    if (is_ascii(text)) return std::string{text};
    std::string out;
    while (!text.empty()) {
        auto size = std::min(word_bytes, text.size());
        while (size < text.size() && !begins_character(text[size])) --size;
        if (!out.empty()) out += "\n ";
        out += fmt::format("=?utf-8?B?{}?=", to_base64(as_bytes(text.substr(0, size))));
        text.remove_prefix(size);
    }
    return out;
}

std::string quoted_printable(std::string_view text) {
    std::string out;
    std::size_t column = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == '\n') {
            out += '\n';
            column = 0;
            continue;
        }
        const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n';
        const bool is_plain = c >= 0x20 && c < 0x7f && c != '=' && !(c == ' ' && ends_line);
        const std::size_t size = is_plain ? 1 : 3;
        if (column + size > line_max - 1) {
            out += "=\n";
            column = 0;
        }
        out += is_plain ? std::string(1, text[i]) : fmt::format("={:02X}", c);
        column += size;
    }
    return out;
}

std::string message_text(const Letter& letter, Moment at, std::string_view domain) {
    auto out = trace(letter, at, domain);
    out += fmt::format("Date: {}\nFrom: {}\n", mail_date(at - seconds{1}), shown(letter.from));
    std::string to;
    for (const auto& box : letter.to) to += (to.empty() ? "" : ",\n\t") + shown(box);
    out += fmt::format("To: {}\n", to);
    if (!letter.reply_to.empty()) out += fmt::format("Reply-To: {}\n", letter.reply_to);
    const auto subject = is_ascii(letter.subject) ? folded(letter.subject) : encoded_words(letter.subject);
    out += fmt::format("Subject: {}\nMessage-ID: <{}>\n", subject, letter.id);
    if (!letter.references.empty()) {
        out += fmt::format("In-Reply-To: <{}>\nReferences:", letter.references.back());
        for (const auto& id : letter.references) out += fmt::format(" <{}>\n", id);
    }
    for (const auto& [name, value] : letter.fields) out += fmt::format("{}: {}\n", name, value);
    const auto body = whole(letter);
    return out + "MIME-Version: 1.0\n" + body.head + "\n" + body.body;
}

std::string mbox_entry(const Letter& letter, Moment at, std::string_view domain) {
    const auto date = mail_date(at);   // of it, the day's name, month, day, time and year: asctime's order
    auto out = fmt::format("From {} {} {} {} {} {}\n", letter.from.address, date.substr(0, 3),
                           date.substr(8, 3), date.substr(5, 2), date.substr(17, 8), date.substr(12, 4));
    const auto message = message_text(letter, at, domain);
    std::string_view left{message};
    while (!left.empty()) {
        const auto line = take_until(left, '\n');
        const auto behind = line.find_first_not_of('>');
        if (behind != std::string_view::npos && line.substr(behind).starts_with("From ")) out += '>';
        out += line;
        out += '\n';
    }
    return out + '\n';
}

}   // namespace ward::lab
