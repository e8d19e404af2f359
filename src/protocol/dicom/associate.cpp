// SPDX-License-Identifier: Apache-2.0
#include "protocol/dicom/associate.hpp"

#include "protocol/dicom/dicom.hpp"
#include "protocol/dicom/names.hpp"
#include "protocol/text.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol::dicom {
namespace {

constexpr std::size_t title_size = 16;
constexpr std::string_view dicom_application = "1.2.840.10008.3.1.1.1";   // PS3.7, A.2.1

std::string uid(Bytes bytes) { return uid_text(as_text(bytes)); }

/// An item of PS3.8, 9.3.2.1: its type, a reserved byte, its length, its content.
struct Item {
    std::uint8_t type = 0;
    Bytes content;
};
Item next_item(WireReader& in) {
    Item item;
    item.type = in.u8();
    in.skip(1);
    item.content = in.take(in.u16());
    return item;
}

/// PS3.8, 9.3.2.2, which proposes, and 9.3.3.2, which answers.
event::DicomPresentation read_presentation(const Item& context) {
    const bool answer = context.type == 0x21;
    WireReader in{context.content};
    event::DicomPresentation presentation;
    presentation.id = in.u8();
    in.skip(1);
    const auto result = in.u8();
    in.skip(1);
    if (answer) presentation.result = presentation_result(result);
    while (in.remaining() > 0 && !in.truncated()) {
        const auto item = next_item(in);
        if (item.type == 0x30) {
            presentation.abstract_syntax = uid(item.content);
            presentation.abstract_syntax_name = sop_class_name(presentation.abstract_syntax);
        } else if (item.type == 0x40 && answer) {
            // PS3.8, 9.3.3.2: without significance where the context was not accepted.
            if (result == 0) presentation.transfer_syntax = uid(item.content);
        } else if (item.type == 0x40 && presentation.proposed.size() < limits.transfer_syntaxes_max) {
            presentation.proposed.push_back(uid(item.content));
        }
    }
    return presentation;
}

void read_identity(Bytes content, Associate& associate) {
    WireReader in{content};
    const auto type = in.u8();
    in.skip(1);
    associate.user.identity = identity_kind(type);
    // Of the other kinds the first field is itself the proof.
    const bool named = type == 1 || type == 2;
    if (const auto name = in.take(in.u16()); named) associate.username = unpadded(as_text(name));
}

void read_user(Bytes content, Associate& associate) {
    auto& user = associate.user;
    WireReader in{content};
    while (in.remaining() > 0 && !in.truncated()) {
        const auto item = next_item(in);
        WireReader inner{item.content};
        switch (item.type) {
            case 0x51: user.max_pdu_size = inner.u32(); break;
            case 0x52: user.implementation_class_uid = uid(item.content); break;
            case 0x53:
                user.operations_invoked = inner.u16();
                user.operations_performed = inner.u16();
                break;
            case 0x54: {
                if (user.roles.size() >= limits.presentations_max) break;
                event::DicomRole role;
                role.sop_class = uid(inner.take(inner.u16()));
                role.user = inner.u8() != 0;
                role.provider = inner.u8() != 0;
                user.roles.push_back(std::move(role));
                break;
            }
            case 0x55: user.implementation_version = clipped(unpadded(as_text(item.content)), 16); break;
            case 0x58: read_identity(item.content, associate); break;
            default: break;
        }
    }
}

}   // namespace

std::string_view unpadded(std::string_view value) {
    constexpr std::string_view padding{" \0", 2};
    const auto begin = value.find_first_not_of(padding);
    if (begin == std::string_view::npos) return {};
    return value.substr(begin, value.find_last_not_of(padding) - begin + 1);
}

std::string uid_text(std::string_view value) {
    constexpr std::size_t uid_max = 64;
    const auto uid = unpadded(value).substr(0, uid_max);
    return uid.find_first_not_of("0123456789.") == std::string_view::npos ? std::string{uid} : std::string{};
}

Decode<Associate> decode_associate(Bytes body) {
    WireReader in{body};
    Associate associate;
    in.skip(4);   // protocol version, reserved
    associate.called = clipped(unpadded(as_text(in.take(title_size))));
    associate.calling = clipped(unpadded(as_text(in.take(title_size))));
    in.skip(32);
    if (in.truncated()) return Malformed{"A-ASSOCIATE without its fixed fields"};
    while (in.remaining() > 0) {
        const auto item = next_item(in);
        if (in.truncated()) return Malformed{"A-ASSOCIATE item longer than its PDU"};
        if (item.type == 0x10) {
            associate.application_name = uid(item.content);
            if (associate.application_name == dicom_application) associate.application_name.clear();
        } else if (item.type == 0x20 || item.type == 0x21) {
            if (associate.presentations.size() < limits.presentations_max)
                associate.presentations.push_back(read_presentation(item));
        } else if (item.type == 0x50) {
            read_user(item.content, associate);
        }
    }
    return Decoded<Associate>{std::move(associate), body.size()};
}

}   // namespace ward::protocol::dicom
