// SPDX-License-Identifier: Apache-2.0
#include "ledger/tile.hpp"

#include <algorithm>

#include "core/assert.hpp"
#include "ledger/decimal.hpp"
#include "wire/wire_reader.hpp"

namespace ward::ledger {

namespace {

constexpr std::string_view prefix = "tile/";
constexpr std::string_view entries_name = "entries";
constexpr unsigned level_max = 63;
constexpr std::size_t hash_bytes = sizeof(Digest);

std::string_view take_element(std::string_view& path) {
    const auto slash = path.find('/');
    const auto element = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    return element;
}

/// Three digits, as a number.
std::optional<std::uint64_t> parse_three(std::string_view text) {
    if (text.size() != 3 || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
        return {};
    return static_cast<std::uint64_t>((text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0'));
}

}   // namespace

std::uint64_t hashes_at(unsigned level, std::uint64_t size) {
    const auto shift = tile_height * level;
    return shift < 64 ? size >> shift : 0;
}

std::optional<Tile> tile_at(Tile::Kind kind, unsigned level, std::uint64_t index, std::uint64_t size) {
    const auto hashes = hashes_at(level, size);
    if (index > hashes / tile_width || index * tile_width == hashes) return {};
    return Tile{kind, level, index, std::min(tile_width, hashes - index * tile_width)};
}

std::string tile_path(const Tile& tile) {
    WARD_ASSERT(tile.width >= 1 && tile.width <= tile_width);
    std::string number;
    for (auto rest = tile.index;; rest /= 1'000) {
        const auto digits = std::to_string(rest % 1'000);
        std::string element{number.empty() ? "" : "x"};
        element.append(3 - digits.size(), '0').append(digits);
        if (!number.empty()) element.append("/").append(number);
        number = std::move(element);
        if (rest < 1'000) break;
    }
    std::string path{prefix};
    path += tile.kind == Tile::Kind::entries ? std::string{entries_name} : std::to_string(tile.level);
    path += "/" + number;
    if (!tile.is_full()) path += ".p/" + std::to_string(tile.width);
    return path;
}

std::optional<Tile> parse_tile_path(std::string_view path) {
    if (!path.starts_with(prefix)) return {};
    auto rest = path.substr(prefix.size());
    Tile tile;
    if (const auto level = take_element(rest); level == entries_name) {
        tile.kind = Tile::Kind::entries;
    } else {
        const auto number = parse_decimal(level);
        if (!number || *number > level_max) return {};
        tile.level = static_cast<unsigned>(*number);
    }
    auto element = take_element(rest);
    for (; element.starts_with('x'); element = take_element(rest)) {
        const auto three = parse_three(element.substr(1));
        if (!three || tile.index > TileLimits{}.entries_max / 1'000'000) return {};
        tile.index = (tile.index + *three) * 1'000;
    }
    const bool is_partial = element.ends_with(".p");
    if (is_partial) element.remove_suffix(2);
    const auto last = parse_three(element);
    if (!last) return {};
    tile.index += *last;
    if (is_partial) {
        const auto width = parse_decimal(rest);
        if (!width || *width == 0 || *width >= tile_width) return {};
        tile.width = *width;
    }
    // What is left are other spellings, such as a superfluous x000.
    if (tile_path(tile) != path) return {};
    return tile;
}

Result<std::vector<Digest>> parse_hashes(Bytes bytes, std::uint64_t width) {
    if (bytes.size() != width * hash_bytes)
        return fail(Errc::malformed, "has " + std::to_string(bytes.size()) + " bytes instead of " +
                                         std::to_string(width * hash_bytes));
    std::vector<Digest> hashes(width);
    for (auto& hash : hashes) {
        std::ranges::copy(bytes.first(hash_bytes), hash.begin());
        bytes = bytes.subspan(hash_bytes);
    }
    return hashes;
}

Buffer format_hashes(std::span<const Digest> hashes) {
    Buffer bytes;
    bytes.reserve(hashes.size() * hash_bytes);
    for (const auto& hash : hashes) append(bytes, hash);
    return bytes;
}

Result<std::vector<Bytes>> parse_entries(Bytes bytes, std::uint64_t width) {
    WireReader reader{bytes};
    std::vector<Bytes> entries;
    entries.reserve(width);
    while (entries.size() < width && !reader.truncated()) entries.push_back(reader.take(reader.u16()));
    if (reader.truncated())
        return fail(Errc::malformed, "ends within entry " + std::to_string(entries.size() - 1) + " of " +
                                         std::to_string(width));
    if (reader.remaining() > 0)
        return fail(Errc::malformed, "goes on after its " + std::to_string(width) + " entries");
    return entries;
}

std::optional<std::size_t> entries_length(Bytes bundle, std::uint64_t width) {
    WireReader reader{bundle};
    for (std::uint64_t i = 0; i < width; ++i) reader.take(reader.u16());
    if (reader.truncated()) return {};
    return bundle.size() - reader.remaining();
}

void append_entry(Buffer& bundle, Bytes entry) {
    WARD_ASSERT(entry.size() <= TileLimits{}.entry_bytes_max);
    append_big_endian(bundle, static_cast<std::uint16_t>(entry.size()));
    append(bundle, entry);
}

}   // namespace ward::ledger
