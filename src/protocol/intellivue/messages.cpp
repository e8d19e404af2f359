// SPDX-License-Identifier: Apache-2.0
#include "protocol/intellivue/messages.hpp"

#include <algorithm>

#include "protocol/text.hpp"
#include "protocol/utf16.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::intellivue {
namespace {

constexpr std::size_t text_max = 64;
constexpr std::uint16_t session_id = 0xe100;
constexpr std::uint32_t nomenclature = 0x00000100;

// Events, actions and objects.
constexpr std::uint16_t mds_create = 0x0d06;
constexpr std::uint16_t connect_indication = 0x0d17;
constexpr std::uint16_t poll = 0x0c16;
constexpr std::uint16_t extended_poll = 0xf13b;
constexpr std::uint16_t patient_demographics = 42;

std::string hexadecimal(Bytes bytes) { return to_hex(bytes.first(std::min(bytes.size(), text_max))); }

/// A label of characters, padded with zero bytes and spaces.
std::string label(Bytes bytes) {
    const auto text = as_text(bytes);
    return clipped(trimmed(text.substr(0, text.find('\0'))), text_max);
}

/// A string of 16-bit characters; the guide's private ones are left out.
std::string wide(Bytes bytes) {
    WireReader in{bytes};
    std::string text;
    while (in.remaining() >= 2 && text.size() < text_max) {
        const auto character = in.u16();
        if (character == 0) break;
        const bool is_private = character >= 0xe000 && character <= 0xf8ff;
        if (!is_private) append_utf8(text, character);
    }
    return std::string{trimmed(text)};
}

/// Calls `take(id, value)` for each attribute of a list.
template <class Take>
void each_attribute(WireReader& in, Take take) {
    const auto count = in.u16();
    in.skip(2);   // length
    for (std::size_t i = 0; i < count && i < limits.attributes_max && in.remaining() > 0; ++i) {
        const auto id = in.u16();
        const auto value = in.take(in.u16());
        if (in.truncated()) return;
        take(id, value);
    }
}

void read_product(Bytes value, event::IntellivueMonitor& told) {
    WireReader in{value};
    const auto count = in.u16();
    in.skip(2);
    for (std::size_t i = 0; i < count && i < limits.attributes_max && in.remaining() > 0; ++i) {
        const auto type = in.u16();
        in.skip(2);   // of which component
        const auto text = label(in.take(in.u16()));
        if (in.truncated() || text.empty()) continue;
        // The first of each belongs to the monitor itself, the others to its parts.
        if (type == 1 && told.serial.empty()) told.serial = text;
        if (type == 2 && told.part_numbers.size() < limits.list_max) told.part_numbers.push_back(text);
        if (type == 3 && told.hardware.empty()) told.hardware = text;
        if (type == 4 && told.software.empty()) told.software = text;
    }
}

void read_ports(Bytes value, event::IntellivueMonitor& told) {
    WireReader in{value};
    const auto count = in.u16();
    in.skip(2);
    for (std::size_t i = 0; i < count && in.remaining() >= 8; ++i) {
        in.skip(2);   // application protocol
        const auto transport = in.u16();
        const auto port = in.u16();
        in.skip(2);
        const bool known = std::ranges::find(told.ports, port) != told.ports.end();
        if (transport == 1 && !known && told.ports.size() < limits.list_max) told.ports.push_back(port);
    }
}

void read_attribute(std::uint16_t id, Bytes value, event::IntellivueMonitor& told) {
    WireReader in{value};
    switch (id) {
        case 0x0928:   // system model
            told.manufacturer = label(in.take(in.u16()));
            told.model = label(in.take(in.u16()));
            break;
        case 0x091e: told.bed_label = wide(in.take(in.u16())); break;
        case 0xf135: told.bed_label = wide(value); break;   // as older monitors announce it
        case 0x092d: read_product(value, told); break;
        case 0x0984: told.system_id = hexadecimal(in.take(in.u16())); break;
        case 0xf100:   // network address
            std::ranges::copy(in.take(told.mac.bytes.size()), told.mac.bytes.begin());
            told.address.family = IpAddress::Family::v4;
            std::ranges::copy(in.take(4), told.address.bytes.begin());
            break;
        case 0xf101: read_ports(value, told); break;
        default: break;
    }
}

struct Named {
    std::uint16_t id;
    std::string_view name;
};
constexpr std::array objects{Named{6, "numerics"}, Named{9, "waves"}, Named{33, "system"},
                             Named{patient_demographics, "patient demographics"}, Named{54, "alarms"}};
constexpr std::array demographics{
    Named{0x0958, "NOM_ATTR_PT_DOB"},         Named{0x095a, "NOM_ATTR_PT_ID"},
    Named{0x095c, "NOM_ATTR_PT_NAME_FAMILY"}, Named{0x095d, "NOM_ATTR_PT_NAME_GIVEN"},
    Named{0x0961, "NOM_ATTR_PT_SEX"},         Named{0x09d8, "NOM_ATTR_PT_AGE"},
    Named{0xf001, "NOM_ATTR_PT_ID_INT"}};

/// A string without characters has only its length and a zero; of the sex, which is a number, zero is
/// unknown.
bool is_empty(std::uint16_t id, Bytes value) {
    if (id == 0x0961) return WireReader{value}.u16() == 0;
    return value.size() <= 4;
}

bool is_poll(const Message& message) { return message.kind == poll || message.kind == extended_poll; }

}   // namespace

Decode<Message> decode(Bytes datagram) {
    WireReader in{datagram};
    Message message;
    message.announces = datagram.size() > 4 && in.u32() == nomenclature;
    if (!message.announces) {
        in = WireReader{datagram};
        if (in.u16() != session_id) return Malformed{"neither a session nor a nomenclature"};
        in.skip(2);   // presentation context
    }
    message.operation = static_cast<Operation>(in.u16());
    if (in.u16() != in.remaining() || in.truncated()) return Malformed{"length is not that of the datagram"};
    if (message.operation == Operation::linked_result) in.skip(2);   // its place in the chain
    in.skip(2);                                                      // invoke
    if (message.operation == Operation::error) return Decoded<Message>{message, datagram.size()};
    message.command = static_cast<Command>(in.u16());
    in.skip(2);
    message.object_class = in.u16();
    in.skip(4);
    const bool invokes = message.operation == Operation::invoke;
    const bool reports =
        message.command == Command::event_report || message.command == Command::confirmed_event_report;
    if (reports) in.skip(4);                                                   // time
    if (invokes && message.command == Command::confirmed_action) in.skip(4);   // scope
    message.kind = in.u16();
    in.skip(2);
    message.content = in.rest();
    return Decoded<Message>{message, datagram.size()};
}

std::optional<event::IntellivueMonitor> read_monitor(const Message& message) {
    const bool announces = message.announces && message.kind == connect_indication;
    const bool creates =
        !message.announces && message.operation == Operation::invoke && message.kind == mds_create;
    if (!announces && !creates) return std::nullopt;
    event::IntellivueMonitor told;
    told.kind = announces ? "connect_indication" : "mds_create";
    WireReader in{message.content};
    if (creates) in.skip(6);   // managed object
    each_attribute(in, [&](std::uint16_t id, Bytes value) { read_attribute(id, value, told); });
    return told;
}

std::string_view polled_objects(const Message& message) {
    if (message.operation != Operation::invoke || !is_poll(message)) return {};
    WireReader in{message.content};
    in.skip(4);   // poll number, partition
    const auto known = std::ranges::find(objects, in.u16(), &Named::id);
    return known == objects.end() ? "other" : known->name;
}

std::vector<std::string_view> patient_fields(const Message& message) {
    std::vector<std::string_view> found;
    const bool answers =
        message.operation == Operation::result || message.operation == Operation::linked_result;
    if (!answers || !is_poll(message)) return found;
    WireReader in{message.content};
    in.skip(message.kind == extended_poll ? 4 : 2);   // poll number, sequence number
    in.skip(4 + 8 + 2);                               // times, partition
    if (in.u16() != patient_demographics) return found;
    in.skip(2);   // attribute group
    const auto contexts = in.u16();
    in.skip(2);
    for (std::size_t i = 0; i < contexts && in.remaining() > 0; ++i) {
        in.skip(2);   // context
        const auto polled = in.u16();
        in.skip(2);
        for (std::size_t j = 0; j < polled && in.remaining() > 0; ++j) {
            in.skip(2);   // handle
            each_attribute(in, [&](std::uint16_t id, Bytes value) {
                const auto known = std::ranges::find(demographics, id, &Named::id);
                if (known == demographics.end() || is_empty(id, value)) return;
                if (std::ranges::find(found, known->name) == found.end()) found.push_back(known->name);
            });
        }
    }
    return found;
}

}   // namespace ward::protocol::intellivue
