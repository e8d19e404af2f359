// SPDX-License-Identifier: Apache-2.0
// The one JSON writer: appends compact JSON to a string that the caller owns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/document.hpp"

namespace ward::json {

/// A view of the string it appends to. Puts the commas; the caller closes what it opens.
class Writer {
public:
    explicit Writer(std::string& out) noexcept : out_(out) {}

    Writer& begin_object();
    Writer& end_object();
    Writer& begin_array();
    Writer& end_array();
    /// The next call writes this member's value.
    Writer& key(std::string_view name);
    /// The same for a name of which the caller knows that it needs no escape, as those in code are.
    Writer& plain_key(std::string_view name);
    Writer& string(std::string_view text);
    /// The same for text that is_plain().
    Writer& plain_string(std::string_view text);
    Writer& number(std::int64_t value);
    Writer& boolean(bool value);
    Writer& null();
    /// A value that is already JSON.
    Writer& raw(std::string_view json);
    /// A parsed value, without white space, everything else spelled as in its source.
    Writer& value(Value value);

    /// Members of text, the common case.
    Writer& member(std::string_view name, std::string_view text) { return key(name).string(text); }
    Writer& member_unless_empty(std::string_view name, std::string_view text) {
        return text.empty() ? *this : member(name, text);
    }

private:
    void separate();

    std::string& out_;
    std::uint32_t depth_ = 0;
    bool comma_ = false;
};

/// ASCII that stands in a JSON string as it is.
bool is_plain(std::string_view text);
/// Appends `text` as a JSON string with its quotes. `text` is UTF-8.
void append_string(std::string& out, std::string_view text);
/// Appends a parsed value without white space, numbers and strings spelled as in its source.
void append_value(std::string& out, Value value);

}   // namespace ward::json
