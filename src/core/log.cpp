// SPDX-License-Identifier: Apache-2.0
#include "core/log.hpp"

#include <cstdio>
#include <fmt/format.h>
#include <string>

#include "core/clock.hpp"

namespace ward::log {
namespace {

void append_quoted(std::string& line, std::string_view text) {
    line.push_back('"');
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            line.push_back('\\');
            line.push_back(c);
        } else if (static_cast<unsigned char>(c) < 0x20) {
            line += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
            line.push_back(c);
        }
    }
    line.push_back('"');
}

void write(std::string_view level, std::string_view message, std::initializer_list<Field> fields) {
    auto line =
        fmt::format(R"({{"time":"{}","level":"{}","message":)", to_instant(SystemClock{}.now()), level);
    append_quoted(line, message);
    for (const auto& field : fields) {
        line.push_back(',');
        append_quoted(line, field.name);
        line.push_back(':');
        if (const auto* number = std::get_if<std::int64_t>(&field.value))
            line += fmt::format("{}", *number);
        else
            append_quoted(line, std::get<std::string_view>(field.value));
    }
    line += "}\n";
    // One write a line, so that lines of several processes do not mix.
    std::fwrite(line.data(), 1, line.size(), stderr);
}

}   // namespace

void error(std::string_view message, std::initializer_list<Field> fields) { write("error", message, fields); }
void warn(std::string_view message, std::initializer_list<Field> fields) { write("warn", message, fields); }
void info(std::string_view message, std::initializer_list<Field> fields) { write("info", message, fields); }

}   // namespace ward::log
