// SPDX-License-Identifier: Apache-2.0
#include "protocol/stun/stun.hpp"

#include <algorithm>

#include "event/stun.hpp"
#include "protocol/dtls/dtls.hpp"
#include "protocol/products.hpp"
#include "protocol/rtp/media.hpp"
#include "protocol/stun/message.hpp"
#include "protocol/text.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::stun {
namespace {

constexpr Limits limits;
constexpr std::size_t header_bytes = 20;
constexpr std::uint32_t magic_cookie = 0x2112a442;

// RFC 8489, section 18.3.
enum Attribute : std::uint16_t { user_name = 0x0006, error_code = 0x0009, realm = 0x0014, software = 0x8022 };

/// IANA, STUN Methods.
std::string method_name(std::uint16_t method) {
    switch (method) {
        case 1: return "binding";
        case 3: return "allocate";
        case 4: return "refresh";
        case 6: return "send";
        case 7: return "data";
        case 8: return "create-permission";
        case 9: return "channel-bind";
        case 10: return "connect";
        default: return std::to_string(method);
    }
}

class StunSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        const auto result = decode(bytes);
        if (const auto* decoded = std::get_if<0>(&result)) return take(from, decoded->message);
        if (!bytes.empty() && dtls::probe(bytes, from) == Verdict::yes) {
            out.restart = bytes;
            return;
        }
        if (rtp::read_header(bytes) || rtp::is_rtcp(bytes)) {
            if (!media_) media_ = std::make_unique<rtp::Media>();
            media_->take(bytes);
            return;
        }
        out.skipped(Uninspected::unknown, bytes.size());
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& out) override {
        if (told_) out.emit(std::move(*told_));
        if (media_ && media_->is_consistent())
            out.emit(media_->tell("rtp"));
        else if (media_)
            out.skipped(Uninspected::unknown, media_->bytes());
        told_.reset();
        media_.reset();
    }
    std::size_t memory() const noexcept override {
        return sizeof *this + (told_ ? sizeof *told_ + limits.methods_max * 64 + 3 * limits.text_max : 0) +
               (media_ ? sizeof *media_ + media_->memory() : 0);
    }

private:
    void take(Side from, const Message& message) {
        if (!told_) told_ = std::make_unique<event::Stun>();
        switch (message.kind) {
            case Kind::request: ++told_->requests; break;
            case Kind::indication: ++told_->indications; break;
            case Kind::success: ++told_->successes; break;
            case Kind::error: ++told_->errors; break;
        }
        auto method = method_name(message.method);
        auto& methods = told_->methods;
        if (methods.size() < limits.methods_max && std::ranges::find(methods, method) == methods.end())
            methods.push_back(std::move(method));
        auto& name = from == Side::client ? told_->software : told_->server_software;
        if (name.empty()) name = products_of(message.software.substr(0, limits.text_max));
        if (told_->realm.empty()) told_->realm = clipped(message.realm, limits.text_max);
        if (message.error_code) told_->error_code = message.error_code;
        told_->credentials |= message.user_name;
    }

    std::unique_ptr<event::Stun> told_;
    std::unique_ptr<rtp::Media> media_;
};

}   // namespace

bool is_message(Bytes datagram) noexcept {
    WireReader in{datagram};
    const auto type = in.u16();
    const std::size_t length = in.u16();
    // The two highest bits are zero, and attributes are padded to four bytes.
    return datagram.size() >= header_bytes && type < 0x4000 && length % 4 == 0 && in.u32() == magic_cookie &&
           length == datagram.size() - header_bytes;
}

Decode<Message> decode(Bytes datagram) {
    if (datagram.size() < header_bytes) return NeedMore{header_bytes - datagram.size()};
    if (!is_message(datagram)) return Malformed{"no STUN message"};
    WireReader in{datagram};
    const unsigned type = in.u16();
    Message message;
    // RFC 8489, figure 3: the two bits of the class stand between those of the method.
    message.kind = static_cast<Kind>((type >> 4U & 1U) | (type >> 7U & 2U));
    message.method = static_cast<std::uint16_t>((type & 0xfU) | (type >> 1U & 0x70U) | (type >> 2U & 0xf80U));
    in.skip(header_bytes - 2);
    while (in.remaining() >= 4) {
        const auto attribute = in.u16();
        const std::size_t length = in.u16();
        const auto value = in.take(length);
        in.skip(std::min(in.remaining(), (4 - length % 4) % 4));
        if (in.truncated()) break;
        WireReader number{value};
        switch (attribute) {
            case Attribute::software: message.software = as_text(value); break;
            case Attribute::realm: message.realm = as_text(value); break;
            case Attribute::user_name: message.user_name = true; break;
            case Attribute::error_code: {
                number.skip(2);
                const unsigned hundreds = number.u8() & 7U;
                message.error_code = static_cast<std::uint16_t>(hundreds * 100 + number.u8());
                break;
            }
            default: break;
        }
    }
    return Decoded<Message>{message, datagram.size()};
}

Verdict probe(Bytes first, Side /*from*/) { return is_message(first) ? Verdict::yes : Verdict::no; }

std::unique_ptr<Session> open_session() { return std::make_unique<StunSession>(); }

}   // namespace ward::protocol::stun
