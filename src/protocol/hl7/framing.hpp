// SPDX-License-Identifier: Apache-2.0
// MLLP as senders really write it: <VT> segments <FS> <CR>, in any pieces.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "core/bytes.hpp"

namespace ward::protocol::hl7 {

inline constexpr char vertical_tab = 0x0b;
inline constexpr char file_separator = 0x1c;

/// Finds the next of the four bytes that structure a stream: VT, FS, CR, LF. Each byte is looked at once for
/// each of them, by memchr, however many there are.
class Marks {
public:
    explicit Marks(std::string_view text) : text_(text) {
        for (std::size_t i = 0; i < kinds.size(); ++i) next_[i] = text_.find(kinds[i]);
    }

    /// The first mark at or after `from`: its position, or npos.
    std::size_t next(std::size_t from) {
        auto nearest = std::string_view::npos;
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            if (next_[i] < from) next_[i] = text_.find(kinds[i], from);
            nearest = std::min(nearest, next_[i]);
        }
        return nearest;
    }

private:
    static constexpr std::array kinds{vertical_tab, file_separator, '\r', '\n'};
    std::string_view text_;
    std::array<std::size_t, kinds.size()> next_{};
};

/// What a stream of frames consists of, told one call at a time. `Reader` has
///   void begin_message();  void segment(std::string_view);  void end_message();
///   void oddity(std::string_view);  void garbage(std::size_t bytes);  void cut(std::size_t bytes);
template <class Reader>
class Framing {
public:
    explicit Framing(std::size_t segment_bytes_max) : segment_bytes_max_(segment_bytes_max) {}

    void feed(std::string_view text, Reader& reader) {
        Marks marks{text};
        for (std::size_t at = 0; at < text.size();) {
            const auto mark = std::min(marks.next(at), text.size());
            piece(text.substr(at, mark - at), mark < text.size(), reader);
            if (mark < text.size()) end_piece(text[mark], reader);
            at = mark + 1;
        }
    }

    /// What was begun is lost; the next frame is looked for.
    void lose() {
        inside_ = false;
        partial_ = {};
    }
    bool inside() const noexcept { return inside_; }
    std::size_t memory() const noexcept { return partial_.capacity(); }

private:
    void piece(std::string_view piece, bool ended, Reader& reader) {
        if (!inside_) {
            // A sender that forgets the VT is still understood.
            if (partial_.empty() && !piece.starts_with("MSH")) {
                if (!piece.empty()) reader.garbage(piece.size());
                return;
            }
            begin(reader);
            reader.oddity("missing VT");
        }
        if (ended && partial_.empty()) {
            const auto kept = piece.substr(0, segment_bytes_max_);
            if (kept.size() < piece.size()) reader.cut(piece.size() - kept.size());
            if (!kept.empty()) reader.segment(kept);
            return;
        }
        const auto room = segment_bytes_max_ - partial_.size();
        if (piece.size() > room) reader.cut(piece.size() - room);
        partial_ += piece.substr(0, room);
        if (!ended || partial_.empty()) return;
        const auto whole = std::exchange(partial_, {});
        reader.segment(whole);
    }

    void end_piece(char mark, Reader& reader) {
        const bool follows_return = std::exchange(after_return_, mark == '\r');
        if (mark == '\n' && inside_) reader.oddity(follows_return ? "CR LF" : "LF for CR");
        if (mark == vertical_tab) {
            if (inside_) reader.oddity(fresh_ ? "doubled VT" : "missing FS");
            if (inside_ && !fresh_) finish(reader);
            if (!inside_) begin(reader);
            fresh_ = true;
            return;
        }
        fresh_ = false;
        if (mark == file_separator && inside_) finish(reader);
    }

    void begin(Reader& reader) {
        inside_ = true;
        fresh_ = false;
        reader.begin_message();
    }
    void finish(Reader& reader) {
        inside_ = false;
        reader.end_message();
    }

    std::size_t segment_bytes_max_;
    std::string partial_;   // the beginning of a segment whose end has not come
    bool inside_ = false;
    bool fresh_ = false;   // only a VT so far
    bool after_return_ = false;
};

}   // namespace ward::protocol::hl7
