// SPDX-License-Identifier: Apache-2.0
#include "protocol/mqtt/mqtt.hpp"

#include <algorithm>
#include <array>

#include "event/mqtt.hpp"
#include "protocol/latency.hpp"
#include "protocol/pending.hpp"
#include "protocol/text.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::mqtt {
namespace {

constexpr Limits limits;

// MQTT 5.0, table 2-1.
enum Type : std::uint8_t { connect = 1, connack = 2, publish = 3, subscribe = 8 };

struct Packet {
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
    Bytes body;   // its beginning; borrows the input
    PassedBy passed_by;
};

/// MQTT 5.0, section 1.5.5: seven bits a byte, the lowest first. Nothing where it does not end.
std::optional<std::uint32_t> read_variable(WireReader& in) {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 28; shift += 7) {
        const auto byte = in.u8();
        value |= (byte & 0x7fU) << shift;
        if ((byte & 0x80U) == 0) return in.truncated() ? std::nullopt : std::optional{value};
    }
    return std::nullopt;
}

Decode<Packet> decode(Bytes input) {
    WireReader in{input};
    Packet packet;
    const auto first = in.u8();
    packet.type = first >> 4U;
    packet.flags = first & 0xfU;
    if (packet.type == 0) return Malformed{"MQTT packet of no type"};
    const auto size = read_variable(in);
    if (!size) {
        if (input.size() < 5) return NeedMore{1};
        return Malformed{"MQTT length without end"};
    }
    const auto header = input.size() - in.remaining();
    // Of a publication the topic is wanted, of others what fits.
    std::size_t wanted = std::min<std::size_t>(*size, limits.head_bytes_max - 8);
    if (packet.type == Type::publish) {
        wanted = std::min<std::size_t>(*size, 2);
        if (in.remaining() >= 2) wanted = std::min<std::size_t>(*size, 2 + std::size_t{WireReader{in}.u16()});
        wanted = std::min(wanted, limits.topic_bytes_max + 2);
    }
    if (in.remaining() < wanted) return NeedMore{wanted - in.remaining()};
    packet.body = in.rest().first(wanted);
    packet.passed_by.bytes = *size - wanted;
    return Decoded<Packet>{packet, header + wanted};
}

std::string_view read_text(WireReader& in) { return as_text(in.take(in.u16())); }

std::string_view version_name(std::uint8_t level) {
    switch (level & 0x7fU) {   // a bridge sets the highest bit
        case 3: return "3.1";
        case 4: return "3.1.1";
        case 5: return "5";
        default: return "unknown";
    }
}

// What topics and client identifiers are made of, in order. Any other word may be somebody's name or number.
constexpr std::array<std::string_view, 123> words{
    "alarm",     "alarms",        "alert",     "analyser",  "availability",  "battery",
    "bed",       "bloodpressure", "bridge",    "building",  "button",        "camera",
    "client",    "cmd",           "cmnd",      "co2",       "command",       "config",
    "connected", "control",       "current",   "data",      "dcm",           "device",
    "devices",   "dicom",         "discovery", "door",      "ecg",           "error",
    "errors",    "event",         "events",    "fhir",      "firmware",      "floor",
    "gateway",   "health",        "heartbeat", "hl7",       "homeassistant", "hospital",
    "hr",        "humidity",      "hvac",      "icu",       "info",          "infusion",
    "input",     "lab",           "level",     "light",     "location",      "lwt",
    "message",   "monitor",       "monitors",  "motion",    "mqtt",          "mrn",
    "nibp",      "node",          "nurse",     "offline",   "online",        "or",
    "ota",       "output",        "patient",   "patients",  "power",         "pressure",
    "pulse",     "pump",          "pumps",     "rate",      "read",          "relay",
    "reply",     "request",       "resp",      "response",  "result",        "results",
    "room",      "rssi",          "sensor",    "sensors",   "serial",        "server",
    "service",   "set",           "shellies",  "site",      "small",         "spo2",
    "stat",      "state",         "status",    "switch",    "syringe",       "sys",
    "system",    "tasmota",       "tele",      "telemetry", "temp",          "temperature",
    "test",      "topic",         "unit",      "update",    "value",         "ventilator",
    "version",   "vital",         "vitals",    "voltage",   "ward",          "will",
    "write",     "zigbee2mqtt",   "zone"};

/// A word with a number behind it, as of a ward or a bed; one of two digits; a wildcard.
bool is_harmless(std::string_view part) {
    if (part.empty() || part == "+" || part == "#") return true;
    const auto letters = part.substr(0, part.find_last_not_of("0123456789") + 1);
    if (letters.empty()) return part.size() <= 2;
    if (std::ranges::binary_search(words, std::string_view{lowered(part.substr(0, 16))})) return true;
    return part.size() - letters.size() <= 2 && letters.size() <= 16 &&
           std::ranges::binary_search(words, std::string_view{lowered(letters)});
}

/// With * for each part that could tell of a person.
std::string abbreviated(std::string_view text, std::string_view separators) {
    std::string kept;
    for (text = text.substr(0, limits.topic_bytes_max); !text.empty();) {
        const auto end = std::min(text.find_first_of(separators), text.size());
        const auto part = text.substr(0, end);
        kept += is_harmless(part.substr(part.starts_with('$') ? 1 : 0)) ? part : std::string_view{"*"};
        kept += text.substr(end, 1);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return kept;
}

class MqttSession final : public Session {
public:
    void data(Side from, Bytes bytes, Output& out) override {
        each_message(ways_[index(from)], bytes, limits.head_bytes_max, out, decode,
                     [&](const Packet& packet) { take(from, packet, out); });
    }
    void gap(Side from, std::uint64_t lost, Output& out) override { ways_[index(from)].lose(lost, out); }
    void end(Output& out) override {
        if (told_ && (connecting_ || told_->published + told_->subscribed > 0)) out.emit(std::move(*told_));
        told_.reset();
        connecting_ = false;
    }
    std::size_t memory() const noexcept override {
        return sizeof *this + ways_[0].memory() + ways_[1].memory() +
               (told_ ? sizeof *told_ + 2 * field_text_max + limits.topics_max * (limits.topic_bytes_max + 32)
                      : 0);
    }

private:
    void take(Side from, const Packet& packet, Output& out) {
        if (!told_) told_ = std::make_unique<event::Mqtt>();
        WireReader in{packet.body};
        switch (packet.type) {
            case Type::connect:
                if (from == Side::client) read_connect(in, out);
                break;
            case Type::connack:
                if (from == Side::server) answer(in, out);
                break;
            case Type::publish:
                ++told_->published;
                note(as_text(in.take(std::min<std::size_t>(in.u16(), in.remaining()))));
                break;
            case Type::subscribe: read_subscribe(in); break;
            default: break;
        }
    }

    /// MQTT 5.0, section 3.1.
    void read_connect(WireReader& in, Output& out) {
        const auto name = read_text(in);
        level_ = in.u8();
        const auto flags = in.u8();
        in.skip(2);   // keep alive
        skip_properties(in);
        const auto client_id = read_text(in);
        if (in.truncated() || (name != "MQTT" && name != "MQIsdp"))
            return out.malformed("MQTT connect", in.remaining());
        told_->protocol_version = version_name(level_);
        told_->client_id = abbreviated(client_id, "-_/.: ");
        if (!client_id.empty()) told_->client = out.pseudonym(client_id);
        const bool will = (flags & 0x04U) != 0;
        const bool user = (flags & 0x80U) != 0;
        const bool password = (flags & 0x40U) != 0;
        told_->credentials = password ? "password" : user ? "user" : "";
        if (will) {
            skip_properties(in);
            told_->will_topic = abbreviated(read_text(in), "/");
        }
        connecting_ = true;
        asked_ = out.now;
    }

    void answer(WireReader& in, Output& out) {
        in.skip(1);   // flags
        told_->return_code = in.u8();
        if (connecting_) told_->latency_us = microseconds_since(asked_, out);
        auto next = std::make_unique<event::Mqtt>();
        next->protocol_version = told_->protocol_version;
        next->client_id = told_->client_id;
        next->client = told_->client;
        out.emit(std::move(*told_));
        told_ = std::move(next);
        connecting_ = false;
    }

    void read_subscribe(WireReader& in) {
        in.skip(2);   // packet identifier
        skip_properties(in);
        while (in.remaining() > 2) {
            const auto filter = read_text(in);
            in.skip(1);   // options
            if (in.truncated()) return;
            ++told_->subscribed;
            note(filter);
        }
    }

    void skip_properties(WireReader& in) const {
        if (level_ == 5) in.skip(read_variable(in).value_or(0));
    }

    void note(std::string_view topic) {
        if (topic.empty()) return;   // MQTT 5.0, section 3.3.2.3.4: an alias stands for it
        const auto levels = 1 + std::ranges::count(topic, '/');
        told_->topic_levels = std::max(told_->topic_levels, static_cast<std::uint32_t>(levels));
        auto& topics = told_->topics;
        if (topics.size() >= limits.topics_max) return;
        auto kept = abbreviated(topic, "/");
        if (std::ranges::find(topics, kept) == topics.end()) topics.push_back(std::move(kept));
    }

    std::array<Pending, 2> ways_;
    std::unique_ptr<event::Mqtt> told_;
    event::Time asked_{};
    std::uint8_t level_ = 0;   // 5 has properties
    bool connecting_ = false;
};

}   // namespace

Verdict probe(Bytes first, Side from) {
    if (from != Side::client || first.front() != std::byte{0x10}) return Verdict::no;
    WireReader in{first};
    in.skip(1);
    const auto size = read_variable(in);
    if (!size) return first.size() < 5 ? Verdict::unsure : Verdict::no;
    constexpr std::uint32_t smallest = 12;   // name, level, flags, keep alive, an empty client id
    if (*size < smallest) return Verdict::no;
    const auto text = as_text(in.rest());
    using namespace std::string_view_literals;
    for (const auto name : {"\0\4MQTT"sv, "\0\6MQIsdp"sv}) {
        if (text.starts_with(name)) return Verdict::yes;
        if (name.starts_with(text)) return Verdict::unsure;
    }
    return Verdict::no;
}

std::unique_ptr<Session> open_session() { return std::make_unique<MqttSession>(); }

}   // namespace ward::protocol::mqtt
