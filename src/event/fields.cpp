// SPDX-License-Identifier: Apache-2.0
#include "event/fields.hpp"

#include <algorithm>

#include "core/utf8.hpp"

namespace ward::event {
namespace {

std::string repaired(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto rest = text;
        if (take_code_point(rest)) {
            out += text.substr(0, text.size() - rest.size());
            text = rest;
        } else {
            out += "\xEF\xBF\xBD";   // U+FFFD
            text.remove_prefix(1);
        }
    }
    return out;
}

/// `digits` digits at `at`, with leading zeros.
void put(std::string& out, std::size_t at, std::size_t digits, std::uint64_t number) {
    for (; digits > 0; --digits) {
        out[at + digits - 1] = static_cast<char>('0' + number % 10);
        number /= 10;
    }
}

}   // namespace

void append_text(std::string& out, Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const auto microseconds =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(time - day).count());
    const auto seconds = microseconds / 1'000'000;
    const auto at = out.size();
    out += "0000-00-00T00:00:00.000000+0000";
    put(out, at, 4, static_cast<std::uint64_t>(std::max(int{date.year()}, 0)));
    put(out, at + 5, 2, unsigned{date.month()});
    put(out, at + 8, 2, unsigned{date.day()});
    put(out, at + 11, 2, seconds / 3600);
    put(out, at + 14, 2, seconds / 60 % 60);
    put(out, at + 17, 2, seconds % 60);
    put(out, at + 20, 6, microseconds % 1'000'000);
}

void Fields::write_text(std::string_view text) {
    if (json::is_plain(text)) {
        writer_.plain_string(text);
    } else if (is_utf8(text)) {
        writer_.string(text);
    } else {
        writer_.string(repaired(text));
    }
}

}   // namespace ward::event
