// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "devices/device.hpp"

namespace ward::devices {
namespace {

constexpr std::size_t columns = 6;
using Row = std::array<std::string, columns>;

/// Characters, not bytes: makers have umlauts.
std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// What devices say of themselves must not move the cursor.
std::string printable(std::string text) {
    for (auto& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    return text;
}

std::string joined(const std::string& a, const std::string& b) {
    if (a.empty() || b.empty()) return a + b;
    return b.starts_with(a) ? b : a + " " + b;
}

std::string services(const Device& device) {
    std::string text;
    for (const auto& offered : device.dossier.beliefs(Attribute::service))
        if (text.size() < 60) text += (text.empty() ? "" : ", ") + offered.value;
    return text;
}

/// The role, and whether to believe it: a guess that is wrong as often as right must not look like a fact.
std::string role_of(const Device& device) {
    constexpr unsigned credible = 50;   // percent
    const auto beliefs = device.dossier.beliefs(Attribute::role);
    const bool is_weak = !beliefs.empty() && beliefs.front().confidence < credible;
    const bool doubtful =
        is_weak || std::ranges::any_of(device.flags, &Flag::doubts_identity) || !device.conflicts().empty();
    if (beliefs.empty()) return doubtful ? "?" : "";
    return beliefs.front().value + (doubtful ? " (?)" : "");
}

Row row_of(const Device& device) {
    const auto known = joined(device.best(Attribute::manufacturer), device.best(Attribute::model));
    const auto place = device.behind.empty() ? device.id : "  behind " + device.behind;
    Row row{place,
            role_of(device),
            known,
            device.title() == device.id ? "" : device.title(),
            std::string{device.criticality.level},
            services(device)};
    for (auto& cell : row) cell = printable(std::move(cell));
    return row;
}

}   // namespace

std::string table(const std::vector<Device>& devices) {
    std::vector<Row> rows{{"ADDRESS", "ROLE", "MAKER, MODEL", "NAME", "CRITICALITY", "SERVES"}};
    for (const auto& device : devices) rows.push_back(row_of(device));
    std::array<std::size_t, columns> widths{};
    for (const auto& row : rows)
        for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], width_of(row[i]));
    std::string text;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < columns; ++i) {
            text += row[i];
            if (i + 1 < columns) text.append(widths[i] - width_of(row[i]) + 2, ' ');
        }
        text.erase(text.find_last_not_of(' ') + 1);
        text += '\n';
    }
    return text;
}

}   // namespace ward::devices
