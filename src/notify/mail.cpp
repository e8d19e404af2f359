// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "notify/escape.hpp"
#include "notify/format.hpp"

namespace ward::notify {
namespace {

constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// RFC 5322, 3.3.
std::string mail_date(Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
    return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0000",
                       days.at(std::chrono::weekday{day}.c_encoding()), static_cast<unsigned>(date.day()),
                       months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string subject(const Message& message) {
    const auto& first = message.notices.front();
    const std::string mark = message.pages() ? "[Ward] Page: " : "[Ward] ";
    if (first.what == What::test) return mark + headline(first);
    if (message.notices.size() == 1)
        return fmt::format("{}{}: {}, risk {} %", mark, headline(first), joined(first.kinds, ", "),
                           first.risk);
    const auto worst = std::ranges::max(message.notices, {}, &Notice::risk).risk;
    std::vector<std::string> cases;
    for (const auto& notice : message.notices)
        if (const auto number = std::to_string(notice.in_case); std::ranges::count(cases, number) == 0)
            cases.push_back(number);
    constexpr std::size_t named_max = 10;
    const auto more = cases.size() > named_max ? fmt::format(" and {} more", cases.size() - named_max) : "";
    cases.resize(std::min(cases.size(), named_max));
    return fmt::format("{}{} notices, risk up to {} %: case {}{}", mark, message.notices.size(), worst,
                       joined(cases, ", "), more);
}

void append_line(std::string& out, std::string_view label, std::string_view text) {
    if (text.empty()) return;
    out += label;
    out += one_line(text);
    out += '\n';
}

void append(std::string& out, const Notice& notice) {
    append_line(out, "", headline(notice));
    if (notice.what != What::test)
        append_line(out, "",
                    fmt::format("Risk {} %, level {}, {}", notice.risk, notice.level, to_instant(notice.at)));
    out += '\n';
    append_line(out, "", notice.sentence);
    out += '\n';
    append_line(out, "Found: ", joined(notice.kinds, ", "));
    append_line(out, "Machines: ", joined(notice.machines, ", "));
    append_line(out, "Outside: ", notice.indicator);
    append_line(out, "Sites: ", joined(notice.sites, ", "));
    append_line(out, "Harmless if: ", notice.harmless_if);
    append_line(out, "Notice ", notice.id);
}

std::string references(const std::vector<std::string>& ids, std::string_view domain) {
    std::string out;
    for (const auto& id : ids) out += fmt::format("{}<{}@{}>", out.empty() ? "" : "\r\n ", id, domain);
    return out;
}

}   // namespace

std::string to_mail(const Message& message, const Envelope& envelope) {
    const auto domain = envelope.from.substr(envelope.from.find('@') + 1);
    std::string text;
    for (const auto& notice : message.notices) {
        if (!text.empty()) text += "\n----\n\n";
        append(text, notice);
    }
    std::string out =
        fmt::format("Date: {}\r\nFrom: Ward <{}>\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <{}@{}>\r\n",
                    mail_date(message.made), envelope.from, joined(envelope.to, ",\r\n "),
                    as_header(subject(message), 7), message.id, domain);
    if (!message.parents.empty()) {
        const auto parents = references(message.parents, domain);
        out += fmt::format("In-Reply-To: {}\r\nReferences: {}\r\n", parents, parents);
    }
    if (message.pages()) out += "Importance: high\r\nX-Priority: 1\r\n";
    // RFC 3834: nobody's absence is to be told to a program.
    out +=
        "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n";
    return out + as_quoted_printable(text);
}

}   // namespace ward::notify
