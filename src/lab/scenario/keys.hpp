// SPDX-License-Identifier: Apache-2.0
// What may stand under a key of a scenario: from this it is read, checked, told and documented.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/table.hpp"
#include "core/result.hpp"

namespace ward::lab {

struct Key {
    enum class Kind : std::uint8_t { word, words, text, whole, number, truth } kind{};
    std::string_view name;
    std::string_view what{};                       // in a few words, where the limits do not say it
    std::span<const std::string_view> choices{};   // of a word, or of words
    bool (*fits)(std::string_view) = nullptr;      // of a text
    double least = 0;
    double most = 0;
    std::optional<double> number{};   // where nothing is said
    std::string_view word{};
    bool is_needed = false;
};

constexpr Key whole(std::string_view name, double least, double most, std::optional<double> otherwise = {}) {
    return {.kind = Key::Kind::whole, .name = name, .least = least, .most = most, .number = otherwise};
}
constexpr Key number(std::string_view name, double least, double most, double otherwise) {
    return {.kind = Key::Kind::number, .name = name, .least = least, .most = most, .number = otherwise};
}
constexpr Key truth(std::string_view name) { return {.kind = Key::Kind::truth, .name = name}; }
constexpr Key word_of(std::string_view name, std::span<const std::string_view> choices,
                      std::string_view otherwise = {}, std::string_view what = {}) {
    return {.kind = Key::Kind::word, .name = name, .what = what, .choices = choices, .word = otherwise};
}
constexpr Key words_of(std::string_view name, std::span<const std::string_view> choices,
                       std::string_view otherwise = {}) {
    return {.kind = Key::Kind::words, .name = name, .choices = choices, .word = otherwise};
}
constexpr Key needed(Key key) {
    key.is_needed = true;
    return key;
}

/// Small letters, digits and '-': what steps and actors are called.
Key label(std::string_view name);
/// One line.
Key sentence(std::string_view name);
Key text_that(std::string_view name, bool (*fits)(std::string_view), std::string_view what);

/// What is allowed, as an error or a document says it: "a whole number from 1 to 50".
std::string allowed(const Key& key);
/// The same in short, with the name, and what it is if nothing is said: "`screens` (1 to 50; else 4)".
std::string documented(const Key& key);

/// What a table says under keys that it may have, and what they are else.
struct Said {
    std::map<std::string, std::string, std::less<>> words{};
    std::map<std::string, double, std::less<>> numbers{};
    std::map<std::string, bool, std::less<>> truths{};
};

/// `owner` is whose keys they are, for errors: Errc::malformed, with the line at fault.
Result<Said> read_keys(const config::Table& table, std::string_view file, std::string_view owner,
                       std::span<const Key> keys);

tl::unexpected<Error> wrong_at(std::string_view file, std::uint32_t line, std::string_view what);

}   // namespace ward::lab
