// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <optional>

#include "core/utf8.hpp"
#include "hl7/message.hpp"

namespace ward::hl7 {
namespace {

using Level = Element::Level;

/// \X0D0A\: bytes in hexadecimal. Nothing of what is no such thing.
std::optional<std::string> hexadecimal(std::string_view digits) {
    std::string bytes;
    if (digits.size() % 2 != 0) return std::nullopt;
    for (; !digits.empty(); digits.remove_prefix(2)) {
        unsigned value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + 2, value, 16);
        if (error != std::errc{} || end != digits.data() + 2) return std::nullopt;
        bytes += static_cast<char>(value);
    }
    // What could be turned into UTF-8 was so before the message was cut.
    return is_utf8(bytes) ? std::optional{bytes} : std::nullopt;
}

/// One escape sequence without its escape characters (HL7 v2.9, 2.7). False if there is no such one.
bool append_escaped(std::string_view sequence, const Delimiters& delimiters, std::string& out) {
    if (sequence.empty()) return false;
    const auto rest = sequence.substr(1);
    if (rest.empty()) {
        switch (sequence[0]) {
            case 'F': out += delimiters.field; return true;
            case 'S': out += delimiters.component; return true;
            case 'T': out += delimiters.subcomponent; return true;
            case 'R': out += delimiters.repetition; return true;
            case 'E': out += delimiters.escape; return true;
            case 'P': out += '#'; return true;   // HL7 v2.7: the truncation character
            case 'H':
            case 'N': return true;   // highlighting begins, ends
            default: return false;
        }
    }
    const auto is_code = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
    };
    switch (sequence[0]) {
        case 'X':
            if (const auto bytes = hexadecimal(rest)) {
                out += *bytes;
                return true;
            }
            return false;
        case 'C':
        case 'M': return std::ranges::all_of(rest, is_code);   // switches the character set
        case 'Z': return true;                                 // local
        case '.':
            // HL7 v2.9, 2.7.6: formatting commands. Those that end a line do so here too.
            if (rest.starts_with("br") || rest.starts_with("sp") || rest.starts_with("ce")) out += '\n';
            return rest.size() >= 2;
        default: return false;
    }
}

}   // namespace

std::string Element::text() const {
    std::string out;
    if (is_null()) return out;
    auto rest = raw_;
    if (level_ != Level::literal)
        for (auto at = rest.find(delimiters_.escape); at != std::string_view::npos;
             at = rest.find(delimiters_.escape)) {
            const auto end = rest.find(delimiters_.escape, at + 1);
            if (end == std::string_view::npos) break;
            out += rest.substr(0, at);
            // What is no escape sequence stands for itself: senders write paths and forget to escape.
            if (append_escaped(rest.substr(at + 1, end - at - 1), delimiters_, out)) {
                rest.remove_prefix(end + 1);
            } else {
                out += rest.substr(at, end - at);
                rest.remove_prefix(end);
            }
        }
    return out.append(rest);
}

void Parts::Iterator::measure() noexcept {
    size_ = separator_ == 0 ? rest_.size() : std::min(rest_.find(separator_), rest_.size());
}

Parts::Iterator& Parts::Iterator::operator++() noexcept {
    at_end_ = size_ == rest_.size();
    if (at_end_) return *this;
    rest_.remove_prefix(size_ + 1);
    measure();
    return *this;
}

Parts::Iterator Parts::begin() const noexcept {
    Iterator iterator;
    iterator.rest_ = text_;
    iterator.delimiters_ = delimiters_;
    iterator.level_ = level_;
    iterator.separator_ = separator_;
    iterator.at_end_ = false;
    iterator.measure();
    return iterator;
}

Parts Element::repetitions() const noexcept {
    if (level_ == Level::field) return {raw_, delimiters_, delimiters_.repetition, Level::repetition};
    return {raw_, delimiters_, 0, level_};
}

Element Element::operator[](std::size_t number) const noexcept {
    char separator = 0;
    auto level = level_;
    auto rest = raw_;
    if (level_ == Level::field || level_ == Level::repetition) {
        if (level_ == Level::field) rest = rest.substr(0, rest.find(delimiters_.repetition));
        separator = delimiters_.component;
        level = Level::component;
    } else if (level_ == Level::component) {
        separator = delimiters_.subcomponent;
        level = Level::subcomponent;
    }
    if (separator == 0) return number == 1 ? *this : Element{{}, delimiters_, level};
    for (; number > 1; --number) {
        const auto at = rest.find(separator);
        if (at == std::string_view::npos) return {{}, delimiters_, level};
        rest.remove_prefix(at + 1);
    }
    return {rest.substr(0, rest.find(separator)), delimiters_, level};
}

}   // namespace ward::hl7
