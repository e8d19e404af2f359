// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <set>
#include <span>

#include "config/nearest.hpp"
#include "config/table.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"
#include "segment/plan.hpp"

namespace ward::segment {
namespace {

using config::Table;

bool is_name(std::string_view text) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '-';
    });
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) parts.emplace_back(trimmed(take_until(text, ',')));
    return parts;
}

std::optional<std::uint16_t> port(std::string_view text) {
    const auto value = number(text);
    if (!value || *value == 0 || *value > 65'535) return std::nullopt;
    return static_cast<std::uint16_t>(*value);
}

std::optional<Ports> parse_ports(std::string_view text) {
    const bool is_range = text.find('-') != std::string_view::npos;
    const auto first = port(trimmed(take_until(text, '-')));
    const auto last = is_range ? port(trimmed(text)) : first;
    if (!first || !last || *last < *first) return std::nullopt;
    return Ports{*first, *last};
}

class Reader {
public:
    Reader(std::string_view name, const PlanLimits& limits) : name_(name), limits_(limits) {}

    Result<Plan> read(std::string_view text) {
        if (text.size() > limits_.bytes_max)
            return fail(Errc::limit_exceeded,
                        fmt::format("{}: more than {} bytes", name_, limits_.bytes_max));
        const auto table = TRY(config::parse_table(text, name_));
        TRY(check_top(table));
        for (const auto& zone : tables(table, "zone")) TRY(read_zone(zone));
        for (const auto& one : tables(table, "allow")) TRY(read_allowed(one));
        return std::move(plan_);
    }

private:
    tl::unexpected<Error> wrong(const Table& table, std::string_view key, std::string_view what,
                                Errc code = Errc::malformed) const {
        const auto line = table.lines.find(key);
        return fail(code, fmt::format("{}:{}: {}", name_,
                                      line == table.lines.end() ? table.line : line->second, what));
    }
    static std::span<const Table> tables(const Table& table, std::string_view key) {
        const auto found = table.tables.find(key);
        return found == table.tables.end() ? std::span<const Table>{} : std::span{found->second};
    }

    Result<> check_top(const Table& table) const {
        const auto version = table.values.find("version");
        if (version == table.values.end() || version->second != config::Scalar{std::int64_t{1}})
            return wrong(table, "version", "a plan begins with version = 1");
        if (table.values.size() > 1)
            for (const auto& [key, value] : table.values)
                if (key != "version") return wrong(table, key, fmt::format("{} is not known", key));
        for (const auto& [key, value] : table.tables)
            if (key != "zone" && key != "allow")
                return wrong(table, key,
                             fmt::format("[[{}]] is not known; there are [[zone]] and [[allow]]", key));
        return {};
    }

    Result<> check_keys(const Table& table, const std::vector<std::string>& known) const {
        const auto check = [&](const std::string& key) -> Result<> {
            if (std::ranges::find(known, key) != known.end()) return {};
            return wrong(table, key,
                         fmt::format("{} is not known; is {} meant?", key, config::nearest(key, known)));
        };
        for (const auto& [key, value] : table.values) TRY(check(key));
        for (const auto& [key, value] : table.tables) TRY(check(key));
        return {};
    }

    /// Empty where it is not said.
    Result<std::string> text(const Table& table, std::string_view key, std::size_t bytes_max) const {
        if (table.tables.contains(key)) return wrong(table, key, fmt::format("{} is no text", key));
        const auto value = table.values.find(key);
        if (value == table.values.end()) return std::string{};
        const auto* said = std::get_if<std::string>(&value->second);
        if (said == nullptr) return wrong(table, key, fmt::format("{} is no text", key));
        if (said->size() > bytes_max)
            return wrong(table, key, fmt::format("{} has more than {} bytes", key, bytes_max),
                         Errc::limit_exceeded);
        if (!is_printable(*said)) return wrong(table, key, fmt::format("{} is not of one line", key));
        return *said;
    }
    Result<std::string> needed(const Table& table, std::string_view key, std::size_t bytes_max) const {
        auto said = TRY(text(table, key, bytes_max));
        if (said.empty()) return wrong(table, key, fmt::format("there is no {}", key));
        return said;
    }

    Result<> read_zone(const Table& table) {
        TRY(check_keys(table, {"name", "networks", "roles", "about"}));
        if (plan_.zones.size() == limits_.zones_max)
            return wrong(table, "name", fmt::format("more than {} zones", limits_.zones_max),
                         Errc::limit_exceeded);
        Zone zone{.name = TRY(needed(table, "name", limits_.name_bytes_max))};
        if (!is_name(zone.name))
            return wrong(
                table, "name",
                fmt::format("{} is no name: small letters, digits and -, a letter first", zone.name));
        if (zone.name == outside_name || zone.name == any_name || !names_.insert(zone.name).second)
            return wrong(table, "name", fmt::format("there is a zone {} already", zone.name));
        zone.about = TRY(text(table, "about", limits_.text_bytes_max));
        TRY(read_networks(table, zone));
        TRY(read_roles(table, zone));
        if (zone.networks.empty() && zone.roles.empty())
            return wrong(table, "name", fmt::format("zone {} has neither networks nor roles", zone.name));
        if (networks_.size() + roles_.size() > limits_.networks_max)
            return wrong(table, "networks", fmt::format("more than {} networks", limits_.networks_max),
                         Errc::limit_exceeded);
        plan_.zones.push_back(std::move(zone));
        return {};
    }

    Result<> read_networks(const Table& table, Zone& zone) {
        for (const auto& said : split(TRY(text(table, "networks", limits_.bytes_max)))) {
            const auto network = parse_network(said);
            if (!network)
                return wrong(table, "networks",
                             fmt::format("'{}' is no network as in 10.20.0.0/16, nor an address", said));
            if (network->bits == 0)
                return wrong(table, "networks",
                             fmt::format("{} is everything; what is of no zone is {}", said, outside_name));
            const auto [before, is_new] = networks_.emplace(*network, zone.name);
            if (!is_new)
                return wrong(table, "networks",
                             fmt::format("{} is of zone {} already", said, before->second));
            zone.networks.push_back(*network);
        }
        return {};
    }

    Result<> read_roles(const Table& table, Zone& zone) {
        for (const auto& said : split(TRY(text(table, "roles", limits_.bytes_max)))) {
            if (said.empty() || said.size() > limits_.text_bytes_max)
                return wrong(table, "roles", "roles are texts with commas between them");
            const auto [before, is_new] = roles_.emplace(said, zone.name);
            if (!is_new)
                return wrong(table, "roles", fmt::format("{} is of zone {} already", said, before->second));
            zone.roles.push_back(said);
        }
        return {};
    }

    Result<std::string> zone_named(const Table& table, std::string_view key) const {
        auto said = TRY(needed(table, key, limits_.name_bytes_max));
        if (said == outside_name || said == any_name || names_.contains(said)) return said;
        std::vector<std::string> known{names_.begin(), names_.end()};
        known.insert(known.end(), {std::string{outside_name}, std::string{any_name}});
        return wrong(table, key,
                     fmt::format("there is no zone {}; is {} meant?", said, config::nearest(said, known)));
    }

    Result<> read_allowed(const Table& table) {
        TRY(check_keys(table, {"from", "to", "protocol", "ports", "why"}));
        if (plan_.allowed.size() == limits_.allowed_max)
            return wrong(table, "from", fmt::format("more than {} conversations", limits_.allowed_max),
                         Errc::limit_exceeded);
        Allowed one;
        one.from = TRY(zone_named(table, "from"));
        one.to = TRY(zone_named(table, "to"));
        if (one.from == outside_name && one.to == outside_name)
            return wrong(table, "to", "what is said outside nobody here can allow");
        const auto protocol = TRY(needed(table, "protocol", limits_.text_bytes_max));
        if (protocol != "tcp" && protocol != "udp")
            return wrong(table, "protocol", fmt::format("protocol is tcp or udp, not '{}'", protocol));
        one.protocol = protocol == "tcp" ? Protocol::tcp : Protocol::udp;
        for (const auto& said : split(TRY(needed(table, "ports", limits_.bytes_max)))) {
            const auto ports = parse_ports(said);
            if (!ports)
                return wrong(table, "ports", fmt::format("'{}' is no port, nor ports as in 5000-5010", said));
            one.ports.push_back(*ports);
        }
        if (one.ports.size() > limits_.ports_max)
            return wrong(table, "ports", fmt::format("more than {} ports", limits_.ports_max),
                         Errc::limit_exceeded);
        one.why = TRY(text(table, "why", limits_.text_bytes_max));
        plan_.allowed.push_back(std::move(one));
        return {};
    }

    std::string_view name_;
    const PlanLimits& limits_;
    Plan plan_;
    std::set<std::string, std::less<>> names_;
    std::map<Network, std::string> networks_;
    std::map<std::string, std::string, std::less<>> roles_;
};

}   // namespace

Result<Plan> read_plan(std::string_view text, std::string_view name, const PlanLimits& limits) {
    return Reader{name, limits}.read(text);
}

}   // namespace ward::segment
