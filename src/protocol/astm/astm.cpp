// SPDX-License-Identifier: Apache-2.0
#include "protocol/astm/astm.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "protocol/astm/records.hpp"
#include "protocol/pending.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::astm {
namespace {

constexpr char stx = 0x02;
constexpr char eot = 0x04;
constexpr char enq = 0x05;
constexpr char ack = 0x06;
constexpr char nak = 0x15;
constexpr std::string_view controls_and_line_ends{"\x02\x04\x05\x06\x15\r\n"};
constexpr auto controls = controls_and_line_ends.substr(0, 5);
constexpr std::string_view frame_ends{"\x03\x17"};   // ETX ends a message, ETB a frame in its middle

constexpr std::size_t sum_size = 2;   // digits

bool is_line_end(char c) { return c == '\r' || c == '\n'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// LIS1-A, 6.3.3: the sum of the characters after STX up to ETX or ETB, modulo 256, as two digits.
bool is_sum(std::string_view summed, std::string_view digits) {
    const auto sum = std::accumulate(summed.begin(), summed.end(), 0U, [](unsigned total, char c) {
        return (total + static_cast<unsigned char>(c)) & 0xffU;
    });
    return number(digits, 16) == sum;
}

Decode<Unit> decode_frame(std::string_view input, std::size_t searched) {
    const auto end = input.find_first_of(frame_ends, std::max<std::size_t>(1, searched));
    if (end == std::string_view::npos) return NeedMore{sum_size + 1};
    if (end == 1) return Malformed{"frame without a number"};
    const auto size = end + 1 + sum_size;   // CR and LF after it mean nothing, and some leave one out
    if (input.size() < size) return NeedMore{size - input.size()};
    return Decoded<Unit>{Unit{.kind = Kind::frame,
                              .number = input[1],
                              .text = input.substr(2, end - 2),
                              .is_sound = is_sum(input.substr(1, end), input.substr(end + 1, sum_size)),
                              .ends = input[end] == frame_ends[0]},
                         size};
}

/// Where after a loss or garbage something begins that needs nothing before it: an enquiry, a frame, an
/// answer or an end, or, if records may be bare, the line end before what may be a header.
std::size_t beginning(std::string_view text, bool may_be_bare) {
    const auto wanted = may_be_bare ? controls_and_line_ends : controls;
    auto at = text.find_first_of(wanted);
    while (at != std::string_view::npos && is_line_end(text[at]) &&
           looks_like_header(text.substr(at + 1)) == Verdict::no)
        at = text.find_first_of(wanted, at + 1);
    return std::min(at, text.size());
}

/// Both sides of a line; each may open a transmission.
class AstmSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        each_message(
            pending_[index(from)], bytes, limits.unit_bytes_max, out,
            [&](Bytes input, std::size_t searched) { return next(from, input, searched, out); },
            [&](const Unit& unit) { take(from, unit, out); });
    }
    void gap(Side from, std::uint64_t /*lost*/, Output& out) override {
        pending_[index(from)].give_up(out);
        given_up_[index(from)] = Uninspected::gap;
        auto& open = open_[index(from)];
        if (!open) return;
        open->told.torn = open->starts_torn = true;
        open->ended = false;
        out.skipped(Uninspected::gap, open->partial.size());
        open->partial = {};
        if (open->framing == Framing::none) tell(from, "cut", out);
    }
    void end(Output& out) override {
        for (const auto side : {Side::client, Side::server}) {
            pending_[index(side)].give_up(out);
            tell(side, "cut", out);
        }
    }
    std::size_t memory() const noexcept override {
        std::size_t bytes = sizeof *this;
        for (const auto& pending : pending_) bytes += pending.memory();
        for (const auto& open : open_)
            if (open) bytes += sizeof *open + open->partial.capacity() + 4096;
        return bytes;
    }

private:
    enum class Framing : std::uint8_t { none, lis1 };
    struct Transmission {
        event::AstmTransmission told;
        Records records;
        Framing framing = Framing::none;
        event::Time began{};
        std::string partial;         // of a record that goes on in the next frame
        char last_number = 0;        // of the last frame whose text was taken
        std::size_t last_text = 0;   // its hash
        char last_refused = 0;
        bool ended = false;         // the last frame was taken, and a message ended with it
        bool starts_torn = false;   // the next frame may go on with a record whose beginning was lost
    };

    /// One unit. After a loss or garbage all is passed over until one begins for certain: the rest of a
    /// record may look like another record, and would have a patient's name where a header has its sender.
    Decode<Unit> next(Side from, Bytes input, std::size_t searched, Output& out) {
        const auto text = as_text(input);
        const auto& open = open_[index(from)];
        const bool framed = open && open->framing == Framing::lis1;
        auto& given_up = given_up_[index(from)];
        const auto pass = [&](std::size_t bytes) {
            out.skipped(*given_up, bytes);
            return Decoded<Unit>{Unit{}, bytes};
        };
        if (given_up) {
            if (const auto begin = beginning(text, !framed); begin > 0) return pass(begin);
            if (is_line_end(text[0]) && looks_like_header(text.substr(1)) == Verdict::unsure)
                return NeedMore{1};
            given_up.reset();
        }
        const auto refuse = [&](std::string_view reason, std::size_t bytes) {
            given_up = Uninspected::malformed;
            out.violation = reason;
            return pass(bytes);
        };
        if (framed && is_letter(text[0])) return refuse("text between frames", 1);
        auto result = decode_unit(input, searched);
        if (const auto* bad = std::get_if<Malformed>(&result)) return refuse(bad->reason, 1);
        const auto* whole = std::get_if<Decoded<Unit>>(&result);
        if (whole != nullptr && whole->message.kind == Kind::line && !open && !is_header(whole->message.text))
            return refuse("record without a header before it", whole->consumed);
        return result;
    }

    Transmission& open(Side from, Framing framing, Output& out) {
        auto& slot = open_[index(from)];
        if (slot && slot->framing != framing) tell(from, "cut", out);
        if (!slot) {
            slot = std::make_unique<Transmission>();
            slot->began = out.now;
            slot->framing = framing;
            slot->told.from = from;
            slot->told.framing = framing == Framing::lis1 ? "LIS1" : "none";
        }
        return *slot;
    }

    void tell(Side from, std::string_view outcome, Output& out) {
        const auto done = std::exchange(open_[index(from)], nullptr);
        if (!done) return;
        auto& told = done->told;
        if (done->ended) {
            take_record(*done, std::exchange(done->partial, {}), out);
        } else {
            out.skipped(Uninspected::gap, done->partial.size());
        }
        done->records.end_message(out);
        told.outcome = told.frames == 0 && told.refused_frames > 0 ? "refused" : outcome;
        told.duration_us =
            std::chrono::duration_cast<std::chrono::microseconds>(out.now - done->began).count();
        out.emit(std::move(told));
    }

    void take(Side from, const Unit& unit, Output& out) {
        switch (unit.kind) {
            case Kind::enquiry:
                // A sender that was not heard asks again; one that gave up begins anew.
                if (const auto& old = open_[index(from)]; old && old->told.frames > 0) tell(from, "cut", out);
                open(from, Framing::lis1, out).began = out.now;
                break;
            case Kind::end:
                if (const auto& open = open_[index(from)]) tell(from, open->ended ? "complete" : "cut", out);
                break;
            case Kind::refuse:
                if (auto& refused = open_[index(event::other(from))]) {
                    ++refused->told.refused_frames;
                    refused->ended = false;
                }
                break;
            case Kind::frame:
                yield(event::other(from), out);
                take_frame(open(from, Framing::lis1, out), unit, out);
                break;
            case Kind::line: take_line(from, unit.text, out); break;
            case Kind::acknowledge:
            case Kind::blank: break;
        }
    }

    /// LIS1-A, 6.2.7.1: when both ask at once, one gives in. Its enquiry was no transmission.
    void yield(Side side, Output& out) {
        auto& open = open_[index(side)];
        if (!open || open->told.frames > 0 || open->framing == Framing::none) return;
        if (open->told.refused_frames > 0) return tell(side, "refused", out);
        open.reset();
    }

    void take_frame(Transmission& transmission, const Unit& frame, Output& out) {
        auto& told = transmission.told;
        ++told.frames;
        // Some senders number no frame: only the same text is the same frame.
        const auto text_hash = std::hash<std::string_view>{}(frame.text);
        const bool taken = frame.number == transmission.last_number && text_hash == transmission.last_text;
        told.retransmissions += taken || frame.number == transmission.last_refused;
        transmission.ended = frame.is_sound && frame.ends;
        if (!frame.is_sound) {
            ++told.bad_checksums;
            transmission.last_refused = frame.number;
            return;
        }
        transmission.last_refused = 0;
        if (taken) return;
        transmission.last_number = frame.number;
        transmission.last_text = text_hash;
        auto text = frame.text;
        if (std::exchange(transmission.starts_torn, false) && !is_header(text)) {
            const auto lost = std::min(text.find('\r'), text.size());
            transmission.starts_torn = lost == text.size() && !frame.ends;
            out.skipped(Uninspected::gap, lost);
            text.remove_prefix(lost);
        }
        for (auto end = text.find('\r'); end != std::string_view::npos; end = text.find('\r')) {
            keep(transmission, text.substr(0, end), out);
            take_record(transmission, std::exchange(transmission.partial, {}), out);
            text.remove_prefix(end + 1);
        }
        keep(transmission, text, out);
    }

    static void keep(Transmission& transmission, std::string_view text, Output& out) {
        const auto room = limits.record_bytes_max - transmission.partial.size();
        transmission.partial += text.substr(0, room);
        if (text.size() > room) out.skipped(Uninspected::cap, text.size() - room);
    }

    static void take_record(Transmission& transmission, std::string_view record, Output& out) {
        const auto begin = record.find_first_not_of('\n');
        if (begin == std::string_view::npos) return;
        transmission.records.read(record.substr(begin), transmission.told, out);
    }

    /// Without frames a message ends with its terminator record.
    void take_line(Side from, std::string_view line, Output& out) {
        auto& transmission = open(from, Framing::none, out);
        take_record(transmission, line.substr(0, limits.record_bytes_max), out);
        if (line[0] == 'L' || line[0] == 'l') tell(from, "complete", out);
    }

    std::array<Pending, 2> pending_;
    std::array<std::optional<Uninspected>, 2> given_up_;   // what passes by is not read, and why
    std::array<std::unique_ptr<Transmission>, 2> open_;    // by who sends
};

}   // namespace

Decode<Unit> decode_unit(Bytes input, std::size_t searched) {
    const auto text = as_text(input);
    if (text.empty()) return NeedMore{};
    const auto single = [](Kind kind) {
        return Decoded<Unit>{Unit{.kind = kind, .number = 0, .text = {}}, 1};
    };
    switch (text[0]) {
        case enq: return single(Kind::enquiry);
        case ack: return single(Kind::acknowledge);
        case nak: return single(Kind::refuse);
        case eot: return single(Kind::end);
        case stx:
            // The digits after a frame's end may be all that was missing.
            return decode_frame(text, searched - std::min(searched, sum_size));
        case '\r':
        case '\n':
        case '\0': return single(Kind::blank);
        default: break;
    }
    if (!is_letter(text[0])) return Malformed{"byte that is neither control character, frame nor record"};
    const auto end = text.find_first_of(controls_and_line_ends, searched);
    if (end == std::string_view::npos) return NeedMore{1};
    if (!is_line_end(text[end])) return Malformed{"record without an end"};
    return Decoded<Unit>{Unit{.kind = Kind::line, .number = 0, .text = text.substr(0, end)}, end + 1};
}

Verdict probe(Bytes first, Side /*from*/) {
    auto text = as_text(first);
    // One ENQ is a version of SOCKS too, so by itself it needs the port.
    while (text.starts_with(enq)) text.remove_prefix(1);
    if (text.empty()) return Verdict::unsure;
    if (text[0] == ack || text[0] == nak) return first.size() == 1 ? Verdict::unsure : Verdict::no;
    if (text[0] != stx) return text.size() == first.size() ? looks_like_header(text) : Verdict::no;
    if (text.size() > 1 && (text[1] < '0' || text[1] > '7')) return Verdict::no;
    return looks_like_header(text.substr(std::min<std::size_t>(2, text.size())));
}

std::unique_ptr<Session> open_session() { return std::make_unique<AstmSession>(); }

}   // namespace ward::protocol::astm
