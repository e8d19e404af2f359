// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/keys.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

#include "core/text.hpp"
#include "core/utf8.hpp"

namespace ward::lab {
namespace {

using Kind = Key::Kind;

constexpr std::size_t label_bytes_max = 40;
constexpr std::size_t sentence_bytes_max = 200;

bool is_label(std::string_view text) {
    return !text.empty() && text.size() <= label_bytes_max &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

bool is_sentence(std::string_view text) {
    return !trimmed(text).empty() && text.size() <= sentence_bytes_max && is_printable(text);
}

bool has(std::span<const std::string_view> all, std::string_view one) {
    return std::ranges::find(all, one) != all.end();
}

/// Each once, with one blank between them.
bool are_some_of(std::string_view text, std::span<const std::string_view> choices) {
    std::set<std::string_view> seen;
    if (text.empty() || text.back() == ' ') return false;
    while (!text.empty()) {
        const auto one = take_until(text, ' ');
        if (!has(choices, one) || !seen.insert(one).second) return false;
    }
    return true;
}

bool is_allowed(const Key& key, const std::string& text) {
    switch (key.kind) {
        case Kind::word: return has(key.choices, text);
        case Kind::words: return are_some_of(text, key.choices);
        case Kind::text: return key.fits(text);
        default: return false;
    }
}

bool is_allowed(const Key& key, double value) {
    return (key.kind == Kind::whole || key.kind == Kind::number) && value >= key.least && value <= key.most;
}

/// Whether it is allowed, and then it is kept.
bool keep(const Key& key, const config::Scalar& value, Said& said) {
    if (const auto* text = std::get_if<std::string>(&value))
        return is_allowed(key, *text) && said.words.emplace(key.name, *text).second;
    if (const auto* is = std::get_if<bool>(&value))
        return key.kind == Kind::truth && said.truths.emplace(key.name, *is).second;
    const auto* whole = std::get_if<std::int64_t>(&value);
    if (whole == nullptr && key.kind == Kind::whole) return false;
    const auto number = whole != nullptr ? static_cast<double>(*whole) : std::get<double>(value);
    return is_allowed(key, number) && said.numbers.emplace(key.name, number).second;
}

void take_otherwise(const Key& key, Said& said) {
    if (key.kind == Kind::truth) said.truths.try_emplace(std::string{key.name}, false);
    if (key.number) said.numbers.try_emplace(std::string{key.name}, *key.number);
    if (!key.word.empty()) said.words.try_emplace(std::string{key.name}, key.word);
}

}   // namespace

Key label(std::string_view name) {
    return text_that(name, is_label, "small letters, digits and '-', at most 40");
}

Key sentence(std::string_view name) { return text_that(name, is_sentence, "a line of at most 200 bytes"); }

Key text_that(std::string_view name, bool (*fits)(std::string_view), std::string_view what) {
    return {.kind = Kind::text, .name = name, .what = what, .fits = fits};
}

std::string allowed(const Key& key) {
    switch (key.kind) {
        case Kind::word: return fmt::format("one of {}", fmt::join(key.choices, ", "));
        case Kind::words: return fmt::format("some of {}, each once", fmt::join(key.choices, ", "));
        case Kind::text: return std::string{key.what};
        case Kind::whole: return fmt::format("a whole number from {} to {}", key.least, key.most);
        case Kind::number: return fmt::format("a number from {} to {}", key.least, key.most);
        case Kind::truth: break;
    }
    return "true or false";
}

std::string documented(const Key& key) {
    auto out = fmt::format("`{}` (", key.name);
    if (key.kind == Kind::whole || key.kind == Kind::number)
        out += fmt::format("{} to {}", key.least, key.most);
    else if (key.kind == Kind::word && key.what.empty())
        out += fmt::format("{}", fmt::join(key.choices, ", "));
    else
        out += key.what.empty() ? allowed(key) : std::string{key.what};
    if (key.is_needed) out += "; needed";
    if (key.number) out += fmt::format("; else {}", *key.number);
    if (!key.word.empty()) out += fmt::format("; else {}", key.word);
    return out + ")";
}

Result<Said> read_keys(const config::Table& table, std::string_view file, std::string_view owner,
                       std::span<const Key> keys) {
    Said said;
    for (const auto& [name, value] : table.values) {
        const auto key = std::ranges::find(keys, name, &Key::name);
        const auto line = table.lines.at(name);
        if (key == keys.end()) {
            std::vector<std::string_view> known;
            for (const auto& one : keys) known.push_back(one.name);
            return wrong_at(file, line,
                            fmt::format("{} has no '{}'; it has {}", owner, name, fmt::join(known, ", ")));
        }
        if (!keep(*key, value, said))
            return wrong_at(file, line, fmt::format("'{}' is {}", name, allowed(*key)));
    }
    for (const auto& key : keys) {
        if (key.is_needed && !table.values.contains(key.name))
            return wrong_at(file, table.line,
                            fmt::format("{} needs '{}': {}", owner, key.name, allowed(key)));
        take_otherwise(key, said);
    }
    return said;
}

tl::unexpected<Error> wrong_at(std::string_view file, std::uint32_t line, std::string_view what) {
    return fail(Errc::malformed, fmt::format("{}:{}: {}", file, line, what));
}

}   // namespace ward::lab
