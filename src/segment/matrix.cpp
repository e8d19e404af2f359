// SPDX-License-Identifier: Apache-2.0
#include "segment/matrix.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace ward::segment {
namespace {

/// Sorted, and those that touch are one.
std::vector<Ports> merged(std::vector<Ports> ports) {
    std::ranges::sort(ports);
    std::vector<Ports> out;
    for (const auto& one : ports) {
        if (!out.empty() && one.first <= out.back().last + 1)
            out.back().last = std::max(out.back().last, one.last);
        else
            out.push_back(one);
    }
    return out;
}

class Matrix {
public:
    explicit Matrix(const Borders& borders) : borders_(borders) {
        for (const auto& one : borders.plan().allowed)
            for (const auto from : meant(one.from))
                for (const auto to : meant(one.to)) {
                    auto& ports = cells_[{from, to}][one.protocol];
                    ports.insert(ports.end(), one.ports.begin(), one.ports.end());
                }
    }

    /// `tcp 104, 443; udp 53`; empty where nothing is allowed.
    std::string cell(ZoneId from, ZoneId to) const {
        std::string text;
        const auto found = cells_.find({from, to});
        if (found == cells_.end()) return text;
        for (const auto& [protocol, ports] : found->second)
            text += fmt::format("{}{} {}", text.empty() ? "" : "; ", name(protocol), to_text(merged(ports)));
        return text;
    }

private:
    std::vector<ZoneId> meant(std::string_view name) const {
        const auto id = borders_.id_of(name);
        if (id != borders_.any()) return {id};
        std::vector<ZoneId> all;
        for (ZoneId zone = 0; zone < borders_.outside(); ++zone) all.push_back(zone);
        return all;
    }

    const Borders& borders_;
    std::map<std::pair<ZoneId, ZoneId>, std::map<Protocol, std::vector<Ports>>> cells_;
};

/// So that it ends no cell.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string row(const std::vector<std::string>& cells) {
    std::string out = "|";
    for (const auto& cell : cells) out += cell.empty() ? " |" : " " + cell + " |";
    return out + "\n";
}

std::string described(const Zone& zone) {
    std::string hosts;
    for (const auto& network : zone.networks) (hosts += hosts.empty() ? "" : ", ") += to_text(network);
    for (const auto& role : zone.roles) (hosts += hosts.empty() ? "" : ", ") += "each " + escaped(role);
    return hosts;
}

std::vector<std::vector<std::string>> rows_of(const Borders& borders, const char* corner) {
    const Matrix matrix{borders};
    std::vector<std::vector<std::string>> rows{{corner}};
    for (ZoneId to = 0; to <= borders.outside(); ++to) rows.front().emplace_back(borders.name(to));
    for (ZoneId from = 0; from <= borders.outside(); ++from) {
        auto& cells = rows.emplace_back();
        cells.emplace_back(borders.name(from));
        for (ZoneId to = 0; to <= borders.outside(); ++to) cells.push_back(matrix.cell(from, to));
    }
    return rows;
}

}   // namespace

std::string matrix_markdown(const Borders& borders) {
    std::string out = row({"zone", "hosts", "about"}) + row({"---", "---", "---"});
    for (const auto& zone : borders.plan().zones)
        out += row({zone.name, described(zone), escaped(zone.about)});
    out += "\nWhoever is in a row may begin to speak to whoever is in a column, on these ports.\n\n";
    const auto rows = rows_of(borders, "from \\ to");
    out += row(rows.front()) + row(std::vector<std::string>(rows.front().size(), "---"));
    for (auto one = rows.begin() + 1; one != rows.end(); ++one) out += row(*one);
    return out;
}

std::string matrix_csv(const Borders& borders) {
    std::string out;
    for (const auto& cells : rows_of(borders, "from")) {
        for (const auto& cell : cells) {
            if (&cell != &cells.front()) out += ',';
            out += cell.find(',') == std::string::npos ? cell : '"' + cell + '"';
        }
        out += "\r\n";
    }
    return out;
}

}   // namespace ward::segment
