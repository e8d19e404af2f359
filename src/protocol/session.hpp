// SPDX-License-Identifier: Apache-2.0
// What decodes one conversation of one protocol: bytes in, events out. Pure: no I/O, no clock, no log, and no
// memory that an attacker can grow without bound.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.hpp"
#include "event/event.hpp"

namespace ward::protocol {

using event::Side;

/// Why bytes of a flow were not looked into. Every flow counts them. `content` is what a message carries and
/// its protocol passes on unread: files, images, mails, statements.
enum class Uninspected : std::uint8_t { gap, cap, encrypted, unknown, malformed, content };
inline constexpr std::size_t uninspected_kinds = 6;

/// A keyed hash for an identifier that must not leave the process. Empty where there is no key.
using Pseudonymise = std::function<event::Pseudonym(std::string_view identifier)>;

/// What a session says during one call. The caller reads it afterwards and clears it.
struct Output {
    event::Time now{};   // of the packet
    const Pseudonymise* pseudonymise = nullptr;

    std::vector<event::Payload> events;
    std::array<std::uint64_t, uninspected_kinds> uninspected{};
    std::string_view violation;           // a literal: what the protocol does not allow; the last one counts
    std::uint32_t patient_items = 0;      // identifying fields of patients that crossed in clear
    std::uint32_t patient_messages = 0;   // messages that carried them
    /// The protocol ends here and another begins with these bytes (STARTTLS, CONNECT): the session is
    /// dropped, and both directions are recognised anew. Borrows the bytes given to data().
    std::optional<Bytes> restart;

    template <class T>
    void emit(T event) {
        events.emplace_back(std::move(event));
    }
    /// One message carried so many identifying fields of patients, or none.
    void exposed(std::uint32_t items) {
        patient_items += items;
        patient_messages += items > 0 ? 1 : 0;
    }
    void skipped(Uninspected why, std::uint64_t bytes) {
        uninspected[static_cast<std::size_t>(why)] += bytes;
    }
    /// Garbage, or a message that its own standard forbids: `bytes` of it were given up.
    void malformed(std::string_view reason, std::uint64_t bytes) {
        violation = reason;
        skipped(Uninspected::malformed, bytes);
    }
    event::Pseudonym pseudonym(std::string_view identifier) const {
        return pseudonymise != nullptr && *pseudonymise ? (*pseudonymise)(identifier) : event::Pseudonym{};
    }
};

/// Of TCP it gets the bytes of both directions, each in order and once, in pieces of any size; of UDP one
/// call is one datagram. It must give the same events however TCP cut the stream.
class Session {
public:
    virtual ~Session() = default;
    virtual void data(Side from, Bytes bytes, Output& out) = 0;
    /// The capture lost `lost` bytes of this direction: what was begun is given up, and the next message is
    /// looked for. Called for TCP only.
    virtual void gap(Side from, std::uint64_t lost, Output& out) = 0;
    /// The flow is over: what still waits for an answer is told without it.
    virtual void end(Output& out) = 0;
    /// Bytes on the heap, roughly. Bounded by the session itself: 1 MiB at most, usually a few KiB.
    virtual std::size_t memory() const noexcept = 0;
};

}   // namespace ward::protocol
