// SPDX-License-Identifier: Apache-2.0
#include "hl7/message.hpp"

#include <algorithm>

#include "core/word.hpp"

namespace ward::hl7 {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::string_view header_name = "MSH";

bool is_line_end(char c) { return c == '\r' || c == '\n'; }
bool in_name(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// A visible ASCII character that is neither letter nor digit.
bool may_delimit(char c) { return c > ' ' && c < 0x7f && !in_name(c) && !(c >= 'a' && c <= 'z'); }

std::string_view without_mark(std::string_view text) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    const auto begin = text.find_first_not_of(" \t\r\n\v");
    return begin == std::string_view::npos ? std::string_view{} : text.substr(begin);
}

/// What stands in times and numbers separates no fields.
bool may_separate(char c) { return may_delimit(c) && c != '+' && c != '-' && c != '.'; }

/// MSH-1 is the character after the name, MSH-2 what follows up to the next one of it.
Read<Delimiters> read_delimiters(std::string_view text) {
    constexpr std::size_t encoding_max = 5;
    if (!text.starts_with(header_name))
        return refuse({ErrorCode::segment_sequence, "MSH", 1, 0, "the message does not begin with MSH"});
    Delimiters delimiters;
    if (text.size() <= header_name.size() || !may_separate(text[header_name.size()]))
        return refuse({ErrorCode::required_field_missing, "MSH", 1, 1, "MSH-1 is no field separator"});
    delimiters.field = text[header_name.size()];
    const auto rest = text.substr(header_name.size() + 1, encoding_max + 1);
    const auto encoding = rest.substr(0, rest.find_first_of(std::string{delimiters.field} + "\r\n"));
    if (encoding.empty()) return refuse({ErrorCode::required_field_missing, "MSH", 1, 2, "MSH-2 is missing"});
    if (encoding.size() > encoding_max || !std::ranges::all_of(encoding, may_delimit))
        return refuse({ErrorCode::data_type, "MSH", 1, 2, "MSH-2 holds no encoding characters"});
    delimiters.component = encoding[0];
    if (encoding.size() > 1) delimiters.repetition = encoding[1];
    if (encoding.size() > 2) delimiters.escape = encoding[2];
    if (encoding.size() > 3) delimiters.subcomponent = encoding[3];
    // One that is not declared is the usual one, which may separate the fields here. Others that are alike,
    // as from a text that was escaped twice, can still be read.
    const auto f = delimiters.field;
    if (f == delimiters.component || f == delimiters.repetition || f == delimiters.escape ||
        f == delimiters.subcomponent)
        return refuse({ErrorCode::data_type, "MSH", 1, 2, "MSH-1 is one of the encoding characters"});
    return delimiters;
}

}   // namespace

Read<Message> Message::parse(std::string_view text, MessageLimits limits) {
    if (text.size() > limits.bytes_max)
        return refuse({ErrorCode::internal_error, "MSH", 1, 0, "the message is too long"});
    text = without_mark(text);
    Message message{text, TRY(read_delimiters(text))};
    TRY(message.cut(limits));
    return message;
}

/// A name of three and a separator, or a name alone in its line.
bool Message::begins_segment(std::size_t at) const noexcept {
    constexpr std::size_t name_size = 3;
    const auto name = text_.substr(at, name_size);
    if (name.size() < name_size || !(name[0] >= 'A' && name[0] <= 'Z') || !in_name(name[1]) ||
        !in_name(name[2]))
        return false;
    return at + name_size == text_.size() || text_[at + name_size] == delimiters_.field ||
           is_line_end(text_[at + name_size]);
}

/// One walk, eight bytes at a time, that stops at separators and line ends only.
Read<> Message::cut(MessageLimits limits) {
    constexpr std::size_t field_bytes_typical = 6, segment_bytes_typical = 64;
    offsets_.reserve(text_.size() / field_bytes_typical + 8);
    segments_.reserve(text_.size() / segment_bytes_typical + 2);
    const auto separator = word::of(delimiters_.field), carriage = word::of('\r'), feed = word::of('\n');
    const auto offset = [](std::size_t at) { return static_cast<std::uint32_t>(at); };
    const auto size = text_.size();

    std::uint32_t first = 0;   // of the segment that is open
    offsets_.push_back(0);
    std::size_t skip = 0;   // line ends before this are done with
    const auto end_line = [&](std::size_t at) {
        if (at < skip) return true;
        skip = std::min(text_.find_first_not_of("\r\n", at), size);
        if (skip < size && !begins_segment(skip)) return true;
        if (segments_.size() == limits.segments_max) return false;
        offsets_.push_back(offset(at + 1));
        segments_.push_back({first, offset(offsets_.size() - 1)});
        first = offset(offsets_.size());
        offsets_.push_back(offset(skip));
        return true;
    };
    const auto mark = [&](std::size_t at) {
        if (text_[at] != delimiters_.field) return end_line(at);
        offsets_.push_back(offset(at + 1));
        return true;
    };
    bool fits = true;
    std::size_t at = 0;
    for (; fits && size - at >= word::size; at += word::size) {
        const auto word = word::load(text_, at);
        auto marks = word::zero_bytes(word ^ separator) | word::zero_bytes(word ^ carriage) |
                     word::zero_bytes(word ^ feed);
        for (; marks != 0; marks &= marks - 1)
            if (!mark(at + word::before_first(marks))) fits = false;
    }
    for (; fits && at < size; ++at)
        if (text_[at] == delimiters_.field || is_line_end(text_[at])) fits = mark(at);
    if (!fits) return refuse({ErrorCode::internal_error, "MSH", 1, 0, "the message has too many segments"});
    if (offsets_.back() == size && offsets_.size() - 1 == first) return {};   // the last one was ended
    offsets_.push_back(offset(size + 1));
    segments_.push_back({first, offset(offsets_.size() - 1)});
    return {};
}

Segment Message::first(std::string_view name) const noexcept {
    for (const auto segment : *this)
        if (segment.name() == name) return segment;
    return {};
}

std::size_t Message::occurrence(const Segment& segment) const noexcept {
    std::size_t count = 0;
    for (std::size_t i = 0; i <= segment.index(); ++i)
        if ((*this)[i].name() == segment.name()) ++count;
    return count;
}

bool Segment::is_header() const noexcept {
    const auto own = name();
    return own == header_name || own == "FHS" || own == "BHS";
}

std::string_view Segment::name() const noexcept {
    if (message_ == nullptr) return {};
    const auto& row = message_->segments_[index_];
    const auto begin = message_->offsets_[row.first];
    return message_->text_.substr(begin, message_->offsets_[row.first + 1] - 1 - begin);
}

std::string_view Segment::raw() const noexcept {
    if (message_ == nullptr) return {};
    const auto& row = message_->segments_[index_];
    const auto begin = message_->offsets_[row.first];
    return message_->text_.substr(begin, message_->offsets_[row.end] - 1 - begin);
}

std::size_t Segment::field_count() const noexcept {
    if (message_ == nullptr) return 0;
    const auto& row = message_->segments_[index_];
    return row.end - row.first - 1 + (is_header() ? 1 : 0);
}

Element Segment::operator[](std::size_t number) const noexcept {
    if (message_ == nullptr) return {};
    const auto& row = message_->segments_[index_];
    const auto& delimiters = message_->delimiters_;
    auto level = Element::Level::field;
    if (is_header() && number > 0) {
        if (number == 1) {
            const auto at = message_->offsets_[row.first] + header_name.size();
            return {message_->text_.substr(at, 1), delimiters, Element::Level::literal};
        }
        if (number == 2) level = Element::Level::literal;
        --number;
    }
    if (number >= row.end - row.first) return {{}, delimiters, level};
    const auto begin = message_->offsets_[row.first + number];
    const auto end = message_->offsets_[row.first + number + 1] - 1;
    return {message_->text_.substr(begin, end - begin), delimiters, level};
}

}   // namespace ward::hl7
