// SPDX-License-Identifier: Apache-2.0
// A small vocabulary for tests of sessions.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "protocol/session.hpp"

namespace ward::protocol {

/// One session and what it said so far.
class Bed {
public:
    explicit Bed(std::unique_ptr<Session> session) : session_(std::move(session)) {}

    Bed& client(std::string_view bytes) { return say(Side::client, bytes); }
    Bed& server(std::string_view bytes) { return say(Side::server, bytes); }
    Bed& lose(Side from, std::uint64_t bytes) {
        session_->gap(from, bytes, out);
        return *this;
    }
    Bed& after(std::chrono::nanoseconds pause) {
        out.now += pause;
        return *this;
    }
    Bed& end() {
        session_->end(out);
        return *this;
    }

    /// The events of one kind, in their order.
    template <class T>
    std::vector<const T*> all() const {
        std::vector<const T*> found;
        for (const auto& event : out.events)
            if (const auto* as = event.as<T>()) found.push_back(as);
        return found;
    }
    /// The only event of that kind.
    template <class T>
    const T& one() const {
        const auto found = all<T>();
        if (found.size() == 1) return *found.front();
        ADD_FAILURE() << found.size() << " events of type " << T::event_type;
        static const T none{};
        return none;
    }
    /// Every event as JSON, a line each.
    std::string json() const {
        std::string text;
        for (const auto& event : out.events) {
            json::Writer writer{text};
            event.write(writer);
            text += '\n';
        }
        return text;
    }
    std::size_t memory() const { return session_->memory(); }

    Output out;

private:
    Bed& say(Side from, std::string_view bytes) {
        session_->data(from, as_bytes(bytes), out);
        return *this;
    }
    std::unique_ptr<Session> session_;
};

struct Spoken {
    Side from;
    std::string bytes;
};
using Dialogue = std::vector<Spoken>;

/// What a session makes of a dialogue, counts and all, whose pieces are cut again: `cut` bytes first, then
/// the rest of each.
inline std::string events_of(std::unique_ptr<Session> (*open)(), const Dialogue& dialogue, std::size_t cut) {
    Bed bed{open()};
    for (const auto& [from, bytes] : dialogue) {
        const std::string_view text{bytes};
        const auto at = std::min(cut, text.size());
        for (const auto part : {text.substr(0, at), text.substr(at)})
            if (!part.empty()) from == Side::client ? bed.client(part) : bed.server(part);
    }
    auto told = bed.end().json();
    const auto count = [&](std::uint64_t number) { told += std::to_string(number) + ' '; };
    for (const auto bytes : bed.out.uninspected) count(bytes);
    count(bed.out.patient_items);
    count(bed.out.patient_messages);
    return told.append(bed.out.violation);
}

/// A session must not care how TCP cut the stream: not at all, once anywhere, or at every byte.
inline void expect_any_split_gives_the_same_events(std::unique_ptr<Session> (*open)(),
                                                   const Dialogue& dialogue) {
    const auto whole = events_of(open, dialogue, 0);
    std::size_t longest = 0;
    for (const auto& spoken : dialogue) longest = std::max(longest, spoken.bytes.size());
    for (std::size_t cut = 1; cut < longest; ++cut)
        ASSERT_EQ(events_of(open, dialogue, cut), whole) << "cut at " << cut;
    Dialogue bytewise;
    for (const auto& [from, bytes] : dialogue)
        for (const char c : bytes) bytewise.push_back({from, std::string(1, c)});
    EXPECT_EQ(events_of(open, bytewise, 0), whole) << "byte by byte";
}

/// Bytes of a frame dissected by hand or taken from a standard: "0a 1b" → two bytes.
inline std::string hex(std::string_view digits) {
    std::string packed{digits};
    std::erase_if(packed, [](char c) { return c == ' ' || c == '\n'; });
    const auto bytes = from_hex(packed);
    EXPECT_TRUE(bytes.has_value()) << digits;
    return bytes ? std::string{as_text(*bytes)} : std::string{};
}

}   // namespace ward::protocol
