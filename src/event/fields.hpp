// SPDX-License-Identifier: Apache-2.0
// Writes the fields of an event as JSON. Each event lists its fields once, in its `fields` function.
#pragma once

#include <chrono>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/address.hpp"
#include "json/writer.hpp"

namespace ward::event {

/// When the capture saw it. No event carries another clock's time.
using Time = std::chrono::sys_time<std::chrono::nanoseconds>;

/// As Suricata writes it: 2026-01-31T09:05:00.123456+0000.
void append_text(std::string& out, Time time);

class Fields;

template <class T>
concept Record = requires(const T& record, Fields& fields) { record.fields(fields); };

/// An enumeration with a `std::string_view name(E)` beside it is written as that name.
template <class T>
concept Named = std::is_enum_v<T> && requires(T value) {
    { name(value) } -> std::convertible_to<std::string_view>;
};

/// Keys are names in code: letters, digits, underscores. What is empty is left out: no text, no elements, no
/// optional value. Text need not be UTF-8: what is not becomes U+FFFD.
class Fields {
public:
    explicit Fields(json::Writer& writer) : writer_(writer) {}

    template <class T>
    void operator()(std::string_view key, const T& value) {
        if (is_empty(value)) return;
        writer_.plain_key(key);
        write(value);
    }

private:
    template <class T>
    static bool is_empty(const T& value) {
        if constexpr (requires { value.has_value(); }) {
            return !value.has_value();
        } else if constexpr (std::same_as<T, IpAddress>) {
            return value.family == IpAddress::Family::none;
        } else if constexpr (std::same_as<T, MacAddress>) {
            return value.is_zero();
        } else if constexpr (requires { value.empty(); }) {
            return value.empty();
        } else {
            return false;
        }
    }

    void write_text(std::string_view text);

    template <class T>
    void write(const T& value) {
        if constexpr (std::same_as<T, bool>) {
            writer_.boolean(value);
        } else if constexpr (std::integral<T>) {
            writer_.number(static_cast<std::int64_t>(value));
        } else if constexpr (std::convertible_to<T, std::string_view>) {
            write_text(value);
        } else if constexpr (std::same_as<T, IpAddress> || std::same_as<T, MacAddress>) {
            writer_.plain_string(to_text(value));
        } else if constexpr (std::same_as<T, Time>) {
            std::string text;
            append_text(text, value);
            writer_.plain_string(text);
        } else if constexpr (Named<T>) {
            writer_.plain_string(name(value));
        } else if constexpr (Record<T>) {
            writer_.begin_object();
            value.fields(*this);
            writer_.end_object();
        } else if constexpr (requires { *value; }) {
            write(*value);
        } else {
            writer_.begin_array();
            for (const auto& element : value) write(element);
            writer_.end_array();
        }
    }

    json::Writer& writer_;
};

}   // namespace ward::event
