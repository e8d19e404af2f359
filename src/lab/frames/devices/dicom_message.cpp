// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/devices/dicom_message.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "lab/frames/devices/dicom_dataset.hpp"
#include "wire/wire_reader.hpp"

namespace ward::lab::dicom {
namespace {

constexpr std::string_view application_context = "1.2.840.10008.3.1.1.1";

Buffer unit(std::uint8_t type, Bytes content) {
    Buffer out{std::byte{type}, std::byte{0}};
    append_big_endian(out, static_cast<std::uint32_t>(content.size()));
    append(out, content);
    return out;
}

void append_item(Buffer& out, std::uint8_t type, Bytes content) {
    out.push_back(std::byte{type});
    out.push_back(std::byte{0});
    append_big_endian(out, static_cast<std::uint16_t>(content.size()));
    append(out, content);
}

void append_title(Buffer& out, std::string_view title) {
    append(out, as_bytes(fmt::format("{:<16}", title)));
}

Buffer proposal_head(std::uint8_t id) { return {std::byte{id}, std::byte{0}, std::byte{0}, std::byte{0}}; }

/// PS3.8, tables 9-11 and 9-17: alike but for the items of the contexts.
Buffer associate(std::uint8_t type, const Association& wanted, const Buffer& contexts) {
    Buffer out;
    append_big_endian<std::uint16_t>(out, 1);   // protocol version
    append_big_endian<std::uint16_t>(out, 0);
    append_title(out, wanted.called);
    append_title(out, wanted.calling);
    out.resize(out.size() + 32);
    append_item(out, 0x10, as_bytes(application_context));
    append(out, contexts);
    Buffer user;
    Buffer most;
    append_big_endian(most, wanted.unit_bytes_max);
    append_item(user, 0x51, most);
    append_item(user, 0x52, as_bytes(implementation_class));
    for (const auto& context : wanted.contexts) {
        if (!context.is_served) continue;
        Buffer roles;
        append_big_endian(roles, static_cast<std::uint16_t>(context.abstract_syntax.size()));
        append(roles, as_bytes(context.abstract_syntax));
        append_big_endian<std::uint16_t>(roles, 0x0001);   // no user, but a provider
        append_item(user, 0x54, roles);
    }
    append_item(user, 0x55, as_bytes(implementation_version));
    append_item(out, 0x50, user);
    return unit(type, out);
}

void append_element(Buffer& out, std::uint16_t element, Bytes value) {
    append_little_endian<std::uint16_t>(out, 0);   // group
    append_little_endian(out, element);
    append_little_endian(out, static_cast<std::uint32_t>(value.size()));
    append(out, value);
}

void append_element(Buffer& out, std::uint16_t element, std::uint16_t value) {
    Buffer bytes;
    append_little_endian(bytes, value);
    append_element(out, element, Bytes{bytes});
}

void append_uid(Buffer& out, std::uint16_t element, std::string_view uid) {
    std::string even{uid};
    if (even.size() % 2 == 1) even += '\0';
    append_element(out, element, as_bytes(even));
}

void append_title(Buffer& out, std::uint16_t element, std::string_view title) {
    append_element(out, element, as_bytes(fmt::format("{:<16}", title)));
}

void append_retrieved(Buffer& out, const Retrieved& retrieved) {
    append_element(out, 0x1020, retrieved.remaining);
    append_element(out, 0x1021, retrieved.completed);
    append_element(out, 0x1022, retrieved.failed);
    append_element(out, 0x1023, std::uint16_t{0});   // with warnings
}

}   // namespace

Buffer associate_request(const Association& wanted) {
    Buffer contexts;
    for (const auto& context : wanted.contexts) {
        auto item = proposal_head(context.id);
        append_item(item, 0x30, as_bytes(context.abstract_syntax));
        for (const auto syntax : context.transfer_syntaxes) append_item(item, 0x40, as_bytes(syntax));
        append_item(contexts, 0x20, item);
    }
    return associate(0x01, wanted, contexts);
}

Buffer associate_accept(const Association& wanted) {
    Buffer contexts;
    for (const auto& context : wanted.contexts) {
        auto item = proposal_head(context.id);
        append_item(item, 0x40, as_bytes(context.transfer_syntaxes.front()));
        append_item(contexts, 0x21, item);
    }
    return associate(0x02, wanted, contexts);
}

Buffer associate_reject() {
    // Transient; by the service provider (presentation); temporary congestion.
    return unit(0x03, Buffer{std::byte{0}, std::byte{2}, std::byte{3}, std::byte{1}});
}

Buffer release_request() { return unit(0x05, Buffer(4)); }
Buffer release_response() { return unit(0x06, Buffer(4)); }

Buffer abort(AbortReason reason) {
    return unit(0x07, Buffer{std::byte{0}, std::byte{0}, std::byte{2}, static_cast<std::byte>(reason)});
}

Buffer command_set(const Command& command) {
    Buffer elements;
    const bool is_response = command.status.has_value();
    append_uid(elements, 0x0002, command.sop_class);
    append_element(elements, 0x0100,
                   static_cast<std::uint16_t>(static_cast<std::uint16_t>(command.operation) |
                                              (is_response ? response_bit : 0)));
    append_element(elements, is_response ? 0x0120 : 0x0110, command.message_id);
    if (!command.destination.empty() && !is_response) append_title(elements, 0x0600, command.destination);
    if (!is_response && command.operation != Operation::echo)
        append_element(elements, 0x0700, std::uint16_t{0});   // priority: medium
    append_element(elements, 0x0800,
                   std::uint16_t{command.has_dataset ? std::uint16_t{1} : std::uint16_t{0x0101}});
    if (is_response) append_element(elements, 0x0900, *command.status);
    if (!command.instance.empty()) append_uid(elements, 0x1000, command.instance);
    if (is_response && command.retrieved) append_retrieved(elements, *command.retrieved);
    if (!is_response && !command.originator.empty()) {
        append_title(elements, 0x1030, command.originator);
        append_element(elements, 0x1031, std::uint16_t{1});   // its first message
    }
    Buffer length;
    append_little_endian(length, static_cast<std::uint32_t>(elements.size()));
    Buffer out;
    append_element(out, 0x0000, Bytes{length});
    append(out, elements);
    return out;
}

Buffer message_units(std::uint8_t context, Fragment kind, Bytes message, std::size_t unit_bytes_max) {
    constexpr std::size_t head = 6;   // of a presentation data value: length, context, control
    Buffer out;
    do {
        const auto part = message.first(std::min(message.size(), unit_bytes_max - head));
        message = message.subspan(part.size());
        Buffer value;
        append_big_endian(value, static_cast<std::uint32_t>(part.size() + 2));
        value.push_back(std::byte{context});
        value.push_back(static_cast<std::byte>(static_cast<unsigned>(kind) | (message.empty() ? 2U : 0U)));
        append(value, part);
        append(out, unit(0x04, value));
    } while (!message.empty());
    return out;
}

}   // namespace ward::lab::dicom
