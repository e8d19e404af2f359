// SPDX-License-Identifier: Apache-2.0
#include "feeds/feed.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "core/text.hpp"
#include "hl7/charset.hpp"

namespace ward::feeds {
namespace {

/// It stands in logs, commands and sealed records.
bool is_name(std::string_view text) {
    constexpr std::size_t size_max = 32;
    return !text.empty() && text.size() <= size_max && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

constexpr std::int64_t silent_minutes_max = 1'000'000;

Result<> read_word(std::string_view word, FeedWish& wish) {
    const auto equals = std::min(word.find('='), word.size());
    const auto key = word.substr(0, equals);
    const auto value = word.substr(std::min(equals + 1, word.size()));
    const auto wrong = [&](std::string_view why) {
        return fail(Errc::malformed, fmt::format("'{}' {}", word, why));
    };
    if (word == "tls") {
        if (wish.link == Link::plain) wish.link = Link::tls;
    } else if (key == "mutual") {
        if (value.empty()) return wrong("names no file of certificates");
        wish.link = Link::mutual_tls;
        wish.clients_file = value;
    } else if (key == "charset") {
        if (!hl7::is_charset(value)) return wrong("is no name of HL7 table 0211, such as 8859/1");
        wish.feed.charset = value;
    } else if (key == "zone") {
        auto zone = TimeZone::parse(value);
        if (!zone) return wrong("is no time zone, such as zone=Europe/Berlin or zone=+01:00");
        wish.feed.zone = *std::move(zone);
    } else if (key == "silent") {
        const auto minutes = number(value);
        if (!minutes || *minutes <= 0 || *minutes > silent_minutes_max)
            return wrong(fmt::format("is not from 1 to {} minutes", silent_minutes_max));
        wish.feed.silent_after = std::chrono::minutes{*minutes};
    } else {
        return wrong("is none of tls, mutual=FILE, charset=NAME, zone=ZONE and silent=MINUTES");
    }
    return {};
}

}   // namespace

Result<FeedWish> parse_feed(std::string_view text) {
    FeedWish wish;
    auto rest = trimmed(text);
    wish.feed.name = take_until(rest, ' ');
    rest = trimmed(rest);
    wish.feed.listen = take_until(rest, ' ');
    const auto wrong = [&](std::string_view why) {
        return fail(Errc::malformed, fmt::format("feed '{}': {}", text, why));
    };
    if (!is_name(wish.feed.name))
        return wrong("it must begin with a name of at most 32 small letters, digits, '-' and '_'");
    if (wish.feed.listen.find(':') == std::string::npos)
        return wrong("an address and a port follow the name, as in adt 127.0.0.1:2575");
    for (rest = trimmed(rest); !rest.empty(); rest = trimmed(rest))
        if (const auto read = read_word(take_until(rest, ' '), wish); !read) return wrong(read.error().what);
    return wish;
}

}   // namespace ward::feeds
