// SPDX-License-Identifier: Apache-2.0
// Where the messages of one direction of HTTP/1.x begin and end (RFC 9112, 6 and 7). Bodies are counted and
// shown, never kept.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "protocol/http/http.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::http {

/// How a body ends. `unknown`: its head was no message's. `tunnel`: another protocol follows.
enum class Ending : std::uint8_t { sized, chunked, close, unknown, tunnel };
struct BodyForm {
    Ending ending = Ending::sized;
    std::uint64_t length = 0;   // of a sized one
};

/// Told one call at a time. `Reader` has
///   BodyForm begin_message(std::string_view head);  void body(std::string_view);  void end_message();
///   void lost_body(std::uint64_t bytes);  void anomaly(std::string_view);
///   void garbage(std::string_view reason, std::size_t bytes);  void too_long(std::size_t bytes);
///   void unreadable();  void torn(std::size_t bytes);  void tunnel(std::string_view rest);
/// `unreadable` says that a message is passed by because nobody can read its header block.
template <class Reader>
class MessageStream {
public:
    /// Whether a message may begin with this text: `next` where one has to, `found` with a piece after a
    /// loss.
    using Opening = bool (*)(std::string_view text);
    MessageStream(Opening next, Opening found) : next_(next), found_(found) {}

    void feed(std::string_view text, Reader& reader) {
        if ((part_ == Part::lost || part_ == Part::too_long) && found_(text)) part_ = Part::head;
        while (!text.empty()) {
            switch (part_) {
                case Part::head: read_head(text, reader); break;
                case Part::body: read_body(text, reader); break;
                case Part::chunk_size:
                case Part::chunk_end:
                case Part::trailer: read_line(text, reader); break;
                case Part::close: take_body(text, text.size(), reader); break;
                case Part::lost: reader.garbage("no HTTP message", text.size()); return;
                case Part::too_long: reader.too_long(text.size()); return;
                case Part::tunnel: reader.tunnel(text); return;
            }
        }
        if (part_ == Part::tunnel) reader.tunnel({});
    }

    /// True if the loss fell into a body, whose end is known all the same.
    bool lose(std::uint64_t bytes, Reader& reader) {
        const bool within = part_ == Part::close || (part_ == Part::body && bytes <= left_);
        if (within) {
            reader.lost_body(bytes);
            if (part_ == Part::body) {
                left_ -= bytes;
                if (left_ == 0) end_of_sized(reader);
            }
            return true;
        }
        end(reader);
        part_ = Part::lost;
        return false;
    }
    /// What was held has lost its rest.
    void end(Reader& reader) {
        reader.torn(held_.size());
        held_ = {};
    }

    std::size_t memory() const noexcept { return held_.capacity(); }

private:
    enum class Part : std::uint8_t {
        head,
        body,
        chunk_size,
        chunk_end,
        trailer,
        close,
        lost,
        too_long,
        tunnel
    };

    /// Just past the empty line that ends a header block, looking from `from`; or npos.
    static std::size_t end_of_head(std::string_view text, std::size_t from) {
        for (auto at = text.find('\n', from); at != std::string_view::npos; at = text.find('\n', at + 1)) {
            const auto next = text.substr(at + 1, 2);
            if (next.starts_with('\n')) return at + 2;
            if (next == "\r\n") return at + 3;
        }
        return std::string_view::npos;
    }

    void read_head(std::string_view& text, Reader& reader) {
        if (held_.empty()) {
            // RFC 9112, 2.2: an empty line before a message is ignored.
            text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
            if (text.empty()) return;
            if (!next_(text)) {
                reader.unreadable();
                return give_up("no HTTP message", text, reader);
            }
        }
        if (held_.empty()) {
            if (const auto end = end_of_head(text, 0); end != std::string_view::npos) {
                const auto head = text.substr(0, end);
                text.remove_prefix(end);
                return begin(head, reader);
            }
        }
        // What was looked at before need not be again, but the line end may have been cut.
        const auto from = held_.size() < 2 ? 0 : held_.size() - 2;
        const auto before = held_.size();
        held_ += text.substr(0, limits.head_bytes_max - before);
        const auto end = end_of_head(held_, from);
        if (end == std::string_view::npos) {
            text.remove_prefix(held_.size() - before);
            if (held_.size() < limits.head_bytes_max) return;
            reader.unreadable();
            reader.too_long(held_.size() + text.size());
            text = {};
            held_ = {};
            part_ = Part::too_long;
            return;
        }
        text.remove_prefix(end - before);
        auto head = std::exchange(held_, {});
        head.resize(end);
        begin(head, reader);
    }

    void begin(std::string_view head, Reader& reader) {
        const auto form = reader.begin_message(head);
        chunked_ = form.ending == Ending::chunked;
        left_ = form.length;
        switch (form.ending) {
            case Ending::sized:
                part_ = Part::body;
                if (left_ == 0) end_of_sized(reader);
                break;
            case Ending::chunked: part_ = Part::chunk_size; break;
            case Ending::close: part_ = Part::close; break;
            case Ending::unknown:
                reader.unreadable();
                part_ = Part::lost;
                break;
            case Ending::tunnel: part_ = Part::tunnel; break;
        }
    }

    void take_body(std::string_view& text, std::uint64_t most, Reader& reader) {
        const auto piece =
            text.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(most, text.size())));
        reader.body(piece);
        text.remove_prefix(piece.size());
        left_ -= std::min<std::uint64_t>(left_, piece.size());
    }

    void read_body(std::string_view& text, Reader& reader) {
        take_body(text, left_, reader);
        if (left_ == 0) end_of_sized(reader);
    }

    void end_of_sized(Reader& reader) {
        if (chunked_) {
            part_ = Part::chunk_end;
            return;
        }
        part_ = Part::head;
        reader.end_message();
    }

    void read_line(std::string_view& text, Reader& reader) {
        const auto end = text.find('\n');
        const auto piece = text.substr(0, end);
        if (held_.size() + piece.size() > limits.chunk_line_max)
            return give_up("chunk line too long", text, reader);
        held_ += piece;
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (end == std::string_view::npos) return;
        const auto line = std::exchange(held_, {});
        end_line(trimmed(line), text, reader);
    }

    void end_line(std::string_view line, std::string_view& text, Reader& reader) {
        if (part_ == Part::chunk_end) {
            if (!line.empty()) return give_up("chunk is longer than it says", text, reader);
            part_ = Part::chunk_size;
            return;
        }
        if (part_ == Part::trailer) {
            if (!line.empty()) return;
            part_ = Part::head;
            chunked_ = false;
            reader.end_message();
            return;
        }
        // RFC 9112, 7.1: the size, in hexadecimal digits, and extensions that nobody uses but smugglers.
        if (line.find(';') != std::string_view::npos) reader.anomaly("chunk extension");
        const auto size = number(trimmed(line.substr(0, line.find(';'))), 16);
        if (!size) return give_up("chunk size is not a number", text, reader);
        left_ = *size;
        part_ = left_ == 0 ? Part::trailer : Part::body;
    }

    void give_up(std::string_view reason, std::string_view& text, Reader& reader) {
        reader.garbage(reason, held_.size() + text.size());
        held_ = {};
        text = {};
        part_ = Part::lost;
    }

    Opening next_;
    Opening found_;
    Part part_ = Part::head;
    bool chunked_ = false;
    std::uint64_t left_ = 0;   // of the body, or of the chunk
    std::string held_;         // of a header block or a line whose end has not come
};

}   // namespace ward::protocol::http
