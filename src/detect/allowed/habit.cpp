// SPDX-License-Identifier: Apache-2.0
#include "detect/allowed/habit.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "detect/domain.hpp"
#include "detect/pair.hpp"

namespace ward::detect {
namespace {

constexpr std::uint16_t lent_from = 32'768;   // Linux lends ports from here on, others from 49,152

constexpr std::uint16_t dhcp_client = 68;   // who waits for an answer there, asked

/// FNV-1a, folded to half: no attack chooses what it is judged by but for a domain, and gains one habit.
std::uint32_t number_of(std::string_view text, std::uint64_t hash = 0xcbf2'9ce4'8422'2325) {
    for (const auto c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01b3;
    return static_cast<std::uint32_t>(hash ^ (hash >> 32U));
}

/// The site, in what the client itself calls it: many share an address.
std::string_view site_of(const Seen& seen) {
    return domain_of(seen.is("tls") || seen.is("quic") ? seen.text("sni")
                     : seen.is("http")                 ? seen.text("hostname")
                                                       : "");
}

std::uint32_t group_of(const IpAddress& other, std::string_view site) {
    if (is_outside(other)) return site.empty() ? Habit::outside : number_of(site);
    const auto words = network_of(other).words();
    return static_cast<std::uint32_t>(words[0] ^ (words[0] >> 32U));
}

/// Who may be reached at it: one's own port of RTP is agreed on for a call.
std::uint16_t port_of(const Seen& seen) {
    return seen.server_port >= lent_from || seen.protocol == "rtp" ? std::uint16_t{0} : seen.server_port;
}

bool is_same_offer(const Habit& one, const Habit& other) {
    return one.side == other.side && one.port == other.port && (one.port != 0 || one.what == other.what);
}

/// What a server of files is asked for is as many as people; what is not about files is few.
std::string_view smb_function(const Seen& seen) {
    const auto command = seen.text("command");
    if (command.starts_with("SMB1")) return "SMB1";
    if (!seen.text("named_pipe").empty()) return seen.text("named_pipe");
    const bool changes = command == "SMB2_COMMAND_WRITE" || command == "SMB2_COMMAND_SET_INFO";
    return changes ? "changes of files" : "";
}

/// The kind of message; what made it may be rare. Servers answer, and few send.
std::string_view hl7_function(const Seen& seen) {
    const auto type = seen.text("type");
    return seen.text("from") == "server" ? "" : type.substr(0, type.find('^'));
}

/// Devices find one another all day; only what is asked of one is a command.
std::string_view sdc_function(const Seen& seen) {
    const auto action = seen.text("action");
    return action.starts_with("Set") || action.starts_with("Activate") ? action : "";
}

}   // namespace

Novelty Habits::novelty(const Habit& habit) const {
    if (std::ranges::find(all_, habit) != all_.end()) return Novelty::none;
    if (habit.is_function) return Novelty::function;
    bool service = false, group = false, protocol = false, others = false;
    for (const auto& known : all_) {
        if (known.is_function || !is_same_offer(known, habit)) continue;
        service = true;
        group |= known.group == habit.group || known.group == Habit::anybody;
        protocol |= known.what == habit.what;
        others |= known.what != 0;
    }
    if (!service) return Novelty::service;
    if (habit.what != 0 && others && !protocol) return Novelty::protocol;
    return group ? Novelty::known_parts : Novelty::network;
}

void Habits::add(const Habit& habit, std::size_t groups_max, std::size_t habits_max) {
    if (std::ranges::find(all_, habit) != all_.end() || all_.size() >= habits_max) return;
    all_.push_back(habit);
    if (habit.is_function) return;
    std::vector<std::uint32_t> groups;
    for (const auto& known : all_)
        if (!known.is_function && is_same_offer(known, habit) &&
            std::ranges::find(groups, known.group) == groups.end())
            groups.push_back(known.group);
    if (groups.size() > groups_max) open_to_anybody(habit);
}

void Habits::open_to_anybody(const Habit& service) {
    std::vector<Habit> kept;
    for (auto known : all_) {
        if (!known.is_function && is_same_offer(known, service)) known.group = Habit::anybody;
        if (std::ranges::find(kept, known) == kept.end()) kept.push_back(known);
    }
    all_ = std::move(kept);
}

void Habits::keep_known_to(const Habits& others) {
    std::erase_if(all_, [&](const Habit& habit) { return others.novelty(habit) > Novelty::known_parts; });
}

bool is_conversation(const Seen& seen) {
    if (!seen.has_ends() || seen.server.is_multicast() || seen.server.is_broadcast()) return false;
    const auto transport = seen.whole["proto"].text();
    if (transport != "TCP" && transport != "UDP") return false;
    // Its beginning was not seen, or an answer came first: who asks whom is not known.
    if (seen.server_port == dhcp_client) return false;
    if (seen.server_port >= lent_from && count_of(seen.whole["src_port"]) < 1'024) return false;
    if (!seen.is("flow")) return !seen.protocol.empty();
    // What tells of the flow's sites does so on its own.
    if (is_outside(seen.server) &&
        (seen.protocol == "tls" || seen.protocol == "quic" || seen.protocol == "http"))
        return false;
    const auto tcp = seen.whole["tcp"];
    const bool came_to_nothing = seen.protocol.empty() && tcp["state"].text() == "reset";
    return count_of(seen.own["bytes_toclient"]) > 0 && !came_to_nothing &&
           !tcp["midstream"].boolean().value_or(false);
}

Habit conversation_habit(const Seen& seen, Side side) {
    const bool asks = side == Side::asks;
    return {.group = asks ? group_of(seen.server, site_of(seen)) : group_of(seen.client, ""),
            .what = seen.protocol.empty() ? 0 : number_of(seen.protocol),
            .port = port_of(seen),
            .side = side,
            .is_function = false};
}

std::string_view function_of(const Seen& seen) {
    std::string_view function;
    if (seen.is("dicom"))
        function = seen.text("command");
    else if (seen.is("modbus"))
        function = seen.text("function");
    else if (seen.is("hl7"))
        function = hl7_function(seen);
    else if (seen.is("bacnet"))
        function = seen.text("service");
    else if (seen.is("snmp"))
        function = seen.text("pdu_type");
    else if (seen.is("fhir"))
        function = seen.text("interaction");
    else if (seen.is("smb"))
        function = smb_function(seen);
    else if (seen.is("sdc"))
        function = sdc_function(seen);
    else if (seen.is("dcerpc"))
        for (const auto interface : seen.own["interfaces"].items())
            function = function.empty() ? interface["name"].text() : function;
    return function;
}

Habit function_habit(const Seen& seen, Side side, std::string_view function) {
    return {.group = 0,
            .what = number_of(function, number_of(seen.type)),
            .port = 0,
            .side = side,
            .is_function = true};
}

std::string text_of(const Seen& seen, Side side, Novelty novelty, std::string_view function) {
    const bool asks = side == Side::asks;
    if (!function.empty()) return fmt::format("{} {} ({})", asks ? "sends" : "is sent", function, seen.type);
    auto port = port_of(seen) == 0 ? std::string{"a high port"} : fmt::format("port {}", seen.server_port);
    if (!seen.protocol.empty()) port += fmt::format(" ({})", seen.protocol);
    if (novelty != Novelty::network) return fmt::format("{} at {}", asks ? "asks others" : "answers", port);
    const auto& other = asks ? seen.server : seen.client;
    auto where =
        is_outside(other) ? std::string{"the internet"} : "the network " + to_text(network_of(other));
    if (is_outside(other) && asks && !site_of(seen).empty()) where = site_of(seen);
    return fmt::format("{} {} at {}", asks ? "asks" : "answers", where, port);
}

}   // namespace ward::detect
