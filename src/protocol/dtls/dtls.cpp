// SPDX-License-Identifier: Apache-2.0
#include "protocol/dtls/dtls.hpp"

#include <array>

#include "protocol/dtls/record.hpp"
#include "protocol/rtp/media.hpp"
#include "protocol/stun/message.hpp"
#include "protocol/tls/handshake.hpp"

namespace ward::protocol::dtls {
namespace {

constexpr Limits limits;

class DtlsSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        if (stun::is_message(bytes)) return;
        // RFC 7983: by their first byte.
        if (!bytes.empty() && std::to_integer<unsigned>(bytes.front()) >> 6U == 2) return media(bytes, out);
        while (!bytes.empty()) {
            const auto result = decode_record(bytes);
            const auto* decoded = std::get_if<0>(&result);
            if (decoded == nullptr) {
                if (over_) return out.skipped(Uninspected::encrypted, bytes.size());
                return out.malformed("no DTLS record", bytes.size());
            }
            bytes = bytes.subspan(decoded->consumed);
            take(from, decoded->message, out);
        }
    }

    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}

    void end(Output& out) override {
        tell(out);
        if (media_) out.emit(media_->tell("srtp"));
        media_.reset();
    }

    std::size_t memory() const noexcept override {
        std::size_t bytes = sizeof *this + (handshake_ ? handshake_->memory() : 0);
        if (media_) bytes += sizeof *media_ + media_->memory();
        for (const auto& way : ways_) bytes += way.message.capacity();
        return bytes;
    }

private:
    /// One direction. Its messages are numbered, so what comes twice is known.
    struct Way {
        Buffer message;   // its beginning, when it came in fragments
        std::size_t length = 0;
        std::uint16_t next = 0;   // the message that is awaited
    };

    void media(Bytes bytes, Output& out) {
        if (!media_) media_ = std::make_unique<rtp::Media>();
        if (!media_->take(bytes)) return out.skipped(Uninspected::unknown, bytes.size());
        out.skipped(Uninspected::encrypted, bytes.size());
    }

    void take(Side from, const Record& record, Output& out) {
        if (record.sealed || record.epoch > 0 || over_) {
            if (record.type == tls::ContentType::application_data) tell(out);
            return out.skipped(Uninspected::encrypted, record.body.size());
        }
        switch (record.type) {
            case tls::ContentType::handshake: fragments(from, record.body, out); break;
            case tls::ContentType::change_cipher_spec:
                if (handshake().change_cipher_spec(from)) tell(out);
                break;
            case tls::ContentType::alert:
                if (record.body.size() >= 2) handshake().alert(std::to_integer<std::uint8_t>(record.body[1]));
                break;
            default: out.skipped(Uninspected::unknown, record.body.size()); break;
        }
    }

    void fragments(Side from, Bytes body, Output& out) {
        while (!body.empty() && !over_) {
            const auto result = decode_fragment(body);
            const auto* decoded = std::get_if<0>(&result);
            if (decoded == nullptr) return out.malformed("DTLS handshake", body.size());
            body = body.subspan(decoded->consumed);
            join(from, decoded->message, out);
        }
    }

    /// RFC 6347, section 4.2.3. What comes out of order is left to the sender to repeat.
    void join(Side from, const Fragment& fragment, Output& out) {
        auto& way = ways_[index(from)];
        if (fragment.length > limits.message_bytes_max)
            return out.skipped(Uninspected::cap, fragment.part.size());
        if (fragment.sequence < way.next) return;
        const bool another = fragment.sequence != way.next || fragment.length != way.length;
        if (another) {
            out.skipped(Uninspected::gap, way.message.size());
            way.message.clear();
        }
        if (fragment.part.size() == fragment.length) {
            way.message = {};
            return whole(from, fragment, fragment.part, out);
        }
        way.next = fragment.sequence;
        way.length = fragment.length;
        const auto had = way.message.size();
        if (fragment.offset > had) return out.skipped(Uninspected::gap, fragment.part.size());
        if (fragment.offset + fragment.part.size() <= had) return;
        append(way.message, fragment.part.subspan(had - fragment.offset));
        if (way.message.size() < way.length) return;
        const Buffer message = std::exchange(way.message, {});
        whole(from, fragment, message, out);
    }

    void whole(Side from, const Fragment& fragment, Bytes message, Output& out) {
        auto& way = ways_[index(from)];
        if (fragment.sequence != 0xffff) way.next = static_cast<std::uint16_t>(fragment.sequence + 1);
        if (!handshake().message(from, fragment.type, message))
            return out.malformed("DTLS hello", message.size());
        if (handshake().is_encrypted_from_hello()) tell(out);
    }

    tls::Handshake& handshake() {
        if (!handshake_) handshake_ = std::make_unique<tls::Handshake>(tls::Carrier::datagrams);
        return *handshake_;
    }

    void tell(Output& out) {
        if (over_) return;
        over_ = true;
        if (handshake_ && handshake_->has_hello()) out.emit(handshake_->take());
        handshake_.reset();
        for (auto& way : ways_) {
            out.skipped(Uninspected::gap, way.message.size());
            way.message = {};
        }
    }

    std::array<Way, 2> ways_;
    std::unique_ptr<tls::Handshake> handshake_;
    std::unique_ptr<rtp::Media> media_;
    bool over_ = false;   // the handshake was told; what follows is encrypted
};

}   // namespace

Verdict probe(Bytes first, Side /*from*/) {
    // The lengths of all records must fill the datagram; DTLS has no shorter signature.
    auto rest = first;
    std::size_t records = 0;
    while (!rest.empty()) {
        const auto result = decode_record(rest);
        const auto* decoded = std::get_if<0>(&result);
        if (decoded == nullptr) return Verdict::no;
        const auto& record = decoded->message;
        if (record.sealed && records == 0) return Verdict::no;
        if (!record.sealed && record.body.empty()) return Verdict::no;
        if (record.type == tls::ContentType::handshake && record.epoch == 0 &&
            !std::holds_alternative<Decoded<Fragment>>(decode_fragment(record.body)))
            return Verdict::no;
        rest = rest.subspan(decoded->consumed);
        ++records;
    }
    return records > 0 ? Verdict::yes : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<DtlsSession>(); }

}   // namespace ward::protocol::dtls
