// SPDX-License-Identifier: Apache-2.0
// What a device does again and again: whom it asks or answers, at which port, in which words.
#pragma once

#include <string>
#include <vector>

#include "detect/seen.hpp"
#include "state/kept.hpp"

namespace ward::detect {

enum class Side : std::uint8_t { asks, answers };

/// One thing that a device does. Numbers stand for texts, so that many fit; they are the same everywhere.
struct Habit {
    static constexpr std::uint32_t anybody = 0xffff'ffff, outside = 1;

    std::uint32_t group = 0;   // the other end's network, or its domain; 0 for a function
    std::uint32_t what = 0;    // a protocol or a function; 0 where none was recognised
    std::uint16_t port = 0;    // 0: one of those that are lent for a while
    Side side = Side::asks;
    bool is_function = false;

    bool operator==(const Habit&) const = default;
    void state(state::Kept& kept) { kept(group, what, port, side, is_function); }
};

/// How a habit differs from all that are known, the most telling last.
enum class Novelty : std::uint8_t { none, known_parts, network, protocol, function, service };

/// The habits of one device, or of a kind.
class Habits {
public:
    Novelty novelty(const Habit& habit) const;
    /// With as many as `groups_max` groups of one service its others count as known. Full, it takes no more.
    void add(const Habit& habit, std::size_t groups_max, std::size_t habits_max);
    std::size_t size() const noexcept { return all_.size(); }
    const std::vector<Habit>& all() const noexcept { return all_; }
    /// Forgets those that `others` do not know.
    void keep_known_to(const Habits& others);
    void state(state::Kept& kept) { kept(all_); }

private:
    void open_to_anybody(const Habit& service);

    std::vector<Habit> all_;
};

/// Whether the event is of two hosts that answered each other, as far as one sees.
bool is_conversation(const Seen& seen);
/// Of the client, or of the server.
Habit conversation_habit(const Seen& seen, Side side);
/// What is asked for, in the protocol's own words: "C-MOVE", "writeProperty"; empty where it says none.
std::string_view function_of(const Seen& seen);
Habit function_habit(const Seen& seen, Side side, std::string_view function);

/// For people: "answers at port 22 (ssh)".
std::string text_of(const Seen& seen, Side side, Novelty novelty, std::string_view function);

}   // namespace ward::detect
