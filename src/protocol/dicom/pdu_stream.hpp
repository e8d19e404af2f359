// SPDX-License-Identifier: Apache-2.0
// Protocol data units as they stream by: PS3.8, 9.3.1. What P-DATA-TF carries is handed on in pieces and
// never collected; the others are collected whole.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/bytes.hpp"
#include "protocol/dicom/dicom.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::dicom {

enum class PduType : std::uint8_t {
    associate_request = 1,
    associate_accept = 2,
    associate_reject = 3,
    transfer = 4,
    release_request = 5,
    release_response = 6,
    abort = 7,
};

inline constexpr std::size_t pdu_header_size = 6;
inline constexpr std::size_t pdv_header_size = 6;   // length, presentation context, message control header
inline constexpr std::uint32_t plausible_pdu_max = std::uint32_t{64} << 20;

/// Whether a P-DATA-TF with its first value begins here; needs both headers.
inline bool begins_transfer(Bytes bytes) {
    WireReader in{bytes};
    const bool type = in.u16() == 0x0400;
    const auto length = in.u32();
    const auto value_length = in.u32();
    const auto id = in.u8();
    const auto control = in.u8();
    return !in.truncated() && type && length <= plausible_pdu_max && value_length >= 2 &&
           std::uint64_t{value_length} + 4 <= length && id % 2 == 1 && control <= 3;
}

/// Whether a PDU of the four that always are ten bytes begins here.
inline bool begins_short_pdu(Bytes bytes) {
    WireReader in{bytes};
    const auto type = in.u8();
    return (type == 3 || (type >= 5 && type <= 7)) && in.u8() == 0 && in.u32() == 4 && in.u8() == 0 &&
           in.remaining() >= 3;
}

/// `Reader` is told of each PDU: control() and transfer(); of each value of a P-DATA-TF: begin_value(),
/// value() for its pieces, end_value(); and of what is missing: lost_in_value(), lost(), malformed(),
/// capped(), searched().
template <class Reader>
class PduStream {
public:
    void feed(Bytes input, Reader& reader) {
        while (!input.empty()) {
            switch (state_) {
                case State::header: header(input, reader); break;
                case State::body: body(input, reader); break;
                case State::skipped: skip(input, reader); break;
                case State::value_header: value_header(input, reader); break;
                case State::value: value(input, reader); break;
                case State::lost: search(input, reader); break;
            }
        }
    }

    /// A loss inside of one value or of a skipped PDU does not cost the place in the stream.
    void lose(std::uint64_t bytes, Reader& reader) {
        if (state_ == State::value && bytes <= value_left_) {
            reader.lost_in_value(bytes);
            passed(static_cast<std::uint32_t>(bytes), reader);
            return;
        }
        if (state_ == State::skipped && bytes < pdu_left_) {
            pdu_left_ -= static_cast<std::uint32_t>(bytes);
            return;
        }
        forget(reader);
    }
    std::size_t memory() const noexcept { return partial_.capacity(); }

private:
    enum class State : std::uint8_t { header, body, skipped, value_header, value, lost };

    void forget(Reader& reader) {
        state_ = State::lost;
        partial_ = {};
        reader.lost();
    }

    /// The next `size` bytes once all of them are there. They live until `whole` or the input goes.
    std::optional<Bytes> collect(Bytes& input, std::size_t size, Buffer& whole) {
        if (partial_.empty() && input.size() >= size) {
            const auto bytes = input.first(size);
            input = input.subspan(size);
            return bytes;
        }
        const auto count = std::min(size - partial_.size(), input.size());
        append(partial_, input.first(count));
        input = input.subspan(count);
        if (partial_.size() < size) return std::nullopt;
        whole = std::exchange(partial_, {});
        return Bytes{whole};
    }

    void reject(Bytes& input, std::string_view reason, Reader& reader) {
        reader.malformed(reason, input.size());
        input = {};
        forget(reader);
    }

    void header(Bytes& input, Reader& reader) {
        Buffer whole;
        const auto bytes = collect(input, pdu_header_size, whole);
        if (!bytes) return;
        WireReader in{*bytes};
        const auto type = in.u8();
        in.skip(1);
        pdu_left_ = in.u32();
        if (type < 1 || type > 7) return reject(input, "PDU of an unknown type", reader);
        type_ = static_cast<PduType>(type);
        if (type_ == PduType::transfer) {
            reader.transfer();
            state_ = pdu_left_ > 0 ? State::value_header : State::header;
            return;
        }
        const bool associates = type_ == PduType::associate_request || type_ == PduType::associate_accept;
        if (!associates && pdu_left_ != 4) return reject(input, "PDU of a wrong length", reader);
        if (associates && pdu_left_ < 68) return reject(input, "PDU of a wrong length", reader);
        state_ = pdu_left_ <= limits.control_bytes_max ? State::body : State::skipped;
    }

    void body(Bytes& input, Reader& reader) {
        Buffer whole;
        const auto bytes = collect(input, pdu_left_, whole);
        if (!bytes) return;
        state_ = State::header;
        reader.control(type_, *bytes);
    }

    void skip(Bytes& input, Reader& reader) {
        const auto count = std::min<std::size_t>(pdu_left_, input.size());
        reader.capped(count);
        input = input.subspan(count);
        pdu_left_ -= static_cast<std::uint32_t>(count);
        if (pdu_left_ == 0) state_ = State::header;
    }

    void value_header(Bytes& input, Reader& reader) {
        if (pdu_left_ < pdv_header_size) return reject(input, "P-DATA-TF too short for a value", reader);
        Buffer whole;
        const auto bytes = collect(input, pdv_header_size, whole);
        if (!bytes) return;
        WireReader in{*bytes};
        const auto length = in.u32();
        if (length < 2 || length > pdu_left_ - 4)
            return reject(input, "value longer than its P-DATA-TF", reader);
        value_left_ = length - 2;
        pdu_left_ -= static_cast<std::uint32_t>(pdv_header_size);
        const auto presentation = in.u8();
        state_ = State::value;
        reader.begin_value(presentation, in.u8());
        if (value_left_ == 0) passed(0, reader);
    }

    void value(Bytes& input, Reader& reader) {
        const auto count = std::min<std::size_t>(value_left_, input.size());
        reader.value(input.first(count));
        input = input.subspan(count);
        passed(static_cast<std::uint32_t>(count), reader);
    }

    void passed(std::uint32_t bytes, Reader& reader) {
        value_left_ -= bytes;
        pdu_left_ -= bytes;
        if (value_left_ > 0) return;
        state_ = pdu_left_ > 0 ? State::value_header : State::header;
        reader.end_value();
    }

    /// After a loss: a PDU at the beginning of a segment, or the headers of a P-DATA-TF anywhere.
    void search(Bytes& input, Reader& reader) {
        constexpr std::string_view mark{"\x04\0", 2};
        const auto text = as_text(input);
        std::size_t at = 0;
        if (!begins_short_pdu(input) && !begins_transfer(input)) {
            do at = text.find(mark, at + 1);
            while (at != std::string_view::npos && !begins_transfer(input.subspan(at)));
        }
        const auto dropped = std::min(at, input.size());
        reader.searched(dropped);
        input = input.subspan(dropped);
        if (!input.empty()) state_ = State::header;
    }

    State state_ = State::header;
    PduType type_ = PduType::transfer;
    std::uint32_t pdu_left_ = 0;
    std::uint32_t value_left_ = 0;
    Buffer partial_;
};

}   // namespace ward::protocol::dicom
