// SPDX-License-Identifier: Apache-2.0
#include "protocol/ssh/ssh.hpp"

#include "crypto/fingerprint.hpp"
#include "event/ssh.hpp"
#include "protocol/pending.hpp"
#include "protocol/products.hpp"
#include "protocol/text.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::ssh {
namespace {

constexpr Limits limits;
constexpr std::uint8_t kexinit = 20;
constexpr std::size_t offer_bytes_max = 2048;   // of a list that an event keeps

enum class Stage : std::uint8_t { banner, packets, done };

/// What a side says next: a line, or the payload of a packet.
Decode<Bytes> decode_line(Bytes input) {
    const auto text = as_text(input);
    const auto end = text.find('\n');
    if (end == std::string_view::npos) {
        if (text.size() >= limits.line_bytes_max) return Malformed{"SSH banner too long"};
        return NeedMore{1};
    }
    return Decoded<Bytes>{input.first(end), end + 1};
}

/// RFC 4253, section 6, before there is a MAC.
Decode<Bytes> decode_packet(Bytes input) {
    constexpr std::size_t header = 5;
    if (input.size() < header) return NeedMore{header - input.size()};
    WireReader in{input};
    const std::size_t length = in.u32();
    const std::size_t padding = in.u8();
    if (length > limits.packet_bytes_max || length < padding + 2) return Malformed{"SSH packet length"};
    if (input.size() < length + 4) return NeedMore{length + 4 - input.size()};
    return Decoded<Bytes>{in.take(length - padding - 1), length + 4};
}

/// RFC 4253, section 7.1. HASSH is made of what that side offers for its own direction.
void read_kexinit(Bytes payload, Side from, event::SshSide& told) {
    WireReader in{payload};
    in.skip(1 + 16);   // its type and a cookie
    std::array<std::string_view, 8> lists;
    for (auto& list : lists) list = as_text(in.take(in.u32()));
    if (in.truncated()) return;
    const std::size_t own = from == Side::client ? 0 : 1;
    event::Hassh hassh;
    hassh.string = lists[0];
    for (const auto list : {lists[2 + own], lists[4 + own], lists[6 + own]})
        hassh.string.append(";").append(list);
    hassh.hash = to_hex(crypto::md5_fingerprint(as_bytes(hassh.string)));
    hassh.string.resize(std::min(hassh.string.size(), offer_bytes_max));
    told.hassh = std::move(hassh);
    told.host_keys = clipped(lists[1], offer_bytes_max);
}

class SshSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        auto& way = ways_[index(from)];
        if (way.stage == Stage::done) return out.skipped(Uninspected::encrypted, bytes.size());
        bool broken = false;
        const auto decode = [&](Bytes input) -> Decode<Bytes> {
            if (way.stage == Stage::done) {
                out.skipped(Uninspected::encrypted, input.size());
                return Decoded<Bytes>{{}, input.size()};
            }
            if (is_version_one(from, input)) {
                way.stage = Stage::done;
                out.skipped(Uninspected::encrypted, input.size());
                return Decoded<Bytes>{{}, input.size()};
            }
            auto result = way.stage == Stage::banner ? decode_line(input) : decode_packet(input);
            broken = broken || std::holds_alternative<Malformed>(result);
            return result;
        };
        each_message(way.pending, bytes, limits.packet_bytes_max + 4, out, decode, [&](Bytes message) {
            if (way.stage == Stage::banner)
                line(from, as_text(message));
            else if (way.stage == Stage::packets)
                packet(from, message);
        });
        if (broken) way.stage = Stage::done;
        if (ways_[0].stage == Stage::done && ways_[1].stage == Stage::done) tell(out);
    }
    void gap(Side from, std::uint64_t /*lost*/, Output& out) override {
        ways_[index(from)].pending.give_up(out);
        ways_[index(from)].stage = Stage::done;
        if (ways_[index(event::other(from))].stage == Stage::done) tell(out);
    }
    void end(Output& out) override { tell(out); }
    std::size_t memory() const noexcept override {
        std::size_t bytes = sizeof *this + ways_[0].pending.memory() + ways_[1].pending.memory();
        if (!told_) return bytes;
        for (const auto* side : {&told_->client, &told_->server})
            bytes += 512 + side->host_keys.capacity() + (side->hassh ? side->hassh->string.capacity() : 0);
        return bytes;
    }

private:
    struct Way {
        Pending pending;
        Stage stage = Stage::banner;
        std::uint8_t lines = 0;
    };

    /// Who says 1.99 may go on in either version. RFC 4253, section 6: of version 2 at least four bytes are
    /// padding; version 1 has its padding in that place.
    bool is_version_one(Side from, Bytes packet) {
        return ways_[index(from)].stage == Stage::packets && packet.size() > 4 && packet[4] < std::byte{4} &&
               side(from).proto_version == "1.99";
    }

    event::SshSide& side(Side from) {
        if (!told_) told_ = std::make_unique<event::Ssh>();
        return from == Side::client ? told_->client : told_->server;
    }

    void line(Side from, std::string_view text) {
        auto& way = ways_[index(from)];
        if (!text.starts_with("SSH-")) {
            if (++way.lines >= limits.lines_max) way.stage = Stage::done;
            return;
        }
        text = trimmed(text.substr(4));
        auto& told = side(from);
        told.proto_version = clipped(take_until(text, '-'));
        // RFC 4253, section 4.2: behind a blank there are comments.
        told.software_version = clipped(take_until(text, ' '));
        if (const auto comments = products_of(text); !comments.empty())
            told.software_version.append(" ").append(comments);
        // Version 1 goes on with packets of another kind; 1.99 is 2 with patience.
        const bool second = told.proto_version.starts_with('2') || told.proto_version == "1.99";
        way.stage = second ? Stage::packets : Stage::done;
        // The server was patient, and the client took it at its word.
        if (!second) ways_[index(event::other(from))].stage = Stage::done;
    }

    void packet(Side from, Bytes payload) {
        // RFC 4253, section 11: ignore and debug may come first.
        if (std::to_integer<std::uint8_t>(payload.front()) != kexinit) return;
        read_kexinit(payload, from, side(from));
        ways_[index(from)].stage = Stage::done;
    }

    void tell(Output& out) {
        if (told_) out.emit(std::move(*told_));
        told_.reset();
    }

    std::array<Way, 2> ways_;
    std::unique_ptr<event::Ssh> told_;   // until it is told
};

}   // namespace

Verdict probe(Bytes first, Side /*from*/) {
    constexpr std::string_view begin = "SSH-";
    const auto text = as_text(first.first(std::min<std::size_t>(first.size(), 5)));
    if (!begin.starts_with(text.substr(0, begin.size()))) return Verdict::no;
    if (text.size() < 5) return Verdict::unsure;
    return text[4] == '1' || text[4] == '2' ? Verdict::yes : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<SshSession>(); }

}   // namespace ward::protocol::ssh
