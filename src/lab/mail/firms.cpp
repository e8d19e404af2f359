// SPDX-License-Identifier: Apache-2.0
#include "lab/mail/firms.hpp"

#include <array>
#include <fmt/format.h>
#include <set>

#include "core/text.hpp"
#include "lab/names.hpp"

namespace ward::lab {
namespace {

constexpr auto stems = std::to_array<std::string_view>(
    {"Bel", "Nor", "Cal", "Tren", "Ost", "Var", "Mer", "Hal", "Quin", "Sol", "Ever", "Kest",
     "Lor", "Dun", "Mar", "Vel",  "Tal", "Ren", "Cor", "Win", "Al",   "Gra", "Pel",  "Sten"});
constexpr auto ends = std::to_array<std::string_view>({"vane", "dale", "mark", "lin", "tor", "wick", "ford",
                                                       "field", "ona", "ix", "more", "stead", "la", "via"});

std::string_view word_of(Trade trade, Random& random) {
    constexpr std::array<std::array<std::string_view, 3>, 6> words{{{"Supplies", "Medical", "Trading"},
                                                                    {"Devices", "Instruments", "Systems"},
                                                                    {"Software", "Digital", "Cloud"},
                                                                    {"Insurance", "Mutual", "Health Fund"},
                                                                    {"Practice", "Clinic", "Hospital"},
                                                                    {"Society", "Journal", "Academy"}}};
    return random.pick(words[static_cast<std::size_t>(trade)]);
}

std::string letters_of(std::string_view text) {
    std::string out;
    for (const char c : lowered(text))
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
    return out;
}

/// Not all set up all three, nor rightly.
Checks some_checks(Random& random) {
    using enum Verdict;
    constexpr std::array<double, 4> shares{0.68, 0.14, 0.1, 0.08};
    switch (random.weighted(shares)) {
        case 0: return {pass, pass, pass};
        case 1: return {pass, none, none};
        case 2: return {softfail, pass, pass};
        default: return {softfail, none, none};
    }
}

Mailbox somebody_at(const std::string& domain, Random& random) {
    const auto given = random.pick(random.chance(0.5) ? latin_women() : latin_men()).latin;
    const auto family = random.pick(latin_families()).latin;
    return {fmt::format("{} {}", given, family),
            fmt::format("{}.{}@{}", letters_of(given), letters_of(family), domain)};
}

Firm make_firm(Trade trade, Random& random) {
    Firm firm;
    firm.trade = trade;
    const auto name = fmt::format("{}{}", random.pick(stems), random.pick(ends));
    const auto word = word_of(trade, random);
    firm.name = fmt::format("{} {}", name, word);
    const std::array<std::string, 3> forms{letters_of(name), letters_of(name) + "-" + letters_of(word),
                                           letters_of(name) + letters_of(word)};
    firm.domain = random.pick(forms) + ".example";
    constexpr std::array<std::string_view, 5> offices{"office", "info", "contact", "service", "mail"};
    firm.people.push_back({firm.name, fmt::format("{}@{}", random.pick(offices), firm.domain)});
    for (int left = random.between(1, 4); left > 0; --left)
        firm.people.push_back(somebody_at(firm.domain, random));
    firm.checks = some_checks(random);
    return firm;
}

std::uint64_t number_of(std::string_view host) { return Random{2}.stream(host).next(); }

}   // namespace

std::vector<Firm> make_firms(Random random, std::size_t count) {
    std::vector<Firm> firms;
    std::set<std::string> domains;
    while (firms.size() < count) {
        auto firm = make_firm(static_cast<Trade>(firms.size() % 6), random);
        if (domains.insert(firm.domain).second) firms.push_back(std::move(firm));
    }
    return firms;
}

std::string address_of(std::string_view host) {
    constexpr std::array<std::string_view, 3> blocks{"192.0.2", "198.51.100", "203.0.113"};
    const auto number = number_of(host);
    return fmt::format("{}.{}", blocks[number % 3], 1 + number / 3 % 254);
}

std::string message_id(std::string_view domain, Random& random) {
    switch (number_of(domain) % 4) {
        case 0: return fmt::format("{:08x}.{:07}@{}", random.next() >> 32, random.below(10'000'000), domain);
        case 1: return fmt::format("CA{}{:016x}@mail.{}", random.between(10, 99), random.next(), domain);
        case 2:
            return fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}@{}", random.next() >> 32,
                               random.below(65'536), random.below(4096), random.below(4096),
                               random.next() >> 16, domain);
        default:
            return fmt::format("2026{:010}.{}.{:06X}@{}", random.below(10'000'000'000), random.between(1, 99),
                               random.below(1 << 24), domain);
    }
}

std::string look_alike_of(std::string_view domain, Random& random) {
    std::string name{domain.substr(0, domain.find('.'))};
    const auto rest = domain.substr(name.size());
    constexpr std::array<std::pair<std::string_view, std::string_view>, 8> likes{
        {{"m", "rn"}, {"l", "1"}, {"i", "l"}, {"o", "0"}, {"w", "vv"}, {"n", "m"}, {"e", "ee"}, {"a", "aa"}}};
    for (int tries = 0; tries < 12; ++tries) {
        if (random.chance(0.2)) {
            constexpr std::array<std::string_view, 4> words{"-online", "-group", "-portal", "-mail"};
            return name + std::string{random.pick(words)} + std::string{rest};
        }
        if (random.chance(0.3) && name.size() > 3) {
            const auto at = 1 + random.below(name.size() - 2);
            if (name[at] == name[at + 1]) continue;
            std::swap(name[at], name[at + 1]);
            return name + std::string{rest};
        }
        const auto& [letter, like] = random.pick(likes);
        const auto at = name.find(letter, 1);
        if (at == std::string::npos) continue;
        return name.replace(at, letter.size(), like) + std::string{rest};
    }
    return name + "s" + std::string{rest};
}

}   // namespace ward::lab
