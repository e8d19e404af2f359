// SPDX-License-Identifier: Apache-2.0
// An HL7 v2 message, cut into segments and fields without copying it (HL7 v2.9, chapter 2.5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "hl7/fault.hpp"

namespace ward::hl7 {

struct MessageLimits {
    std::size_t bytes_max = std::size_t{64} << 20;
    std::size_t segments_max = 100'000;
};

/// MSH-1 and MSH-2. A message that declares fewer has the recommended ones.
struct Delimiters {
    char field = '|';
    char component = '^';
    char repetition = '~';
    char escape = '\\';
    char subcomponent = '&';
};

class Parts;

/// A field, one of its repetitions, a component or a subcomponent: a view of the message's text, still
/// escaped. What is not there is empty, and so is everything in it.
class Element {
public:
    enum class Level : std::uint8_t { field, repetition, component, subcomponent, literal };

    Element() = default;
    Element(std::string_view raw, Delimiters delimiters, Level level)
        : raw_(raw), delimiters_(delimiters), level_(level) {}

    std::string_view raw() const noexcept { return raw_; }
    bool empty() const noexcept { return raw_.empty(); }
    /// HL7 v2.9, 2.5.3.2: two double quotes say that what the receiver has is to be deleted.
    bool is_null() const noexcept { return raw_ == "\"\""; }

    /// The repetitions of a field; of anything else, itself.
    Parts repetitions() const noexcept;
    /// The nth component, or of a component the nth subcomponent, from 1. A field gives those of its first
    /// repetition, and what has no such parts is its own first one.
    Element operator[](std::size_t number) const noexcept;

    /// What it says, in UTF-8 if the message is: the escape sequences replaced (HL7 v2.9, 2.7), those for
    /// formatting and for other character sets left out.
    std::string text() const;

private:
    std::string_view raw_;
    Delimiters delimiters_{};
    Level level_ = Level::literal;
};

/// What a separator keeps apart; at least one part, which may be empty.
class Parts {
public:
    class Iterator {
    public:
        using value_type = Element;
        using difference_type = std::ptrdiff_t;
        Iterator() = default;
        Element operator*() const noexcept { return {rest_.substr(0, size_), delimiters_, level_}; }
        Iterator& operator++() noexcept;
        void operator++(int) noexcept { ++*this; }
        bool operator==(std::default_sentinel_t) const noexcept { return at_end_; }

    private:
        friend class Parts;
        void measure() noexcept;

        std::string_view rest_;
        std::size_t size_ = 0;
        Delimiters delimiters_{};
        Element::Level level_{};
        char separator_ = 0;   // 0: there is only one part
        bool at_end_ = true;
    };

    Parts(std::string_view text, Delimiters delimiters, char separator, Element::Level level)
        : text_(text), delimiters_(delimiters), separator_(separator), level_(level) {}

    Iterator begin() const noexcept;
    static std::default_sentinel_t end() noexcept { return {}; }

private:
    std::string_view text_;
    Delimiters delimiters_;
    char separator_;
    Element::Level level_;
};

class Message;

/// A view of one segment of a Message, valid as long as that lives where it is.
class Segment {
public:
    Segment() = default;

    bool exists() const noexcept { return message_ != nullptr; }
    std::string_view name() const noexcept;
    /// A field by its HL7 number. MSH-1 is the separator itself, and MSH-2 has no parts.
    Element operator[](std::size_t number) const noexcept;
    /// The number of the last field that is there.
    std::size_t field_count() const noexcept;
    /// Its place in the message, from 0.
    std::size_t index() const noexcept { return index_; }
    std::string_view raw() const noexcept;

private:
    friend class Message;
    Segment(const Message& message, std::size_t index) : message_(&message), index_(index) {}
    bool is_header() const noexcept;

    const Message* message_ = nullptr;
    std::size_t index_ = 0;
};

/// The offsets of all fields of a text. Borrows the text. Immutable.
class Message {
public:
    /// `text` begins with MSH, perhaps after a byte order mark and blanks. Segments end with CR, LF or both.
    /// A line that does not begin as a segment is text of the one before, as senders that forget to escape
    /// mean it.
    static Read<Message> parse(std::string_view text, MessageLimits limits = {});

    class Iterator {
    public:
        using value_type = Segment;
        using difference_type = std::ptrdiff_t;
        Iterator() = default;
        Segment operator*() const noexcept { return {*message_, index_}; }
        Iterator& operator++() noexcept {
            ++index_;
            return *this;
        }
        void operator++(int) noexcept { ++index_; }
        bool operator==(const Iterator& other) const noexcept { return index_ == other.index_; }

    private:
        friend class Message;
        Iterator(const Message& message, std::size_t index) : message_(&message), index_(index) {}
        const Message* message_ = nullptr;
        std::size_t index_ = 0;
    };

    Iterator begin() const noexcept { return {*this, 0}; }
    Iterator end() const noexcept { return {*this, segments_.size()}; }
    std::size_t size() const noexcept { return segments_.size(); }
    Segment operator[](std::size_t index) const noexcept { return {*this, index}; }

    Segment header() const noexcept { return {*this, 0}; }
    /// The first segment of that name; one that does not exist if there is none.
    Segment first(std::string_view name) const noexcept;
    /// The occurrence of `segment` among those of its name, from 1.
    std::size_t occurrence(const Segment& segment) const noexcept;

    const Delimiters& delimiters() const noexcept { return delimiters_; }
    std::string_view text() const noexcept { return text_; }

private:
    friend class Segment;
    struct Row {
        std::uint32_t first;   // of its fields in the table; [first] is the segment's name
        std::uint32_t end;     // the entry after its last field, one byte past what would follow its text
    };

    Message(std::string_view text, Delimiters delimiters) : text_(text), delimiters_(delimiters) {}
    Read<> cut(MessageLimits limits);
    bool begins_segment(std::size_t at) const noexcept;

    std::string_view text_;
    Delimiters delimiters_;
    std::vector<std::uint32_t> offsets_;   // where each field begins, and where each segment ended, plus one
    std::vector<Row> segments_;
};

}   // namespace ward::hl7
