// SPDX-License-Identifier: Apache-2.0
// MLLP as senders really write it: <VT> segments <FS> <CR>, in any pieces.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "core/bytes.hpp"
#include "protocol/delimiter.hpp"
#include "protocol/protocols.hpp"

namespace ward::protocol::hl7 {

inline constexpr char vertical_tab = 0x0b;
inline constexpr char file_separator = 0x1c;

/// HL7 v2.9, 2.5.4: the name, a field separator, and two to five encoding characters up to the next
/// separator. Nothing shorter is asked for, or a line of a report that begins with "MSH6:" would be a header.
inline Verdict looks_like_header(std::string_view text, std::string_view name = "MSH") {
    constexpr std::size_t encoding_max = 5;
    if (!name.starts_with(text.substr(0, name.size()))) return Verdict::no;
    if (text.size() <= name.size()) return Verdict::unsure;
    const auto separator = text[name.size()];
    const auto rest = text.substr(name.size() + 1, encoding_max + 1);
    const auto end = rest.find(separator);
    const auto encoding = rest.substr(0, end);
    if (!may_delimit(separator) || !std::ranges::all_of(encoding, may_delimit)) return Verdict::no;
    if (encoding.size() > 1 && encoding[0] == encoding[1]) return Verdict::no;
    if (end == std::string_view::npos) return rest.size() > encoding_max ? Verdict::no : Verdict::unsure;
    return encoding.size() > 1 ? Verdict::yes : Verdict::no;
}

/// HL7 v2.9, 2.10.3: a file or a batch of messages begins with a header of the same form.
inline Verdict looks_like_beginning(std::string_view text) {
    auto best = Verdict::no;
    for (const std::string_view name : {"MSH", "FHS", "BHS"})
        if (const auto verdict = looks_like_header(text, name); verdict != Verdict::no) best = verdict;
    return best;
}

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
///   void lose_message();  void lost(std::size_t bytes);
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
    void lose(Reader& reader) {
        if (inside_) reader.lose_message();
        if (!partial_.empty()) reader.lost(partial_.size());
        inside_ = fresh_ = after_return_ = in_garbage_ = false;
        partial_ = {};
    }
    /// The open message was whole, although no FS came.
    void close(Reader& reader) {
        if (!partial_.empty()) reader.segment(std::exchange(partial_, {}));
        reader.oddity("missing FS");
        finish(reader);
    }
    /// Nothing follows: what ends within a segment is not whole.
    void end(Reader& reader) {
        if (inside_ && !fresh_ && partial_.empty()) return close(reader);
        lose(reader);
    }
    bool inside() const noexcept { return inside_; }
    std::size_t memory() const noexcept { return partial_.capacity(); }

private:
    void piece(std::string_view piece, bool ended, Reader& reader) {
        if (!piece.empty()) after_return_ = false;
        if (!inside_ && !begin_without_tab(piece, ended, reader)) return;
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

    /// A sender that forgets the VT is still understood. The beginning of a header may come in pieces.
    bool begin_without_tab(std::string_view piece, bool ended, Reader& reader) {
        constexpr std::size_t header_size = 10;   // that looks_like_header() wants at most
        if (piece.empty() && partial_.empty()) return false;
        const auto first = partial_ + std::string{piece.substr(0, header_size)};
        const auto verdict = in_garbage_ ? Verdict::no : looks_like_beginning(first);
        if (verdict == Verdict::unsure && !ended) {
            partial_ = first;
            return false;
        }
        if (verdict != Verdict::yes) {
            reader.garbage(partial_.size() + piece.size());
            partial_ = {};
            in_garbage_ = true;
            return false;
        }
        begin(reader);
        reader.oddity("missing VT");
        return true;
    }

    void end_piece(char mark, Reader& reader) {
        in_garbage_ = false;
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
    bool in_garbage_ = false;   // outside of a frame, in a line that is no header
};

}   // namespace ward::protocol::hl7
