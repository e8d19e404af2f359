// SPDX-License-Identifier: Apache-2.0
// The framing of one direction: RFC 1002, 4.3 and MS-SMB2 2.1. It hands out the head of each message, as long
// as is wanted, and passes by the rest.
#pragma once

#include "protocol/pending.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::smb {

enum class Kind : std::uint8_t { nothing, smb1, smb2, encrypted, compressed };

struct Piece {
    Kind kind = Kind::nothing;
    Bytes head;               // of the message; borrows the input
    std::size_t length = 0;   // of the whole message
    bool chained = false;     // follows another one in the same frame
    PassedBy passed_by{};
};

inline constexpr std::size_t smb1_header_size = 32;
inline constexpr std::size_t smb2_header_size = 64;

class Frames {
public:
    /// `wanted(Kind, header, length)` says how many bytes of a message have to be there to read it; it may
    /// ask again when it has seen them.
    template <class Wanted>
    Decode<Piece> next(Bytes input, Wanted wanted) {
        if (left_ == 0) return begin(input);
        return message(input, wanted);
    }

    void lose() {
        *this = {};
        seeking_ = true;
    }
    /// After a loss: the bytes before the next frame.
    bool seeking() const noexcept { return seeking_; }
    void found() noexcept { seeking_ = false; }

private:
    Decode<Piece> begin(Bytes input) {
        if (input.size() < 4) return NeedMore{4 - input.size()};
        WireReader in{input};
        const auto type = in.u8();
        const std::size_t length = in.u24();
        chained_ = false;
        switch (type) {
            case 0x00: left_ = length; return Decoded<Piece>{{}, 4};
            case 0x81:
            case 0x82:
            case 0x83:
            case 0x84:
            case 0x85: {
                // Session services: names, answers, keep-alives. 17 bits of length (RFC 1002, 4.3.1).
                Piece piece;
                piece.passed_by.bytes = length & 0x1ffffU;
                return Decoded<Piece>{piece, 4};
            }
            default: return give_up("not a NetBIOS session message");
        }
    }

    template <class Wanted>
    Decode<Piece> message(Bytes input, Wanted wanted) {
        if (left_ < smb1_header_size) {
            return give_up("message shorter than its header");
        }
        if (input.size() < 4) return NeedMore{4 - input.size()};
        WireReader in{input};
        const auto magic = in.u32();
        Piece piece;
        piece.chained = chained_;
        piece.length = left_;
        std::size_t head = smb1_header_size;
        switch (magic) {
            case 0xff534d42: piece.kind = Kind::smb1; break;
            case 0xfd534d42: piece.kind = Kind::encrypted; break;
            case 0xfc534d42: piece.kind = Kind::compressed; break;
            case 0xfe534d42: {
                head = smb2_header_size;
                if (left_ < head) return give_up("message shorter than its header");
                if (input.size() < head) return NeedMore{head - input.size()};
                in.skip(16);
                const std::size_t following = in.le32();   // NextCommand
                if (following >= head && following < left_) piece.length = following;
                piece.kind = Kind::smb2;
                break;
            }
            default: return give_up("not an SMB message");
        }
        if (piece.kind == Kind::smb1 || piece.kind == Kind::smb2) {
            if (input.size() < head) return NeedMore{head - input.size()};
            for (std::size_t seen = 0; seen < head;) {
                seen = head;
                head = std::max(seen,
                                std::min(piece.length, wanted(piece.kind, input.first(seen), piece.length)));
                if (input.size() < head) return NeedMore{head - input.size()};
            }
        } else {
            head = 4;
        }
        piece.head = input.first(head);
        left_ -= piece.length;
        piece.passed_by.bytes = piece.length - head;
        if (piece.kind == Kind::encrypted) piece.passed_by.why = Uninspected::encrypted;
        if (piece.kind == Kind::compressed) piece.passed_by.why = Uninspected::unknown;
        chained_ = true;
        return Decoded<Piece>{piece, head};
    }

    Malformed give_up(std::string_view reason) {
        left_ = 0;
        seeking_ = true;
        return Malformed{reason};
    }

    std::size_t left_ = 0;   // bytes of the frame that belong to messages not yet begun
    bool chained_ = false;
    bool seeking_ = false;
};

}   // namespace ward::protocol::smb
