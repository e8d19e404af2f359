// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/smb.hpp"

#include <algorithm>

#include "protocol/pending.hpp"
#include "protocol/smb/conversation.hpp"

namespace ward::protocol::smb {
namespace {

constexpr std::size_t frame_header_size = 4;

/// The next frame whose message begins as one of SMB does; what is before it is given up.
std::size_t find_frame(Bytes bytes) {
    const auto text = as_text(bytes);
    for (auto at = text.find("SMB"); at != std::string_view::npos; at = text.find("SMB", at + 1)) {
        if (at < frame_header_size + 1) continue;
        const auto magic = static_cast<unsigned char>(text[at - 1]);
        if (magic >= 0xfc && text[at - 1 - frame_header_size] == 0) return at - 1 - frame_header_size;
    }
    return std::string_view::npos;
}

class SmbSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        auto& lane = lanes_[index(from)];
        const auto wanted = [&](Kind kind, Bytes head, std::size_t length) {
            return kind == Kind::smb1 ? wanted_of_smb1(head, length)
                                      : wanted_of_smb2(conversation_, head, length);
        };
        const auto decode = [&](Bytes rest) -> Decode<Piece> {
            if (lane.frames.seeking()) return seek(lane, rest, out);
            auto result = lane.frames.next(rest, wanted);
            const auto* bad = std::get_if<Malformed>(&result);
            if (bad == nullptr) return result;
            out.malformed(bad->reason, 1);
            lane.sought_for = Uninspected::malformed;
            return Decoded<Piece>{{}, 1};
        };
        each_message(lane.pending, bytes, limits.head_bytes_max, out, decode,
                     [&](const Piece& piece) { take(piece, out); });
    }

    void gap(Side from, std::uint64_t lost, Output& out) override {
        auto& lane = lanes_[index(from)];
        if (lane.pending.lose(lost, out)) return;
        lane.frames.lose();
        lane.sought_for = Uninspected::gap;
        conversation_.lose(from, out);
    }

    void end(Output& out) override {
        for (auto& lane : lanes_) {
            if (lane.frames.seeking()) out.skipped(lane.sought_for, lane.pending.size());
            lane.pending.clear();
        }
        conversation_.end(out);
    }

    std::size_t memory() const noexcept override {
        std::size_t bytes = sizeof *this + conversation_.memory();
        for (const auto& lane : lanes_) bytes += lane.pending.memory();
        return bytes;
    }

private:
    struct Lane {
        Frames frames;
        Pending pending;
        Uninspected sought_for = Uninspected::gap;   // why the next frame is looked for
    };

    /// Passes by what stands before the next frame, but not the beginning of one that may go on.
    static Decode<Piece> seek(Lane& lane, Bytes rest, Output& out) {
        constexpr std::size_t beginning = frame_header_size + 3;
        const auto found = find_frame(rest);
        if (found != std::string_view::npos)
            lane.frames.found();
        else if (rest.size() <= beginning)
            return NeedMore{beginning + 1 - rest.size()};
        const auto passed = std::min(found, rest.size() - beginning);
        out.skipped(lane.sought_for, passed);
        return Decoded<Piece>{{}, passed};
    }

    void take(const Piece& piece, Output& out) {
        switch (piece.kind) {
            case Kind::nothing: return;
            case Kind::smb1: return take_smb1(conversation_, piece, out);
            case Kind::smb2: return take_smb2(conversation_, piece, out);
            case Kind::encrypted:
                ++conversation_.encrypted_messages;
                return out.skipped(Uninspected::encrypted, piece.head.size());
            case Kind::compressed:
                ++conversation_.compressed_messages;
                return out.skipped(Uninspected::unknown, piece.head.size());
        }
    }

    std::array<Lane, 2> lanes_;
    Conversation conversation_;
};

}   // namespace

Verdict probe(Bytes first, Side /*from*/) {
    WireReader in{first};
    const auto type = in.u8();
    // RFC 1002, 4.3.2: a session request names both sides in 34 bytes each.
    if (type == 0x81) {
        if (first.size() < 5) return Verdict::unsure;
        return in.u24() == 68 && in.u8() == 0x20 ? Verdict::yes : Verdict::no;
    }
    if (type == 0x82) return first.size() <= 4 && in.u24() == 0 ? Verdict::unsure : Verdict::no;
    if (type != 0) return Verdict::no;
    if (first.size() < 8) return Verdict::unsure;
    const auto length = in.u24();
    const auto magic = in.u32();
    if (length < smb1_header_size) return Verdict::no;
    const bool known = (magic & 0xffffffU) == 0x534d42 && magic >> 24U >= 0xfc;
    return known ? Verdict::yes : Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<SmbSession>(); }

}   // namespace ward::protocol::smb
