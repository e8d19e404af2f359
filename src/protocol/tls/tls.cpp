// SPDX-License-Identifier: Apache-2.0
#include "protocol/tls/tls.hpp"

#include <algorithm>

#include "protocol/pending.hpp"
#include "protocol/tls/handshake.hpp"

namespace ward::protocol::tls {
namespace {

constexpr Limits limits;
constexpr std::size_t header_bytes = 5;
// RFC 5246, section 6.2.3: compression and encryption may add 2,048 bytes to a record.
constexpr std::size_t record_bytes_max = (std::size_t{16} << 10) + 2048;

struct Record {
    ContentType type{};
    std::size_t length = 0;
};

/// Nothing where it is no record of SSLv3 or later.
std::optional<Record> read_header(Bytes header) {
    WireReader in{header};
    const auto type = in.u8();
    const auto major = in.u8();
    const auto minor = in.u8();
    const std::size_t length = in.u16();
    const bool known = type >= 20 && type <= 24 && major == 3 && minor <= 4;
    if (in.truncated() || !known || length > record_bytes_max) return std::nullopt;
    return Record{static_cast<ContentType>(type), length};
}

struct Message {
    std::uint8_t type = 0;
    Bytes body;
};

Decode<Message> decode_message(Bytes input) {
    WireReader in{input};
    if (input.size() < 4) return NeedMore{4 - input.size()};
    Message message;
    message.type = in.u8();
    const std::size_t length = in.u24();
    if (length > limits.message_bytes_max) return Malformed{"handshake message too long"};
    if (in.remaining() < length) return NeedMore{length - in.remaining()};
    message.body = in.take(length);
    return Decoded<Message>{message, 4 + length};
}

/// Whether a handshake message may begin here, and not the middle of one.
bool begins_message(Bytes part) {
    constexpr std::array<std::uint8_t, 15> types{0, 1, 2, 4, 5, 8, 11, 12, 13, 14, 15, 16, 20, 22, 24};
    WireReader in{part};
    const auto type = in.u8();
    const std::size_t length = in.u24();
    return !in.truncated() && std::ranges::find(types, type) != types.end() &&
           length <= limits.message_bytes_max;
}

Decode<std::uint8_t> decode_alert(Bytes input) {
    if (input.size() < 2) return NeedMore{2 - input.size()};
    return Decoded<std::uint8_t>{std::to_integer<std::uint8_t>(input[1]), 2};
}

struct OldHello {
    std::uint16_t version = 0;
    std::vector<std::uint16_t> ciphers;
};

/// SSL 2.0 (draft-hickman-netscape-ssl-00, section 2.5; RFC 5246, appendix E.2).
Decode<OldHello> decode_old_hello(Bytes input) {
    constexpr std::size_t fixed = 11;
    if (input.size() < fixed) return NeedMore{fixed - input.size()};
    WireReader in{input};
    const std::size_t length = in.u16() & 0x7fffU;
    if (std::to_integer<std::uint8_t>(input[0]) < 0x80 || in.u8() != 1) return Malformed{"no SSLv2 hello"};
    OldHello hello;
    hello.version = in.u16();
    const std::size_t ciphers = in.u16();
    const std::size_t session_id = in.u16();
    const std::size_t challenge = in.u16();
    const bool known = hello.version == 2 || (hello.version >> 8U == 3 && (hello.version & 0xffU) <= 3);
    const bool consistent = ciphers % 3 == 0 && ciphers > 0 && length == 9 + ciphers + session_id + challenge;
    if (!known || !consistent || challenge < 16 || challenge > 32 || session_id > 32)
        return Malformed{"no SSLv2 hello"};
    if (input.size() < length + 2) return NeedMore{length + 2 - input.size()};
    // Three bytes each; those of TLS begin with zero.
    for (std::size_t i = 0; i < ciphers / 3; ++i)
        if (in.u8() == 0)
            hello.ciphers.push_back(in.u16());
        else
            in.skip(2);
    return Decoded<OldHello>{std::move(hello), length + 2};
}

class TlsSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        auto& way = ways_[index(from)];
        if (over_) return out.skipped(Uninspected::encrypted, bytes.size());
        while (!bytes.empty() && !over_ && !way.lost) {
            if (way.left == 0) {
                bytes = begin_record(from, bytes, out);
            } else {
                const auto part = bytes.first(std::min<std::size_t>(way.left, bytes.size()));
                way.left -= static_cast<std::uint32_t>(part.size());
                bytes = bytes.subspan(part.size());
                read_part(from, part, out);
            }
        }
        if (!bytes.empty())
            out.skipped(over_ ? Uninspected::encrypted : Uninspected::malformed, bytes.size());
    }

    void gap(Side from, std::uint64_t lost, Output& out) override {
        auto& way = ways_[index(from)];
        out.skipped(Uninspected::gap, way.messages.size() + way.in_header);
        way.messages.clear();
        way.amid_message = true;
        if (way.old) {   // what comes after a hello of SSLv2 is records
            way.old = false;
            way.begun = true;
        }
        if (way.in_header == 0 && lost < way.left) {
            way.left -= static_cast<std::uint32_t>(lost);
            way.unreadable = true;
            return;
        }
        // Records do not begin where packets do; the next data may, and its header will tell.
        way.left = 0;
        way.in_header = 0;
        way.lost = false;
        way.torn = true;
    }

    void end(Output& out) override {
        for (const auto& way : ways_) out.skipped(Uninspected::gap, way.in_header);
        tell(out);
    }

    std::size_t memory() const noexcept override {
        std::size_t bytes = sizeof *this + (handshake_ ? handshake_->memory() : 0);
        for (const auto& way : ways_) bytes += way.messages.memory();
        return bytes;
    }

private:
    /// One direction.
    struct Way {
        Pending messages;   // the beginning of a handshake message, an alert, or SSLv2's hello
        std::array<std::byte, header_bytes> header{};
        std::uint8_t in_header = 0;
        ContentType type{};
        std::uint32_t left = 0;    // of the record
        bool begun = false;        // the first record was there
        bool unreadable = false;   // a part of this record is missing, or it is encrypted
        bool encrypted = false;
        bool changed = false;        // its ciphers, while the other side was not seen
        bool torn = false;           // after a loss: what is no header is not an error
        bool amid_message = false;   // after a loss: what a record begins with may be the rest of a message
        bool lost = false;           // what comes is no record
        bool old = false;            // SSLv2's hello
    };

    Handshake& handshake() {
        if (!handshake_) handshake_ = std::make_unique<Handshake>(Carrier::stream);
        return *handshake_;
    }

    Bytes begin_record(Side from, Bytes bytes, Output& out) {
        auto& way = ways_[index(from)];
        if (way.old || (!way.begun && !way.torn && way.in_header == 0 && from == Side::client &&
                        (bytes.front() & std::byte{0x80}) != std::byte{0}))
            return read_old_hello(bytes, out);
        const auto part = bytes.first(std::min(header_bytes - way.in_header, bytes.size()));
        std::ranges::copy(part, way.header.begin() + way.in_header);
        way.in_header += static_cast<std::uint8_t>(part.size());
        bytes = bytes.subspan(part.size());
        if (way.in_header < header_bytes) return bytes;
        way.in_header = 0;
        const auto record = read_header(way.header);
        if (!record) {
            way.lost = true;
            if (!way.torn) out.malformed("no TLS record", header_bytes);
            return bytes;
        }
        way.begun = true;
        way.torn = false;
        way.type = record->type;
        way.left = static_cast<std::uint32_t>(record->length);
        way.unreadable = way.encrypted;
        if (record->type == ContentType::change_cipher_spec) {
            way.encrypted = way.encrypted || handshake().server_seen();
            way.changed = true;
            if (handshake().change_cipher_spec(from)) tell(out);
        } else if (record->type == ContentType::application_data) {
            // RFC 8446, section 2.3: after its hello a client may send early data, and the server's is yet
            // to come.
            if (from == Side::server || !handshake().has_hello() || handshake().server_seen()) tell(out);
        }
        return bytes;
    }

    void read_part(Side from, Bytes part, Output& out) {
        auto& way = ways_[index(from)];
        // RFC 8446, appendix D.4: nothing but a second hello may still follow in clear.
        const auto is_hello = [&] {
            const bool answers = from == Side::server && handshake().retried();
            return part.front() == (answers ? std::byte{2} : std::byte{1});
        };
        if (way.changed && way.messages.size() == 0 && !is_hello()) way.unreadable = true;
        if (way.unreadable || (way.type != ContentType::handshake && way.type != ContentType::alert))
            return out.skipped(Uninspected::encrypted, part.size());
        if (way.type == ContentType::alert) {
            each_message(way.messages, part, 2, out, decode_alert,
                         [&](std::uint8_t description) { handshake().alert(description); });
            return;
        }
        if (way.amid_message && !begins_message(part)) {
            way.unreadable = true;
            return out.skipped(Uninspected::gap, part.size());
        }
        way.amid_message = false;
        bool broken = false;
        const auto decode = [&](Bytes input) {
            auto result = decode_message(input);
            broken = broken || std::holds_alternative<Malformed>(result);
            return result;
        };
        each_message(way.messages, part, limits.message_bytes_max + 4, out, decode,
                     [&](const Message& message) { take(from, message, out); });
        if (broken) way.encrypted = way.unreadable = true;
    }

    void take(Side from, const Message& message, Output& out) {
        if (over_) return;
        if (!handshake().message(from, message.type, message.body))
            return out.malformed("TLS hello", message.body.size());
        if (handshake().is_encrypted_from_hello()) tell(out);
    }

    Bytes read_old_hello(Bytes bytes, Output& out) {
        auto& way = ways_[index(Side::client)];
        way.old = true;
        Bytes rest;
        bool ended = false;
        const auto decode = [&](Bytes input) -> Decode<OldHello> {
            if (ended) return Malformed{"bytes after an SSLv2 hello"};
            auto result = decode_old_hello(input);
            if (std::holds_alternative<Malformed>(result)) way.lost = true;
            if (const auto* hello = std::get_if<0>(&result)) {
                // What follows the hello are records of TLS, or SSLv2's own, which nothing here reads.
                rest = bytes.last(input.size() - hello->consumed);
                return Decoded<OldHello>{hello->message, input.size()};
            }
            return result;
        };
        each_message(way.messages, bytes, record_bytes_max, out, decode, [&](const OldHello& hello) {
            ended = true;
            way.old = false;
            way.begun = true;
            // SSLv2 goes on with records of its own, in both directions.
            for (auto& each : ways_) each.torn = hello.version == 2;
            handshake().old_client_hello(hello.version, hello.ciphers);
        });
        return rest;
    }

    void tell(Output& out) {
        if (over_) return;
        if (handshake_ && handshake_->has_hello()) out.emit(handshake_->take());
        over_ = true;
        handshake_.reset();
        for (auto& way : ways_) {
            out.skipped(Uninspected::gap, way.messages.size());   // their rest never came
            way.messages.clear();
        }
    }

    std::array<Way, 2> ways_;
    std::unique_ptr<Handshake> handshake_;
    bool over_ = false;   // the handshake was told; what follows is encrypted
};

Verdict probe_handshake(Bytes first, const Record& record) {
    constexpr std::size_t hello_bytes_min = 4 + 2 + 32 + 1;
    if (first.size() < 11) return Verdict::unsure;
    WireReader in{first.subspan(header_bytes)};
    const auto type = in.u8();
    const std::size_t length = in.u24();
    const bool hello = (type == 1 || type == 2) && in.u8() == 3 && in.u8() <= 4;
    const bool fits =
        length + 4 >= hello_bytes_min && length <= limits.message_bytes_max && record.length > 4;
    return hello && fits ? Verdict::yes : Verdict::no;
}

}   // namespace

Verdict probe(Bytes first, Side from) {
    if (from == Side::client && (first.front() & std::byte{0x80}) != std::byte{0}) {
        const auto old = decode_old_hello(first);
        if (std::holds_alternative<Malformed>(old)) return Verdict::no;
        // With all eleven bytes there the lengths agreed, whether or not the ciphers came too.
        return first.size() >= 11 ? Verdict::yes : Verdict::unsure;
    }
    std::array<std::byte, header_bytes> header{std::byte{22}, std::byte{3}};
    std::ranges::copy(first.first(std::min(first.size(), header_bytes)), header.begin());
    const auto record = read_header(header);
    if (!record) return Verdict::no;
    if (first.size() < header_bytes) return Verdict::unsure;
    if (record->type == ContentType::handshake) return probe_handshake(first, *record);
    if (record->length == 0) return Verdict::no;
    // Picked up in the middle: a second header where the first record ends is proof enough.
    const auto second = header_bytes + record->length;
    if (first.size() < second + header_bytes) return Verdict::unsure;
    return read_header(first.subspan(second, header_bytes)) ? Verdict::yes : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<TlsSession>(); }

}   // namespace ward::protocol::tls
