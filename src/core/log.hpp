// SPDX-License-Identifier: Apache-2.0
// A log line is an event for an operator: one JSON object on stderr, which journald keeps.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <variant>

namespace ward::log {

/// One variable of a line. There is no conversion from Phi or SecretBytes: logging those does not compile.
struct Field {
    template <class Integer>
        requires std::is_integral_v<Integer>
    Field(std::string_view key, Integer number) : name(key), value(static_cast<std::int64_t>(number)) {}
    Field(std::string_view key, std::string_view text) : name(key), value(text) {}
    Field(std::string_view key, const char* text) : name(key), value(std::string_view{text}) {}

    std::string_view name;
    std::variant<std::int64_t, std::string_view> value;
};

/// `message` is a fixed lower-case phrase without a full stop; what varies goes into the fields.
void error(std::string_view message, std::initializer_list<Field> fields = {});   // someone must act
void warn(std::string_view message, std::initializer_list<Field> fields = {});    // someone should know
void info(std::string_view message, std::initializer_list<Field> fields = {});    // life cycle

}   // namespace ward::log
