// SPDX-License-Identifier: Apache-2.0
#include "config/table.hpp"

#include <fmt/format.h>

#include "config/toml.hpp"

namespace ward::config {
namespace {

constexpr int depth_max = 4;

tl::unexpected<Error> refuse(std::string_view name, std::uint32_t line, std::string_view what) {
    return fail(Errc::malformed, fmt::format("{}:{}: {}", name, line, what));
}

std::optional<Scalar> scalar(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* whole = node.as_integer()) return whole->get();
    if (const auto* number = node.as_floating_point()) return number->get();
    if (const auto* truth = node.as_boolean()) return truth->get();
    return std::nullopt;
}

Result<Table> plain(const toml::table& source, std::string_view name, int depth) {
    Table table{source.source().begin.line};
    for (const auto& [key, node] : source) {
        const std::string member{key.str()};
        const auto line = node.source().begin.line;
        table.lines.emplace(member, line);
        if (auto value = scalar(node)) {
            table.values.emplace(member, *std::move(value));
            continue;
        }
        const auto* list = node.as_array();
        if (list == nullptr || depth == depth_max)
            return refuse(name, line, fmt::format("{} is no text, number, truth or list of tables", member));
        auto& tables = table.tables[member];
        for (const auto& element : *list) {
            const auto* inner = element.as_table();
            if (inner == nullptr) return refuse(name, line, fmt::format("{} holds what is no table", member));
            tables.push_back(TRY(plain(*inner, name, depth + 1)));
        }
    }
    return table;
}

}   // namespace

Result<Table> parse_table(std::string_view text, std::string_view name) {
    const auto parsed = toml::parse(text);
    if (!parsed) return refuse(name, parsed.error().source().begin.line, parsed.error().description());
    return plain(parsed.table(), name, 0);
}

}   // namespace ward::config
