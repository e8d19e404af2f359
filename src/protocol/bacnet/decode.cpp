// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "protocol/bacnet/bacnet.hpp"
#include "protocol/text.hpp"
#include "protocol/utf16.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::bacnet {
namespace {

constexpr Limits limits;
constexpr std::size_t link_header_size = 4;

// Annex J.2
std::string_view link_name(std::uint8_t function) {
    constexpr std::array<std::string_view, 13> names{"BVLC-Result",
                                                     "Write-Broadcast-Distribution-Table",
                                                     "Read-Broadcast-Distribution-Table",
                                                     "Read-Broadcast-Distribution-Table-Ack",
                                                     "Forwarded-NPDU",
                                                     "Register-Foreign-Device",
                                                     "Read-Foreign-Device-Table",
                                                     "Read-Foreign-Device-Table-Ack",
                                                     "Delete-Foreign-Device-Table-Entry",
                                                     "Distribute-Broadcast-To-Network",
                                                     "",
                                                     "",
                                                     "Secure-BVLL"};
    return function < names.size() ? names[function] : std::string_view{};
}

// Clause 21, BACnetConfirmedServiceChoice
std::string name_confirmed(std::uint8_t service) {
    constexpr std::array<std::string_view, 34> names{"acknowledgeAlarm",
                                                     "confirmedCOVNotification",
                                                     "confirmedEventNotification",
                                                     "getAlarmSummary",
                                                     "getEnrollmentSummary",
                                                     "subscribeCOV",
                                                     "atomicReadFile",
                                                     "atomicWriteFile",
                                                     "addListElement",
                                                     "removeListElement",
                                                     "createObject",
                                                     "deleteObject",
                                                     "readProperty",
                                                     "readPropertyConditional",
                                                     "readPropertyMultiple",
                                                     "writeProperty",
                                                     "writePropertyMultiple",
                                                     "deviceCommunicationControl",
                                                     "confirmedPrivateTransfer",
                                                     "confirmedTextMessage",
                                                     "reinitializeDevice",
                                                     "vtOpen",
                                                     "vtClose",
                                                     "vtData",
                                                     "authenticate",
                                                     "requestKey",
                                                     "readRange",
                                                     "lifeSafetyOperation",
                                                     "subscribeCOVProperty",
                                                     "getEventInformation",
                                                     "subscribeCOVPropertyMultiple",
                                                     "confirmedCOVNotificationMultiple",
                                                     "confirmedAuditNotification",
                                                     "auditLogQuery"};
    return service < names.size() ? std::string{names[service]} : std::to_string(service);
}

std::string name_unconfirmed(std::uint8_t service) {
    constexpr std::array<std::string_view, 11> names{"i-Am",
                                                     "i-Have",
                                                     "unconfirmedCOVNotification",
                                                     "unconfirmedEventNotification",
                                                     "unconfirmedPrivateTransfer",
                                                     "unconfirmedTextMessage",
                                                     "timeSynchronization",
                                                     "who-Has",
                                                     "who-Is",
                                                     "utcTimeSynchronization",
                                                     "writeGroup"};
    return service < names.size() ? std::string{names[service]} : std::to_string(service);
}

// Those that name a device: clause 12.11.
std::string_view naming_property(std::uint32_t property) {
    switch (property) {
        case 12: return "application-software-version";
        case 44: return "firmware-revision";
        case 70: return "model-name";
        case 77: return "object-name";
        case 120: return "vendor-identifier";
        case 121: return "vendor-name";
        case 372: return "serial-number";
        default: return {};
    }
}

std::string object_name(std::uint32_t identifier) {
    constexpr std::array<std::string_view, 11> types{
        "analog-input", "analog-output", "analog-value", "binary-input",     "binary-output", "binary-value",
        "calendar",     "command",       "device",       "event-enrollment", "file"};
    const auto type = identifier >> 22U;
    return (type < types.size() ? std::string{types[type]} : std::to_string(type)) + ',' +
           std::to_string(identifier & 0x3fffffU);
}

/// Clause 20.2.1: a tag number, whether it is the context's own, and a length.
struct Tagged {
    std::uint8_t number = 0;
    bool context = false;
    bool bracket = false;   // opens or closes
    Bytes content;
    std::uint32_t integer() const {
        std::uint32_t value = 0;
        for (const auto byte : content.first(std::min<std::size_t>(content.size(), 4)))
            value = value << 8U | std::to_integer<std::uint32_t>(byte);
        return value;
    }
};

std::optional<Tagged> next(WireReader& in) {
    if (in.remaining() == 0) return std::nullopt;
    const auto first = in.u8();
    Tagged tagged;
    tagged.number = first >> 4U;
    if (tagged.number == 15) tagged.number = in.u8();
    tagged.context = (first & 8U) != 0;
    std::size_t length = first & 7U;
    if (tagged.context && length >= 6) {
        tagged.bracket = true;
        return tagged;
    }
    if (length == 5) {
        length = in.u8();
        if (length == 254)
            length = in.u16();
        else if (length == 255)
            length = in.u32();
    }
    // A boolean's value stands where a length would.
    if (!tagged.context && tagged.number == 1) length = 0;
    tagged.content = in.take(length);
    if (in.truncated()) return std::nullopt;
    return tagged;
}

/// Clause 20.2.9: the first byte says how the text is written.
std::string text_of(const Tagged& value) {
    if (value.context || value.number != 7) return {};
    constexpr std::uint8_t ucs2 = 4, latin1 = 5;   // 0 is UTF-8; others are rare, and stay as they are
    WireReader in{value.content};
    const auto encoding = in.u8();
    if (encoding != ucs2 && encoding != latin1) return clipped(as_text(in.rest()), limits.value_max);
    std::string text;
    while (in.remaining() > (encoding == ucs2 ? 1U : 0U) && text.size() < limits.value_max)
        append_utf8(text, encoding == ucs2 ? in.u16() : in.u8());
    return text;
}

void read_i_am(WireReader& in, event::Bacnet& told) {
    const auto object = next(in);
    const auto apdu = next(in);
    next(in);   // segmentation
    const auto vendor = next(in);
    if (!object || !apdu || !vendor || object->number != 12) return;
    told.object = object_name(object->integer());
    told.device_instance = object->integer() & 0x3fffffU;
    told.max_apdu_length = apdu->integer();
    told.vendor_id = vendor->integer();
}

/// ReadProperty, its answer and WriteProperty begin alike: clauses 15.5 and 15.9.
void read_property(WireReader& in, bool answers, event::Bacnet& told) {
    const auto object = next(in);
    const auto property = next(in);
    if (!object || !property || !object->context || !property->context) return;
    told.object = object_name(object->integer());
    const auto name = naming_property(property->integer());
    told.property = name.empty() ? std::to_string(property->integer()) : std::string{name};
    if (!answers || name.empty()) return;
    auto value = next(in);
    if (value && value->context && !value->bracket) value = next(in);   // an array index
    if (!value || !value->bracket) return;
    if (const auto inner = next(in)) {
        told.value = text_of(*inner);
        if (property->integer() == 120) told.vendor_id = inner->integer();
    }
}

void read_arguments(std::uint8_t service, bool answers, WireReader& in, event::Bacnet& told) {
    if (service == 12 || (service == 15 && !answers)) read_property(in, answers, told);
}

/// Clause 20.1.7.
void read_error(WireReader& in, event::Bacnet& told) {
    const auto error_class = next(in);
    const auto code = next(in);
    if (!error_class || !code) return;
    told.error_class = error_class->integer();
    told.error_code = code->integer();
}

/// Clause 20.1: the application layer.
bool read_apdu(WireReader& in, Message& message) {
    constexpr std::array<std::string_view, 8> names{"Confirmed-Request-PDU",
                                                    "Unconfirmed-Request-PDU",
                                                    "SimpleACK-PDU",
                                                    "ComplexACK-PDU",
                                                    "SegmentACK-PDU",
                                                    "Error-PDU",
                                                    "Reject-PDU",
                                                    "Abort-PDU"};
    auto& told = message.told;
    const auto first = in.u8();
    const std::size_t type = first >> 4U;
    if (type >= names.size()) return false;
    const bool segmented = (first & 8U) != 0 && (type == 0 || type == 3);
    told.pdu = names[type];
    if (type == 1) {
        const auto service = in.u8();
        told.service = name_unconfirmed(service);
        if (service == 0) read_i_am(in, told);
        return !in.truncated();
    }
    if (type == 0) in.skip(1);
    message.invoke_id = in.u8();
    message.role = type == 0 ? Role::request : type == 4 ? Role::fragment : Role::answer;
    told.invoke_id = message.invoke_id;
    if (segmented) {
        const auto sequence = in.u8();
        in.skip(1);
        if (sequence > 0) message.role = Role::fragment;
    }
    if (type == 6 || type == 7) {
        told.reason = in.u8();
    } else if (type != 4) {
        const auto service = in.u8();
        told.service = name_confirmed(service);
        if (in.truncated()) return false;
        if (type == 5) {
            read_error(in, told);
        } else if (type != 2 && !segmented) {
            read_arguments(service, type == 3, in, told);
        }
    }
    return !in.truncated();
}

}   // namespace

Decode<Message> decode(Bytes datagram) {
    if (datagram.size() < link_header_size) return Malformed{"datagram shorter than its header"};
    WireReader in{datagram};
    if (in.u8() != 0x81) return Malformed{"not BACnet over IP"};
    const auto function = in.u8();
    const std::size_t length = in.u16();
    if (length < link_header_size) return Malformed{"length shorter than its header"};
    Message message;
    // Devices obey such a message all the same, so who forges it must not be overlooked.
    message.length_differs = length != datagram.size();
    auto& told = message.told;
    told.bvlc = link_name(function);
    const bool carries = function == 0x04 || (function >= 0x09 && function <= 0x0b);
    if (!carries) {
        if (told.bvlc.empty()) return Malformed{"unknown BVLC function"};
        return Decoded<Message>{std::move(message), datagram.size()};
    }
    in = WireReader{datagram.first(std::min(length, datagram.size()))};
    in.skip(function == 0x04 ? link_header_size + 6 : link_header_size);   // J.2.5: who sent it first
    if (in.u8() != 1) return Malformed{"network layer of another version"};
    const auto control = in.u8();
    const bool to_network = (control & 0x20U) != 0;
    if (to_network) {
        in.skip(2);
        in.skip(in.u8());
    }
    if ((control & 0x08U) != 0) {
        told.source_network = in.u16();
        told.source_address = to_hex(in.take(in.u8()));
    }
    if (to_network) in.skip(1);   // hop count
    if ((control & 0x80U) != 0) {
        told.pdu = "network-layer-message";
        told.service = std::to_string(in.u8());   // clause 6.2.4
        if (in.truncated()) return Malformed{"network message is cut"};
    } else if (!read_apdu(in, message)) {
        return Malformed{"application message is cut or unknown"};
    }
    return Decoded<Message>{std::move(message), datagram.size()};
}

}   // namespace ward::protocol::bacnet
