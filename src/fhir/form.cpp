// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "fhir/query.hpp"

namespace ward::fhir {

namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_digit(text[i + 1]);
        const int low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

}   // namespace

// application/x-www-form-urlencoded: the WHATWG URL standard, section 5.1, but strict.
Checked<std::vector<NameValue>> parse_form(std::string_view text, const QueryLimits& limits) {
    std::vector<NameValue> pairs;
    while (!text.empty()) {
        const auto pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(pair.size() + 1, text.size()));
        if (pair.empty()) continue;
        if (pairs.size() == limits.parameters_max)
            return refuse(IssueType::too_costly, "too many parameters");
        const auto name = decode(pair.substr(0, pair.find('=')));
        const auto equals = pair.find('=');
        const auto value = decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
        if (!name || !value) return refuse(IssueType::invalid, "a percent sign that encodes nothing");
        pairs.emplace_back(*name, *value);
    }
    return pairs;
}

}   // namespace ward::fhir
