// SPDX-License-Identifier: Apache-2.0
// MLLP (HL7 Implementation Support Guide, appendix C.4) as senders really write it: <VT> message <FS> <CR>,
// in any pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ward::hl7 {

inline constexpr char vertical_tab = 0x0b;
inline constexpr char file_separator = 0x1c;

struct Frame {
    std::string text;
    bool is_cut = false;   // it was longer than the limit: this is its beginning
};

/// Finds the messages in one connection's bytes. Survives a missing VT or FS, doubled ones, bytes between
/// frames, and several messages in one.
class Frames {
public:
    explicit Frames(std::size_t message_bytes_max) : message_bytes_max_(message_bytes_max) {}

    /// Appends the messages that `bytes` complete to `complete`.
    void feed(std::string_view bytes, std::vector<Frame>& complete);

    /// For when nothing follows: what was begun, if it ends with a segment's end and so may be whole. If more
    /// of it follows all the same, the next message is all of it.
    std::optional<Frame> take_unended();

    /// Whether a message was begun.
    bool is_inside() const noexcept { return inside_; }
    std::uint64_t garbage_bytes() const noexcept { return garbage_; }   // outside of any frame, ever
    std::size_t memory() const noexcept { return text_.capacity() + unended_.text.capacity(); }

private:
    void outside(std::string_view& bytes);
    void inside(std::string_view& bytes, std::vector<Frame>& complete);
    void keep(std::string_view bytes);
    void go_on();
    void finish(std::vector<Frame>& complete);

    std::size_t message_bytes_max_;
    std::string text_;   // the message so far; outside of one, what may be the beginning of a header
    Frame unended_;      // what was taken without an end, until it is known to have been whole
    bool inside_ = false;
    bool cut_ = false;
    std::uint64_t garbage_ = 0;
};

std::string framed(std::string_view message);

/// Each is answered, and answers to thousands of nothing but headers are longer than what they answer.
inline constexpr std::size_t messages_max = 10'000;   // in one text

/// The messages of a file or batch (HL7 v2.9, 2.10.3), each from its MSH to the next one, or to where the
/// batch ends; a single message is itself. What stands before the first one and is no header of a batch is
/// one too, and so is all that is past messages_max. Views of `text`.
std::vector<std::string_view> messages_in(std::string_view text);

}   // namespace ward::hl7
