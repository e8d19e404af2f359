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

/// The headers of a P-DATA-TF and of its first value.
struct TransferHeaders {
    std::uint32_t length = 0;
    std::uint32_t value_length = 0;
    std::uint8_t presentation = 0;

    bool has_one_value() const noexcept { return value_length + 4 == length; }
};

/// Nothing where no P-DATA-TF begins; needs both headers.
inline std::optional<TransferHeaders> begins_transfer(Bytes bytes) {
    WireReader in{bytes};
    const bool type = in.u16() == 0x0400;
    TransferHeaders headers;
    headers.length = in.u32();
    headers.value_length = in.u32();
    headers.presentation = in.u8();
    const auto control = in.u8();
    const bool plausible = !in.truncated() && type && headers.length <= plausible_pdu_max &&
                           headers.value_length >= 2 && headers.value_length <= plausible_pdu_max &&
                           headers.value_length + 4 <= headers.length && headers.presentation % 2 == 1 &&
                           control <= 3;
    if (!plausible) return std::nullopt;
    return headers;
}

/// Whether a PDU of the four that always are ten bytes begins here.
inline bool begins_short_pdu(Bytes bytes) {
    WireReader in{bytes};
    const auto type = in.u8();
    return (type == 3 || (type >= 5 && type <= 7)) && in.u8() == 0 && in.u32() == 4 && in.u8() == 0 &&
           in.remaining() >= 3;
}

/// `Reader` is told of each PDU: control(), with the bytes that came behind it, and transfer(); of each value
/// of a P-DATA-TF: begin_value(), value() for its pieces, end_value(); and of what is missing:
/// lost_in_value(), lost(), malformed(), capped(), searched(). It says which presentation contexts may come:
/// may_carry().
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
    /// What was collected has lost its rest.
    void end(Reader& reader) {
        reader.searched(partial_.size());
        partial_ = {};
    }
    std::size_t memory() const noexcept { return partial_.capacity(); }

private:
    enum class State : std::uint8_t { header, body, skipped, value_header, value, lost };

    void forget(Reader& reader) {
        state_ = State::lost;
        end(reader);
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

    /// `header` bytes of it are taken off the input already.
    void reject(Bytes& input, std::size_t header, std::string_view reason, Reader& reader) {
        reader.malformed(reason, header + input.size());
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
        if (type < 1 || type > 7) return reject(input, pdu_header_size, "PDU of an unknown type", reader);
        type_ = static_cast<PduType>(type);
        if (type_ == PduType::transfer) {
            reader.transfer();
            state_ = pdu_left_ > 0 ? State::value_header : State::header;
            return;
        }
        const bool associates = type_ == PduType::associate_request || type_ == PduType::associate_accept;
        if (!associates && pdu_left_ != 4)
            return reject(input, pdu_header_size, "PDU of a wrong length", reader);
        if (associates && pdu_left_ < 68)
            return reject(input, pdu_header_size, "PDU of a wrong length", reader);
        state_ = pdu_left_ <= limits.control_bytes_max ? State::body : State::skipped;
    }

    void body(Bytes& input, Reader& reader) {
        Buffer whole;
        const auto bytes = collect(input, pdu_left_, whole);
        if (!bytes) return;
        state_ = State::header;
        reader.control(type_, *bytes, input.size());
    }

    void skip(Bytes& input, Reader& reader) {
        const auto count = std::min<std::size_t>(pdu_left_, input.size());
        reader.capped(count);
        input = input.subspan(count);
        pdu_left_ -= static_cast<std::uint32_t>(count);
        if (pdu_left_ == 0) state_ = State::header;
    }

    void value_header(Bytes& input, Reader& reader) {
        if (pdu_left_ < pdv_header_size) return reject(input, 0, "P-DATA-TF too short for a value", reader);
        Buffer whole;
        const auto bytes = collect(input, pdv_header_size, whole);
        if (!bytes) return;
        WireReader in{*bytes};
        const auto length = in.u32();
        if (length < 2 || length > pdu_left_ - 4)
            return reject(input, pdv_header_size, "value longer than its P-DATA-TF", reader);
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

    static bool is_whole_transfer(Bytes bytes, const Reader& reader) {
        const auto headers = begins_transfer(bytes);
        return headers && headers->has_one_value() && reader.may_carry(headers->presentation);
    }

    /// Small pixels look like the headers of a P-DATA-TF. They hardly agree on a context and two lengths too,
    /// or with what stands where the PDU ends.
    static bool is_transfer(Bytes bytes, const Reader& reader) {
        const auto headers = begins_transfer(bytes);
        if (!headers || is_whole_transfer(bytes, reader)) return headers.has_value();
        const auto end = pdu_header_size + headers->length;
        if (end >= bytes.size()) return false;
        const auto next = bytes.subspan(end);
        return begins_short_pdu(next) || is_whole_transfer(next, reader);
    }

    static std::size_t find_transfer(Bytes bytes, const Reader& reader) {
        constexpr std::string_view mark{"\x04\0", 2};
        const auto text = as_text(bytes);
        auto at = text.find(mark);
        while (at != std::string_view::npos && !is_transfer(bytes.subspan(at), reader))
            at = text.find(mark, at + 1);
        return at;
    }

    /// After a loss: a PDU at the beginning of a segment, or the headers of a P-DATA-TF anywhere, which may
    /// have begun in the segment before.
    void search(Bytes& input, Reader& reader) {
        constexpr auto tail_max = pdu_header_size + pdv_header_size - 1;
        const auto segment = std::exchange(input, {});
        Buffer joined = std::exchange(partial_, {});
        const auto tail = joined.size();
        if (tail > 0) append(joined, segment);
        const Bytes bytes = tail > 0 ? Bytes{joined} : segment;
        auto at = find_transfer(bytes, reader);
        if (begins_short_pdu(segment)) at = std::min(at, tail);
        if (at == std::string_view::npos) {
            const auto kept = bytes.last(std::min(tail_max, bytes.size()));
            partial_.assign(kept.begin(), kept.end());
            return reader.searched(bytes.size() - kept.size());
        }
        reader.searched(at);
        state_ = State::header;
        feed(bytes.subspan(at), reader);
    }

    State state_ = State::header;
    PduType type_ = PduType::transfer;
    std::uint32_t pdu_left_ = 0;
    std::uint32_t value_left_ = 0;
    Buffer partial_;
};

}   // namespace ward::protocol::dicom
