// SPDX-License-Identifier: Apache-2.0
#include "hl7/mllp.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace ward::hl7 {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
// MSH begins a message; FHS and BHS begin a file and a batch of them.
constexpr std::array<std::string_view, 3> beginnings{"MSH", "FHS", "BHS"};
constexpr std::size_t name_size = 3;

enum class Guess { no, unsure, yes };

/// Whether a message begins here.
Guess begins_message(std::string_view text) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    if (byte_order_mark.starts_with(text)) return Guess::unsure;   // or nothing is there yet
    for (const auto name : beginnings) {
        if (text.starts_with(name)) return Guess::yes;
        if (name.starts_with(text)) return Guess::unsure;
    }
    return Guess::no;
}

}   // namespace

void Frames::feed(std::string_view bytes, std::vector<Frame>& complete) {
    while (!bytes.empty()) {
        if (inside_)
            inside(bytes, complete);
        else
            outside(bytes);
    }
}

/// Up to a VT, or to a header at the beginning of a line.
void Frames::outside(std::string_view& bytes) {
    const auto end = std::min(bytes.find_first_of("\x0b\x1c\r\n"), bytes.size());
    const auto piece = bytes.substr(0, end);
    const auto room = byte_order_mark.size() + name_size;
    const auto taken = piece.substr(0, room - std::min(room, text_.size()));
    text_ += taken;
    const auto guess = text_.empty() ? Guess::no : begins_message(text_);
    const bool goes_on = !text_.empty() && !unended_.text.empty() &&
                         (guess == Guess::no || (guess == Guess::unsure && end < bytes.size()));
    if (goes_on) go_on();
    if (guess == Guess::yes || goes_on) {
        unended_ = {};
        inside_ = true;
        bytes.remove_prefix(taken.size());   // the rest is taken by inside()
        return;
    }
    if (guess == Guess::unsure && end == bytes.size()) {
        bytes = {};
        return;
    }
    if (end == bytes.size()) {
        garbage_ += piece.size();
        if (text_.size() < room) text_.resize(room, '\0');   // no header any more, until the line ends
        bytes = {};
        return;
    }
    garbage_ += piece.size();
    const char mark = bytes[end];
    inside_ = mark == vertical_tab;
    if (inside_ || mark == file_separator) unended_ = {};
    text_.clear();
    bytes.remove_prefix(end + 1);
}

/// Neither a VT nor a header: it is more of what was taken as whole.
void Frames::go_on() {
    const auto more = std::exchange(text_, std::move(unended_.text));
    cut_ = unended_.is_cut;
    keep(more);
}

void Frames::keep(std::string_view bytes) {
    const auto room = message_bytes_max_ - std::min(message_bytes_max_, text_.size());
    if (bytes.size() > room) cut_ = true;
    text_ += bytes.substr(0, room);
}

void Frames::finish(std::vector<Frame>& complete) {
    complete.push_back({std::exchange(text_, {}), std::exchange(cut_, false)});
    inside_ = false;
}

void Frames::inside(std::string_view& bytes, std::vector<Frame>& complete) {
    const auto end = std::min(bytes.find_first_of("\x0b\x1c"), bytes.size());
    keep(bytes.substr(0, end));
    const char mark = end < bytes.size() ? bytes[end] : '\0';
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    if (mark == file_separator) {
        if (text_.empty())
            inside_ = false;   // nothing was framed
        else
            finish(complete);
    } else if (mark == vertical_tab && !text_.empty()) {
        // The FS was missing: a message never holds a VT.
        finish(complete);
        inside_ = true;
    }
}

std::optional<Frame> Frames::take_unended() {
    if (!inside_ || (!text_.ends_with('\r') && !text_.ends_with('\n'))) return std::nullopt;
    std::vector<Frame> complete;
    finish(complete);
    unended_ = complete.front();
    return std::move(complete.front());
}

std::string framed(std::string_view message) {
    return fmt::format("{}{}{}\r", vertical_tab, message, file_separator);
}

std::vector<std::string_view> messages_in(std::string_view text) {
    std::vector<std::string_view> messages;
    const auto whole = text;
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    const auto starts_line = [&](std::size_t at) {
        return at == 0 || text[at - 1] == '\r' || text[at - 1] == '\n';
    };
    const auto header = [&](std::size_t from) {
        for (auto at = text.find("MSH", from); at != std::string_view::npos; at = text.find("MSH", at + 1)) {
            // Of a line that begins so, the delimiters follow, and the separator again behind them.
            constexpr std::size_t second_separator_max = 10;
            if (starts_line(at) && at + name_size + 1 < text.size()) {
                const auto line = text.substr(at, second_separator_max + 1);
                if (line.find(line[name_size], name_size + 1) != std::string_view::npos) return at;
            }
        }
        return std::string_view::npos;
    };
    const auto first = header(0);
    if (first == std::string_view::npos) return {whole};
    // What stands before the first header that can be read is answered too.
    if (first > 0 && !text.starts_with("FHS") && !text.starts_with("BHS"))
        messages.push_back(text.substr(0, first));
    for (auto begin = first; begin != std::string_view::npos;) {
        const bool is_last = messages.size() == messages_max;
        const auto next = is_last ? std::string_view::npos : header(begin + name_size);
        auto message = text.substr(begin, next - begin);
        // The trailer of a batch, and the header of the next one, are of no message.
        for (const std::string_view name : {"BTS", "FTS", "BHS", "FHS"})
            for (auto at = message.find(name); at != std::string_view::npos;
                 at = message.find(name, at + 1)) {
                const bool ends_name = at + name_size >= message.size() ||
                                       message[at + name_size] == message[name_size] ||
                                       message[at + name_size] == '\r' || message[at + name_size] == '\n';
                if (at == 0 || !ends_name || (message[at - 1] != '\r' && message[at - 1] != '\n')) continue;
                message = message.substr(0, at);
                break;
            }
        messages.push_back(message);
        begin = next;
    }
    // The first one is kept with what stands before it, as it came: a mark says which character set it is in.
    auto& front = messages.front();
    if (front.data() == text.data()) front = whole.substr(0, whole.size() - text.size() + front.size());
    return messages;
}

}   // namespace ward::hl7
