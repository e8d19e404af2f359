// SPDX-License-Identifier: Apache-2.0
#include "protocol/dicom/command.hpp"

#include "protocol/dicom/associate.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::dicom {
namespace {

constexpr std::uint16_t no_dataset = 0x0101;   // PS3.7, E.1: any other value says that one follows

void read_element(std::uint16_t element, Bytes value, Command& command) {
    WireReader in{value};
    const auto text = unpadded(as_text(value));
    switch (element) {
        case 0x0002:
        case 0x0003: command.sop_class = text; break;
        case 0x0100: command.field = in.le16(); break;
        case 0x0110: command.message_id = in.le16(); break;
        case 0x0120: command.responds_to = in.le16(); break;
        case 0x0600: command.move_destination = text; break;
        case 0x0800: command.has_dataset = in.le16() != no_dataset; break;
        case 0x0900:
            if (value.size() == 2) command.status = in.le16();
            break;
        case 0x1000:
        case 0x1001: command.sop_instance = text; break;
        case 0x1002: command.event_id = in.le16(); break;
        case 0x1008: command.action_id = in.le16(); break;
        case 0x1020: command.remaining = in.le16(); break;
        case 0x1021: command.completed = in.le16(); break;
        case 0x1022: command.failed = in.le16(); break;
        case 0x1023: command.warning = in.le16(); break;
        case 0x1030: command.move_originator = text; break;
        default: break;   // priority, error comment and the rest say nothing of who does what
    }
}

}   // namespace

Decode<Command> decode_command(Bytes set) {
    WireReader in{set};
    Command command;
    while (in.remaining() > 0) {
        const auto group = in.le16();
        const auto element = in.le16();
        const auto value = in.take(in.le32());
        if (in.truncated()) return Malformed{"element longer than its command set"};
        if (group != 0) return Malformed{"command set with elements of other groups"};
        read_element(element, value, command);
    }
    if (command.field == 0) return Malformed{"command set without command field"};
    return Decoded<Command>{command, set.size()};
}

}   // namespace ward::protocol::dicom
