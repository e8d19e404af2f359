// SPDX-License-Identifier: Apache-2.0
#include "http/response_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace ward::http {
namespace {

void append_number(std::string& out, std::size_t number) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_two_digits(std::string& out, unsigned number) {
    out += static_cast<char>('0' + number / 10 % 10);
    out += static_cast<char>('0' + number % 10);
}

bool is_safe(std::string_view text) {
    return std::ranges::none_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7F;
    });
}

}   // namespace

bool is_bodiless(int status) { return status / 100 == 1 || status == 204 || status == 304; }

void append_date(std::string& out, Time time) {
    constexpr std::string_view days = "SunMonTueWedThuFriSat";
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
    out += days.substr(std::chrono::weekday{day}.c_encoding() * 3, 3);
    out += ", ";
    append_two_digits(out, static_cast<unsigned>(date.day()));
    out += ' ';
    out += months.substr((static_cast<unsigned>(date.month()) - 1) * 3, 3);
    out += ' ';
    append_number(out, static_cast<std::size_t>(static_cast<int>(date.year())));
    out += ' ';
    append_two_digits(out, static_cast<unsigned>(clock.hours().count()));
    out += ':';
    append_two_digits(out, static_cast<unsigned>(clock.minutes().count()));
    out += ':';
    append_two_digits(out, static_cast<unsigned>(clock.seconds().count()));
    out += " GMT";
}

bool write_header(std::string& out, const Response& response, const ResponseFrame& frame) {
    for (const auto& header : response.headers)
        if (!is_safe(header.name) || !is_safe(header.value)) return false;

    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::size_t>(response.status));
    out += ' ';
    out += reason_phrase(response.status);
    out += "\r\nDate: ";
    append_date(out, frame.date);
    for (const auto& header : response.headers) {
        out += "\r\n";
        out += header.name;
        out += ": ";
        out += header.value;
    }
    if (!is_bodiless(response.status)) {
        out += "\r\nContent-Length: ";
        append_number(out, response.body.size());
    }
    // To an HTTP/1.0 client keeping the connection must be said; to others it does no harm.
    out += frame.after == AfterResponse::close ? "\r\nConnection: close" : "\r\nConnection: keep-alive";
    out += "\r\n\r\n";
    return true;
}

}   // namespace ward::http
