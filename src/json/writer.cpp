// SPDX-License-Identifier: Apache-2.0
#include "json/writer.hpp"

#include <array>
#include <charconv>

#include "core/assert.hpp"
#include "core/word.hpp"

namespace ward::json {

namespace {

// RFC 8259, section 7: quotation mark, reverse solidus and control characters must be escaped, nothing else.
bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

/// How many characters from the beginning can stand in a string as they are.
std::size_t plain_prefix(std::string_view text) {
    std::size_t at = 0;
    for (; text.size() - at >= word::size; at += word::size) {
        const auto eight = word::load(text, at);
        const auto marks = word::bytes_below(eight, 0x20) | word::zero_bytes(eight ^ word::of('"')) |
                           word::zero_bytes(eight ^ word::of('\\'));
        if (marks != 0) return at + word::before_first(marks);
    }
    while (at < text.size() && !needs_escape(text[at])) ++at;
    return at;
}

void append_escape(std::string& out, char c) {
    constexpr std::string_view hex = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(c);
    switch (c) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default:
            out += "\\u00";
            out += hex[code >> 4U];
            out += hex[code & 15U];
    }
}

void append_container(std::string& out, Value value) {
    const bool is_object = value.is_object();
    out += is_object ? '{' : '[';
    bool comma = false;
    for (const auto& member : value.members()) {
        if (comma) out += ',';
        comma = true;
        out += member.raw_key;
        out += ':';
        append_value(out, member.value);
    }
    for (const auto item : value.items()) {
        if (comma) out += ',';
        comma = true;
        append_value(out, item);
    }
    out += is_object ? '}' : ']';
}

}   // namespace

bool is_plain(std::string_view text) {
    std::size_t at = 0;
    for (; text.size() - at >= word::size; at += word::size) {
        const auto eight = word::load(text, at);
        const auto marks = word::bytes_below(eight, 0x20) | word::zero_bytes(eight ^ word::of('"')) |
                           word::zero_bytes(eight ^ word::of('\\')) | (eight & word::high_bits);
        if (marks != 0) return false;
    }
    for (; at < text.size(); ++at)
        if (needs_escape(text[at]) || static_cast<unsigned char>(text[at]) >= 0x80) return false;
    return true;
}

void append_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const auto plain = plain_prefix(text);
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        append_escape(out, text.front());
        text.remove_prefix(1);
    }
    out += '"';
}

void append_value(std::string& out, Value value) {
    if (!value.exists()) {
        out += "null";
    } else if (value.is_compact()) {
        out += value.raw();
    } else {
        append_container(out, value);
    }
}

void Writer::separate() {
    if (comma_) out_ += ',';
    comma_ = true;
}

Writer& Writer::begin_object() {
    separate();
    out_ += '{';
    comma_ = false;
    ++depth_;
    return *this;
}

Writer& Writer::end_object() {
    WARD_ASSERT(depth_ > 0);
    --depth_;
    out_ += '}';
    comma_ = true;
    return *this;
}

Writer& Writer::begin_array() {
    separate();
    out_ += '[';
    comma_ = false;
    ++depth_;
    return *this;
}

Writer& Writer::end_array() {
    WARD_ASSERT(depth_ > 0);
    --depth_;
    out_ += ']';
    comma_ = true;
    return *this;
}

Writer& Writer::key(std::string_view name) {
    separate();
    append_string(out_, name);
    out_ += ':';
    comma_ = false;
    return *this;
}

Writer& Writer::plain_key(std::string_view name) {
    out_.append(comma_ ? ",\"" : "\"").append(name).append("\":", 2);
    comma_ = false;
    return *this;
}

Writer& Writer::string(std::string_view text) {
    separate();
    append_string(out_, text);
    return *this;
}

Writer& Writer::plain_string(std::string_view text) {
    out_.append(comma_ ? ",\"" : "\"").append(text) += '"';
    comma_ = true;
    return *this;
}

Writer& Writer::number(std::int64_t value) {
    separate();
    std::array<char, 20> digits;
    out_.append(digits.data(), std::to_chars(digits.begin(), digits.end(), value).ptr);
    return *this;
}

Writer& Writer::boolean(bool value) {
    separate();
    out_ += value ? "true" : "false";
    return *this;
}

Writer& Writer::null() {
    separate();
    out_ += "null";
    return *this;
}

Writer& Writer::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

Writer& Writer::value(Value value) {
    separate();
    append_value(out_, value);
    return *this;
}

}   // namespace ward::json
