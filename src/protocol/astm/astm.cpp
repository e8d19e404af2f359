// SPDX-License-Identifier: Apache-2.0
#include "protocol/astm/astm.hpp"

#include <algorithm>
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
constexpr std::string_view frame_ends{"\x03\x17"};   // ETX ends a message, ETB a frame in its middle

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// LIS1-A, 6.3.3: the sum of the characters after STX up to ETX or ETB, modulo 256, as two digits.
bool is_sum(std::string_view summed, std::string_view digits) {
    const auto sum = std::accumulate(summed.begin(), summed.end(), 0U, [](unsigned total, char c) {
        return (total + static_cast<unsigned char>(c)) & 0xffU;
    });
    return number(digits, 16) == sum;
}

Decode<Unit> decode_frame(std::string_view input) {
    const auto end = input.find_first_of(frame_ends, 1);
    if (end == std::string_view::npos) return NeedMore{5};   // the end and what follows it
    if (end == 1) return Malformed{"frame without a number"};
    if (input.size() < end + 5) return NeedMore{end + 5 - input.size()};
    Unit unit{.kind = Kind::frame, .number = input[1], .text = input.substr(2, end - 2), .is_sound = true};
    unit.is_sound = is_sum(input.substr(1, end), input.substr(end + 1, 2));
    return Decoded<Unit>{unit, end + 5};
}

/// Both sides of a line; each may open a transmission.
class AstmSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        each_message(pending_[index(from)], bytes, limits.unit_bytes_max, out, decode_unit,
                     [&](const Unit& unit) { take(from, unit, out); });
    }
    void gap(Side from, std::uint64_t /*lost*/, Output& /*out*/) override {
        pending_[index(from)].clear();
        if (auto& open = open_[index(from)]) open->partial = {};
    }
    void end(Output& out) override {
        for (const auto side : {Side::client, Side::server}) tell(side, "cut", out);
    }
    std::size_t memory() const noexcept override {
        std::size_t bytes = sizeof *this;
        for (const auto& pending : pending_) bytes += pending.memory();
        for (const auto& open : open_)
            if (open) bytes += sizeof *open + open->partial.capacity() + 4096;
        return bytes;
    }

private:
    struct Transmission {
        event::AstmTransmission told;
        Records records;
        event::Time began{};
        std::string partial;    // of a record that goes on in the next frame
        char last_number = 0;   // of the last frame whose text was taken
        char last_refused = 0;
    };

    Transmission& open(Side from, std::string_view framing, const Output& out) {
        auto& slot = open_[index(from)];
        if (!slot) {
            slot = std::make_unique<Transmission>();
            slot->began = out.now;
            slot->told.from = from;
            slot->told.framing = framing;
        }
        return *slot;
    }

    void tell(Side from, std::string_view outcome, Output& out) {
        const auto done = std::exchange(open_[index(from)], nullptr);
        if (!done) return;
        auto& told = done->told;
        take_record(*done, std::exchange(done->partial, {}), out);
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
                open(from, "LIS1", out);
                break;
            case Kind::end: tell(from, "complete", out); break;
            case Kind::refuse:
                if (auto& refused = open_[index(event::other(from))]) ++refused->told.refused_frames;
                break;
            case Kind::frame: take_frame(open(from, "LIS1", out), unit, out); break;
            case Kind::line: take_line(from, unit.text, out); break;
            case Kind::acknowledge:
            case Kind::blank: break;
        }
    }

    void take_frame(Transmission& transmission, const Unit& frame, Output& out) {
        auto& told = transmission.told;
        ++told.frames;
        const bool again =
            frame.number == transmission.last_number || frame.number == transmission.last_refused;
        told.retransmissions += again;
        if (!frame.is_sound) {
            ++told.bad_checksums;
            transmission.last_refused = frame.number;
            return;
        }
        transmission.last_refused = 0;
        if (std::exchange(transmission.last_number, frame.number) == frame.number) return;
        auto text = frame.text;
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
        auto& transmission = open(from, "none", out);
        take_record(transmission, line.substr(0, limits.record_bytes_max), out);
        if (line[0] == 'L') tell(from, "complete", out);
    }

    std::array<Pending, 2> pending_;
    std::array<std::unique_ptr<Transmission>, 2> open_;   // by who sends
};

/// LIS2-A2, 6.2: H and the delimiters it declares.
Verdict looks_like_header(std::string_view text) {
    if (!text.starts_with('H')) return text.empty() ? Verdict::unsure : Verdict::no;
    constexpr std::string_view usual = "|\\^&";
    const auto delimiters = text.substr(1, usual.size());
    for (std::size_t i = 0; i < delimiters.size(); ++i) {
        const auto c = static_cast<unsigned char>(delimiters[i]);
        const bool punctuation = c > ' ' && c < 0x7f && !is_letter(delimiters[i]) && (c < '0' || c > '9');
        if (!punctuation || delimiters.find(delimiters[i]) != i) return Verdict::no;
    }
    if (text.size() < 6) return Verdict::unsure;
    return text[5] == text[1] || text[5] == '\r' ? Verdict::yes : Verdict::no;
}

}   // namespace

Decode<Unit> decode_unit(Bytes input) {
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
        case stx: return decode_frame(text);
        case '\r':
        case '\n':
        case '\0': return single(Kind::blank);
        default: break;
    }
    if (!is_letter(text[0])) return Malformed{"byte that is neither control character, frame nor record"};
    const auto end = text.find_first_of("\r\n");
    if (end == std::string_view::npos) return NeedMore{1};
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
