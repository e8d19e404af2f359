// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

#include "config/nearest.hpp"
#include "config/toml.hpp"

namespace ward::config {
namespace {

/// What is wrong, by line; the first one is told.
using Complaints = std::map<std::uint32_t, std::string>;

std::optional<std::string> read(const toml::node& node, std::string& value, Range) {
    if (!node.is_string()) return "must be a text in quotes";
    value = node.as_string()->get();
    return std::nullopt;
}

std::optional<std::string> read(const toml::node& node, std::int64_t& value, Range range) {
    if (!node.is_integer()) return "must be a whole number";
    value = node.as_integer()->get();
    if (value < range.least || value > range.most)
        return fmt::format("must be from {} to {}", range.least, range.most);
    return std::nullopt;
}

std::optional<std::string> read(const toml::node& node, std::vector<std::string>& value, Range) {
    constexpr auto wrong = "must be a list of texts, as in [\"a\", \"b\"]";
    if (!node.is_array() || (node.as_array()->empty() && !value.empty())) return wrong;
    value.clear();
    for (const auto& element : *node.as_array()) {
        if (!element.is_string()) return wrong;
        value.push_back(element.as_string()->get());
    }
    return std::nullopt;
}

std::vector<std::string> known_keys() {
    std::vector<std::string> keys;
    Config{}.sections([&keys](std::string_view section, auto& settings) {
        settings.fields([&keys, section](std::string_view key, auto&, std::string_view, Range = {}) {
            keys.push_back(fmt::format("{}.{}", section, key));
        });
    });
    return keys;
}

void refuse_unknown(const toml::table& file, Complaints& complaints) {
    const auto known = known_keys();
    const auto refuse = [&](const std::string& key, const toml::node& node) {
        complaints.try_emplace(node.source().begin.line,
                               fmt::format("unknown key {}; did you mean {}?", key, nearest(key, known)));
    };
    for (const auto& [name, node] : file) {
        const std::string section{name.str()};
        const auto* table = node.as_table();
        const bool is_known = std::ranges::any_of(
            known, [&section](const std::string& key) { return key.starts_with(section + '.'); });
        if (!table || (table->empty() && !is_known)) {
            refuse(section, node);
            continue;
        }
        for (const auto& [key, value] : *table) {
            const auto full = fmt::format("{}.{}", section, key.str());
            if (std::ranges::find(known, full) == known.end()) refuse(full, value);
        }
    }
}

template <class Settings>
void read_section(std::string_view section, const toml::table& table, Settings& settings,
                  Complaints& complaints) {
    settings.fields([&](std::string_view key, auto& value, std::string_view, Range range = {}) {
        const auto* node = table.get(key);
        if (!node) return;
        if (const auto complaint = read(*node, value, range))
            complaints.try_emplace(node->source().begin.line,
                                   fmt::format("{}.{} {}", section, key, *complaint));
    });
}

}   // namespace

Result<Config> parse(std::string_view text, std::string_view name) {
    if (text.size() > file_bytes_max)
        return fail(Errc::limit_exceeded, fmt::format("{} has more than {} bytes", name, file_bytes_max));
    const auto parsed = toml::parse(text);
    if (!parsed)
        return fail(Errc::malformed, fmt::format("{}:{}: {}", name, parsed.error().source().begin.line,
                                                 parsed.error().description()));
    Config config;
    Complaints complaints;
    refuse_unknown(parsed.table(), complaints);
    config.sections([&](std::string_view section, auto& settings) {
        const auto* table = parsed.table()[section].as_table();
        if (table) read_section(section, *table, settings, complaints);
    });
    if (complaints.empty()) return config;
    const auto& [line, complaint] = *complaints.begin();
    return fail(Errc::malformed, fmt::format("{}:{}: {}", name, line, complaint));
}

Result<Config> load(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return fail(Errc::not_found, fmt::format("cannot read {}", path.string()));
    std::string text(file_bytes_max + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad()) return fail(Errc::unavailable, fmt::format("cannot read {}", path.string()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return parse(text, path.string());
}

std::filesystem::path choose_file(std::string_view named) {
    if (!named.empty()) return named;
    if (const char* const variable = std::getenv("WARD_CONFIG"); variable && *variable) return variable;
    std::error_code error;
    return std::filesystem::exists(system_file, error) ? std::filesystem::path{system_file}
                                                       : std::filesystem::path{};
}

Result<Config> load_chosen(std::string_view named) {
    const auto file = choose_file(named);
    return file.empty() ? Result<Config>{Config{}} : load(file);
}

}   // namespace ward::config
