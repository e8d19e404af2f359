// SPDX-License-Identifier: Apache-2.0
#include "protocol/carescape/carescape.hpp"

#include <algorithm>
#include <optional>

#include "event/carescape.hpp"
#include "wire/decode.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::carescape {
namespace {

constexpr std::size_t unit_max = 7;
constexpr std::size_t bed_max = 6;
constexpr std::size_t time_bytes = 64;
constexpr std::size_t discovery_bytes_min = 40;
constexpr std::size_t discovery_bytes_max = 1024;

struct Location {
    std::string_view unit;   // both borrow the datagram
    std::string_view bed;
};

bool is_name(std::string_view text, std::size_t size_max) {
    const auto printable = [](char c) { return c >= ' ' && c < 0x7f && c != '|'; };
    return !text.empty() && text.size() <= size_max && std::ranges::all_of(text, printable);
}

/// "ICU|BED4", padded with NUL.
std::optional<Location> read_location(std::string_view field) {
    const auto text = field.substr(0, field.find('\0'));
    const auto bar = text.find('|');
    if (bar == std::string_view::npos) return std::nullopt;
    const Location location{text.substr(0, bar), text.substr(bar + 1)};
    if (!is_name(location.unit, unit_max) || !is_name(location.bed, bed_max)) return std::nullopt;
    return location;
}

/// The first text of that form that stands between NULs or other bytes that are no text. No public manual
/// says where it stands, and a patient's name may be written so: a bed has a number.
std::optional<Location> find_location(Bytes datagram) {
    const auto text = as_text(datagram.first(std::min(datagram.size(), discovery_bytes_max)));
    for (auto bar = text.find('|'); bar != std::string_view::npos; bar = text.find('|', bar + 1)) {
        auto begin = bar;
        while (begin > 0 && bar - begin <= unit_max && is_name(text.substr(begin - 1, 1), 1)) --begin;
        const auto before = begin == 0 ? '\0' : text[begin - 1];
        const auto field = text.substr(begin, unit_max + 1 + bed_max + 1);
        const bool apart = (before < ' ' || before > '~') && field.find('\0') != std::string_view::npos;
        const auto location = apart ? read_location(field) : std::nullopt;
        const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
        if (location && std::ranges::any_of(location->bed, is_digit)) return location;
    }
    return std::nullopt;
}

struct TimeMessage {
    Location location;
    IpAddress node;
};

Decode<TimeMessage> decode_time(Bytes datagram) {
    if (datagram.size() != time_bytes) return Malformed{"CARESCAPE time of another size"};
    TimeMessage message;
    WireReader in{datagram};
    in.skip(6);
    message.node.family = IpAddress::Family::v4;
    std::ranges::copy(in.take(4), message.node.bytes.begin());
    in.skip(14);
    const auto location = read_location(as_text(in.take(13)));
    in.skip(23);
    constexpr std::uint32_t year_1995 = 2'997'993'600;
    if (!location || in.u32() < year_1995) return Malformed{"CARESCAPE time without location"};
    message.location = *location;
    return Decoded<TimeMessage>{message, datagram.size()};
}

class CarescapeSession final : public Session {
public:
    enum class Broadcast : std::uint8_t { time, discovery };
    explicit CarescapeSession(Broadcast broadcast) : broadcast_(broadcast) {}

    void data(Side /*from*/, Bytes bytes, Output& out) override {
        event::Carescape told;
        std::optional<Location> location;
        if (broadcast_ == Broadcast::time) {
            const auto result = decode_time(bytes);
            if (const auto* bad = std::get_if<Malformed>(&result))
                return out.malformed(bad->reason, bytes.size());
            const auto& message = std::get<0>(result).message;
            told.message = "time";
            told.node = message.node;
            location = message.location;
        } else {
            location = find_location(bytes);
            told.message = "discovery";
            // A message may carry a patient's name somewhere; nothing but the location is taken.
            out.skipped(Uninspected::unknown, bytes.size());
        }
        if (!location) return;
        told.unit = std::string{location->unit};
        told.bed = std::string{location->bed};
        if (told.unit == unit_ && told.bed == bed_) return;
        unit_ = told.unit;
        bed_ = told.bed;
        out.emit(std::move(told));
    }
    void gap(Side /*from*/, std::uint64_t /*lost*/, Output& /*out*/) override {}
    void end(Output& /*out*/) override {}
    std::size_t memory() const noexcept override { return sizeof *this; }

private:
    std::string unit_;   // short enough to stand in the object itself
    std::string bed_;
    Broadcast broadcast_;
};

}   // namespace

Verdict probe_time(Bytes first, Side /*from*/) {
    return std::holds_alternative<Decoded<TimeMessage>>(decode_time(first)) ? Verdict::unsure : Verdict::no;
}

Verdict probe_discovery(Bytes first, Side /*from*/) {
    if (first.size() < discovery_bytes_min || first.size() > discovery_bytes_max) return Verdict::no;
    return find_location(first) ? Verdict::unsure : Verdict::no;
}

std::unique_ptr<Session> open_time_session() {
    return std::make_unique<CarescapeSession>(CarescapeSession::Broadcast::time);
}
std::unique_ptr<Session> open_discovery_session() {
    return std::make_unique<CarescapeSession>(CarescapeSession::Broadcast::discovery);
}

}   // namespace ward::protocol::carescape
