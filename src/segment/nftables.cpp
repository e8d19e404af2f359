// SPDX-License-Identifier: Apache-2.0
#include "segment/nftables.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <iterator>

namespace ward::segment {
namespace {

using Family = IpAddress::Family;
constexpr std::array families{Family::v4, Family::v6};

constexpr std::string_view table = "inet ward_segmentation";

std::string_view suffix(Family family) { return family == Family::v4 ? "v4" : "v6"; }

/// Set names have no dash, for it may be a range in other places; names of zones have no underscore.
std::string set_name(std::string_view zone, Family family) {
    std::string name = fmt::format("zone_{}_{}", zone, suffix(family));
    std::ranges::replace(name, '-', '_');
    return name;
}

std::string element(const Span& span) {
    return span.first == span.last ? to_text(span.first)
                                   : fmt::format("{}-{}", to_text(span.first), to_text(span.last));
}

/// One firewall's sets: each address is in that of its zone, and in that of `any`.
class Sets {
public:
    Sets(const Borders& borders, const Placed& placed) : borders_(borders) {
        std::vector<Span> moved;
        for (const auto& [zone, addresses] : placed)
            for (const auto& address : addresses) moved.push_back({address, address});
        const auto away = joined(std::move(moved));
        for (ZoneId id = 0; id <= borders.outside(); ++id)
            for (const auto family : families) {
                auto left = without(only(family, borders.spans(id)), only(family, away));
                if (const auto own = placed.find(id); own != placed.end())
                    for (const auto& address : own->second)
                        if (address.family == family) left.push_back({address, address});
                auto& all = spans_[{borders.any(), family}];
                if (id < borders.outside()) all.insert(all.end(), left.begin(), left.end());
                spans_[{id, family}] = joined(std::move(left));
            }
        for (const auto family : families) {
            auto& all = spans_[{borders.any(), family}];
            all = joined(std::move(all));
        }
    }

    bool has(ZoneId zone, Family family) const { return !spans_.at({zone, family}).empty(); }

    void append(std::string& out) const {
        for (const auto& [key, spans] : spans_) {
            if (spans.empty()) continue;
            const auto& [zone, family] = key;
            out += fmt::format("\tset {} {{\n\t\ttype {}\n\t\tflags interval\n\t\telements = {{\n",
                               set_name(borders_.name(zone), family),
                               family == Family::v4 ? "ipv4_addr" : "ipv6_addr");
            for (const auto& span : spans) out += fmt::format("\t\t\t{},\n", element(span));
            out += "\t\t}\n\t}\n";
        }
    }

private:
    static Spans only(Family family, const Spans& spans) {
        Spans out;
        std::ranges::copy_if(spans, std::back_inserter(out),
                             [&](const Span& span) { return span.first.family == family; });
        return out;
    }

    const Borders& borders_;
    std::map<std::pair<ZoneId, Family>, Spans> spans_;
};

void append_rules(std::string& out, const Borders& borders, const Sets& sets, const Allowed& allowed) {
    std::string ports = to_text(allowed.ports);
    if (ports.find(',') != std::string::npos) ports = "{ " + ports + " }";
    const auto from = borders.id_of(allowed.from), to = borders.id_of(allowed.to);
    for (const auto family : families)
        if (sets.has(from, family) && sets.has(to, family))
            out += fmt::format("\t\t{0} saddr @{1} {0} daddr @{2} {3} dport {4} counter accept\n",
                               family == Family::v4 ? "ip" : "ip6", set_name(allowed.from, family),
                               set_name(allowed.to, family), name(allowed.protocol), ports);
}

Result<> check_roles(const Borders& borders, const Placed& placed) {
    for (const auto& zone : borders.plan().zones)
        if (!zone.roles.empty() && !placed.contains(borders.id_of(zone.name)))
            return fail(Errc::not_found,
                        fmt::format("zone {} has roles, and no event says which addresses have them: give "
                                    "events with `device`",
                                    zone.name));
    return {};
}

}   // namespace

void Placing::see(const Seen& seen) {
    if (!seen.is("device")) return;
    for (const auto text : seen.own["addresses"].items())
        if (const auto address = parse_ip_address(text.text()))
            if (roles_.size() < hosts_max || roles_.contains(*address)) roles_[*address] = seen.text("role");
}

Placed Placing::placed(const Borders& borders) const {
    Placed placed;
    for (const auto& [address, role] : roles_) {
        const auto zone = borders.zone_of(address, role);
        if (zone >= borders.outside() || borders.zone(zone).roles.empty()) continue;
        auto& addresses = placed[zone];
        if (borders.zone_of(address, "") != zone) addresses.push_back(address);
    }
    return placed;
}

Result<std::string> nftables(const Borders& borders, const Placed& placed, Enforcement enforcement) {
    TRY(check_roles(borders, placed));
    const bool drops = enforcement == Enforcement::drop;
    const Sets sets{borders, placed};
    // Made if it is not there, so that it can be removed: loading it again replaces it in one transaction.
    std::string out = fmt::format("table {0}\ndelete table {0}\ntable {0} {{\n", table);
    sets.append(out);
    out += "\tcounter outside_plan {\n\t}\n\tchain forward {\n";
    out +=
        fmt::format("\t\ttype filter hook forward priority filter; policy {};\n", drops ? "drop" : "accept");
    out += "\t\tct state established,related counter accept\n";
    for (const auto& allowed : borders.plan().allowed) append_rules(out, borders, sets, allowed);
    out += "\t\tcounter name \"outside_plan\"\n";
    out += "\t\tlimit rate 5/second burst 20 packets log prefix \"ward-outside-plan: \"\n";
    return out + "\t}\n}\n";
}

}   // namespace ward::segment
