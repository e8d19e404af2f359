// SPDX-License-Identifier: Apache-2.0
// The messages of the guide's chapter 5, each a datagram.
#pragma once

#include <optional>

#include "core/bytes.hpp"
#include "event/intellivue.hpp"
#include "wire/decode.hpp"

namespace ward::protocol::intellivue {

struct Limits {
    std::size_t attributes_max = 256;   // of one message
    std::size_t list_max = 16;          // ports, part numbers
};
inline constexpr Limits limits;

/// Remote operations, in the guide's words.
enum class Operation : std::uint16_t { invoke = 1, result = 2, error = 3, linked_result = 5 };
enum class Command : std::uint16_t {
    event_report = 0,
    confirmed_event_report = 1,
    get = 3,
    set = 5,
    confirmed_action = 7
};

struct Message {
    bool announces = false;   // a connect indication: without a session
    Operation operation{};
    Command command{};
    std::uint16_t object_class = 0;   // managed object
    std::uint16_t kind = 0;           // event or action
    Bytes content;                    // what belongs to it; borrows
};

/// A datagram of data export or a connect indication.
Decode<Message> decode(Bytes datagram);

/// Of an announcement or of an MDS create event; nothing for other messages.
std::optional<event::IntellivueMonitor> read_monitor(const Message& message);

/// What kind of objects a poll asks for; empty for other messages.
std::string_view polled_objects(const Message& message);

/// Which fields of a patient's demographics a poll's result holds.
std::vector<std::string_view> patient_fields(const Message& message);

}   // namespace ward::protocol::intellivue
