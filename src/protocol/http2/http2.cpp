// SPDX-License-Identifier: Apache-2.0
#include "protocol/http2/http2.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "protocol/http/exchange.hpp"
#include "protocol/http2/hpack.hpp"
#include "protocol/text.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::http2 {
namespace {

constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";   // RFC 9113, 3.4
constexpr std::size_t frame_header_size = 9;

// RFC 9113, 6.
enum class Type : std::uint8_t { data = 0, headers = 1, reset = 3, settings = 4, push = 5, continuation = 9 };
constexpr unsigned flag_end_stream = 1, flag_end_headers = 4, flag_padded = 8, flag_priority = 32;

struct Frame {
    std::uint32_t length = 0;
    Type type{};
    unsigned flags = 0;
    std::uint32_t stream = 0;

    bool has(unsigned flag) const { return (flags & flag) != 0; }
};

Frame read_frame(Bytes header) {
    WireReader in{header};
    Frame frame;
    frame.length = in.u24();
    frame.type = Type{in.u8()};
    frame.flags = in.u8();
    frame.stream = in.u32() & 0x7fffffffU;
    return frame;
}

/// One direction: the frame that is being read, and the header block that its frames make up.
struct Flowing {
    Buffer held;   // of a frame header, or of a frame that is read whole
    Frame frame;
    std::uint32_t left = 0;        // of the frame's payload
    std::uint32_t body_left = 0;   // of DATA, without its padding
    bool padding_ahead = false;    // of DATA: its length is the first byte
    std::size_t preface_left = 0;
    Buffer block;
    std::uint32_t block_stream = 0;
    bool block_ends_stream = false;
    bool block_is_request = false;   // the client's, or promised by the server
    bool in_payload = false;
    bool lost = false;   // the state of HPACK is: nothing more can be read
    Hpack fields;
};

struct Stream {
    std::uint32_t id = 0;
    http::Exchange exchange;
    bool answered = false;
    bool is_read = true;   // its bodies are
};

class Http2Session final : public Session {
public:
    Http2Session() { sides_[index(Side::client)].preface_left = preface.size(); }

    void data(Side from, Bytes bytes, Output& out) override {
        auto& side = sides_[index(from)];
        const auto skipped = std::min(side.preface_left, bytes.size());
        side.preface_left -= skipped;
        bytes = bytes.subspan(skipped);
        while (!bytes.empty()) {
            if (side.lost) return out.skipped(Uninspected::gap, bytes.size());
            bytes =
                side.in_payload ? read_payload(from, side, bytes, out) : read_header(from, side, bytes, out);
        }
    }

    void gap(Side from, std::uint64_t lost, Output& out) override {
        auto& side = sides_[index(from)];
        const bool within = side.in_payload && side.frame.type == Type::data && lost <= side.left;
        if (!within) return lose_place(side, Uninspected::gap, out);
        if (std::exchange(side.padding_ahead, false)) side.body_left = side.left;
        const auto of_body = std::min<std::uint64_t>(lost, side.body_left);
        if (auto* stream = find(side.frame.stream)) body_of(from, *stream).lose(of_body);
        side.body_left -= static_cast<std::uint32_t>(of_body);
        side.left -= static_cast<std::uint32_t>(lost);
        if (side.left == 0) end_frame(from, side, out);
    }

    void end(Output& out) override {
        for (const auto& side : sides_) out.skipped(Uninspected::gap, side.held.size() + side.block.size());
        for (auto& stream : streams_) stream.exchange.tell(out);
        streams_.clear();
    }

    std::size_t memory() const noexcept override {
        auto bytes = sizeof *this;
        for (const auto& side : sides_)
            bytes += side.held.capacity() + side.block.capacity() + side.fields.memory();
        for (const auto& stream : streams_) bytes += stream.exchange.memory();
        return bytes;
    }

private:
    /// The state of HPACK is lost with a block, and nothing more can be read.
    static void lose_place(Flowing& side, Uninspected why, Output& out) {
        out.skipped(why, side.held.size() + side.block.size());
        side.lost = true;
        side.held = {};
        side.block = {};
    }

    static http::Body& body_of(Side from, Stream& stream) {
        return from == Side::client ? stream.exchange.request_body : stream.exchange.response_body;
    }

    Stream* find(std::uint32_t id) {
        const auto found = std::ranges::find(streams_, id, &Stream::id);
        return found == streams_.end() ? nullptr : &*found;
    }

    Stream& open(std::uint32_t id, Output& out) {
        if (streams_.size() >= limits.streams_max) {
            given_up_ = std::max(given_up_, streams_.front().id);
            close(streams_.front().id, out);
        }
        streams_.emplace_back().id = id;
        streams_.back().is_read = streams_.size() <= limits.bodies_max;
        return streams_.back();
    }

    void close(std::uint32_t id, Output& out) {
        const auto found = std::ranges::find(streams_, id, &Stream::id);
        if (found == streams_.end()) return;
        found->exchange.tell(out);
        streams_.erase(found);
    }

    Bytes read_header(Side from, Flowing& side, Bytes bytes, Output& out) {
        const auto taken = std::min(frame_header_size - side.held.size(), bytes.size());
        append(side.held, bytes.first(taken));
        if (side.held.size() < frame_header_size) return {};
        side.frame = read_frame(side.held);
        side.held.clear();
        side.left = side.frame.length;
        side.in_payload = true;
        side.padding_ahead = side.frame.type == Type::data && side.frame.has(flag_padded) && side.left > 0;
        side.body_left = side.left;
        if (side.left == 0) end_frame(from, side, out);
        return bytes.subspan(taken);
    }

    Bytes read_payload(Side from, Flowing& side, Bytes bytes, Output& out) {
        const auto piece = bytes.first(std::min<std::size_t>(side.left, bytes.size()));
        side.left -= static_cast<std::uint32_t>(piece.size());
        const auto type = side.frame.type;
        if (type == Type::data) {
            read_body(from, side, piece, out);
        } else if (type == Type::headers || type == Type::continuation || type == Type::push) {
            if (side.held.size() + side.block.size() + piece.size() > limits.block_bytes_max) {
                out.skipped(Uninspected::cap, piece.size());
                lose_place(side, Uninspected::cap, out);
            } else {
                append(side.held, piece);
            }
        }
        if (side.left == 0 && !side.lost) end_frame(from, side, out);
        return bytes.subspan(piece.size());
    }

    /// RFC 9113, 6.1: the padding's length, the body, the padding.
    void read_body(Side from, Flowing& side, Bytes piece, Output& out) {
        if (std::exchange(side.padding_ahead, false)) {
            const auto padding = std::to_integer<std::uint32_t>(piece.front());
            piece = piece.subspan(1);
            const auto rest = static_cast<std::uint32_t>(side.left + piece.size());
            if (padding > rest) out.malformed("HTTP/2 padding is longer than its frame", rest);
            side.body_left = rest - std::min(padding, rest);
        }
        const auto body = piece.first(std::min<std::size_t>(side.body_left, piece.size()));
        side.body_left -= static_cast<std::uint32_t>(body.size());
        auto* stream = find(side.frame.stream);
        if (stream == nullptr) return out.skipped(Uninspected::content, body.size());
        out.skipped(Uninspected::content, body_of(from, *stream).add(as_text(body)));
        if (from == Side::client) stream->exchange.asked = out.now;
    }

    void end_frame(Side from, Flowing& side, Output& out) {
        side.in_payload = false;
        const auto held = std::exchange(side.held, {});
        const auto& frame = side.frame;
        if (frame.type == Type::reset) return close(frame.stream, out);
        if (frame.type == Type::data) {
            if (frame.has(flag_end_stream)) end_stream(from, frame.stream, out);
            return;
        }
        const bool begins = frame.type == Type::headers || frame.type == Type::push;
        if (!begins && frame.type != Type::continuation) return;
        WireReader in{held};
        if (begins) {
            const std::size_t padding = frame.has(flag_padded) ? in.u8() : 0;
            side.block.clear();
            side.block_stream = frame.stream;
            side.block_is_request = from == Side::client || frame.type == Type::push;
            side.block_ends_stream = frame.type == Type::headers && frame.has(flag_end_stream);
            if (frame.type == Type::headers && frame.has(flag_priority)) in.skip(5);
            if (frame.type == Type::push) side.block_stream = in.u32() & 0x7fffffffU;
            if (in.truncated() || padding > in.remaining())
                return out.malformed("HTTP/2 padding is longer than its frame", held.size());
            append(side.block, in.take(in.remaining() - padding));
        } else {
            append(side.block, in.rest());
        }
        if (frame.has(flag_end_headers)) end_block(from, side, out);
    }

    void end_block(Side from, Flowing& side, Output& out) {
        const auto block = std::exchange(side.block, {});
        const auto fields = side.fields.decode(block);
        if (!fields) {
            side.lost = true;
            return out.malformed("HPACK block cannot be decoded", block.size());
        }
        if (side.block_is_request) {
            begin_request(side.block_stream, *fields, out);
        } else {
            begin_response(side.block_stream, *fields, out);
        }
        if (side.block_ends_stream) end_stream(from, side.block_stream, out);
    }

    static http::Head head_of(const std::vector<Field>& fields) {
        http::Head head;
        head.version = "HTTP/2";
        for (const auto& [name, value] : fields) {
            if (name == ":method") {
                head.method = value;
            } else if (name == ":path") {
                head.target = value;
            } else if (name == ":authority") {
                head.host = value;
            } else if (name == ":status") {
                head.status =
                    static_cast<std::uint16_t>(std::min<std::uint64_t>(number(value).value_or(0), 999));
            } else {
                head.read_field(name, value);
            }
        }
        // RFC 9113, 8.2.2: what a server that speaks HTTP/1.1 behind this one would understand differently.
        if (head.transfer != http::Transfer::none) head.note("Transfer-Encoding in HTTP/2");
        return head;
    }

    void begin_request(std::uint32_t id, const std::vector<Field>& fields, Output& out) {
        const auto head = head_of(fields);
        if (head.method.empty() || find(id) != nullptr) return;   // trailers
        auto& stream = open(id, out);
        stream.exchange.begin_request(head, out);
        if (!stream.is_read) stream.exchange.request_body.begin(0, {});
    }

    void begin_response(std::uint32_t id, const std::vector<Field>& fields, Output& out) {
        const auto head = head_of(fields);
        if (head.status < 200) return;   // trailers, or an interim response
        auto* stream = find(id);
        if (stream == nullptr) {
            if (id <= given_up_) return;
            stream = &open(id, out);
            stream->exchange.http.request_seen = false;
        }
        if (std::exchange(stream->answered, true)) return;
        stream->exchange.begin_response(head, out);
        if (!stream->is_read) stream->exchange.response_body.begin(0, {});
    }

    void end_stream(Side from, std::uint32_t id, Output& out) {
        if (from == Side::server) close(id, out);
    }

    std::array<Flowing, 2> sides_;
    std::vector<Stream> streams_;   // in the order of their beginnings
    std::uint32_t given_up_ = 0;    // the last stream that was told too early; its response says nothing new
};

}   // namespace

Verdict probe(Bytes first, Side from) {
    const auto text = as_text(first);
    if (from == Side::client) {
        if (text.substr(0, preface.size()) != preface.substr(0, text.size())) return Verdict::no;
        return text.size() >= 14 ? Verdict::yes : Verdict::unsure;
    }
    // RFC 9113, 3.4: a server begins with SETTINGS, of six bytes each.
    if (first.size() < frame_header_size)
        return first.front() == std::byte{0} ? Verdict::unsure : Verdict::no;
    const auto frame = read_frame(first.first(frame_header_size));
    const bool settings = frame.type == Type::settings && frame.stream == 0 && frame.flags == 0 &&
                          frame.length % 6 == 0 && frame.length <= 120;
    return settings ? Verdict::unsure : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<Http2Session>(); }

}   // namespace ward::protocol::http2
