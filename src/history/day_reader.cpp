// SPDX-License-Identifier: Apache-2.0
#include "history/day_reader.hpp"

#include <algorithm>
#include <numeric>

namespace ward::history {

Result<DayReader> DayReader::open(const std::filesystem::path& path) {
    auto database = std::make_unique<store::Database>(TRY(
        store::Database::open(path, store::Mode::read_only, {.cache_kib = 4 * 1024, .statements_max = 16})));
    auto moment = TRY(store::Transaction::begin(*database, store::Transaction::Access::read));
    DayReader reader{std::move(database), std::move(moment)};
    auto made = TRY(reader.database_->prepare("SELECT 1 FROM sqlite_schema WHERE name = 'publisher'"));
    if (!TRY(made.step())) return fail(Errc::not_found, "no events yet");
    auto query = TRY(reader.database_->prepare("SELECT id, name FROM publisher"));
    while (TRY(query.step()))
        reader.publishers_.emplace(static_cast<std::uint32_t>(query.integer(0)), query.text(1));
    return reader;
}

std::string DayReader::publisher(std::uint32_t number) const {
    const auto known = publishers_.find(number);
    return known == publishers_.end() ? std::string{} : known->second;
}

Result<> DayReader::add_recent(std::vector<Stretch>& found) {
    auto query = TRY(database_->prepare("SELECT id, first, last FROM recent"));
    while (TRY(query.step())) found.push_back({query.integer(0), true, query.integer(1), query.integer(2)});
    return {};
}

Result<> DayReader::add_all_blocks(std::vector<Stretch>& found) {
    auto query = TRY(database_->prepare("SELECT id, first, last FROM block"));
    while (TRY(query.step())) found.push_back({query.integer(0), false, query.integer(1), query.integer(2)});
    return {};
}

Result<> DayReader::add_blocks(std::int64_t from, std::span<const std::uint32_t> wanted,
                               std::vector<Stretch>& found) {
    if (wanted.empty()) return {};
    auto query = TRY(database_->prepare("SELECT id, first, last FROM block WHERE id BETWEEN ? AND ?"));
    TRY(query.bind(from + wanted.front(), from + wanted.back()));
    while (TRY(query.step()))
        if (std::ranges::binary_search(wanted, query.integer(0) - from))
            found.push_back({query.integer(0), false, query.integer(1), query.integer(2)});
    return {};
}

Result<std::vector<DayReader::Segment>> DayReader::segments() {
    std::vector<Segment> all;
    auto query = TRY(database_->prepare("SELECT id, class, first_block, blocks, generation FROM segment"));
    while (TRY(query.step())) {
        const auto kind = static_cast<Class>(query.integer(1));
        const auto blocks = std::min<std::int64_t>(query.integer(3), segment_blocks_max);
        all.push_back({query.integer(0), block_id(kind, query.integer(2)), blocks, query.integer(4)});
    }
    return all;
}

Result<std::vector<std::uint32_t>> DayReader::look_up(std::int64_t segment, Key key) {
    auto query = TRY(
        database_->prepare("SELECT id, bytes FROM page WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1"));
    TRY(query.bind(page_id(segment, 0), page_id(segment, key)));
    if (!TRY(query.step())) return std::vector<std::uint32_t>{};
    return blocks_with(key, static_cast<Key>(query.integer(0) & 0xFFFFFFFF), query.bytes(1));
}

std::vector<std::uint32_t> DayReader::blocks_of(const Segment& segment, const Plan& plan,
                                                std::vector<std::string>& damage) {
    if (segment.generation >= plan.since) {
        const auto blocks = blocks_for(plan, [&](Key key) { return look_up(segment.id, key); });
        if (blocks) return *blocks;
        damage.push_back(blocks.error().what);
    }
    std::vector<std::uint32_t> all(static_cast<std::size_t>(segment.blocks));
    std::iota(all.begin(), all.end(), 0U);
    return all;
}

Result<std::vector<Stretch>> DayReader::stretches(const std::optional<Plan>& plan,
                                                  std::vector<std::string>& damage) {
    std::vector<Stretch> found;
    TRY(add_recent(found));
    if (!plan) {
        TRY(add_all_blocks(found));
    } else {
        for (const auto& segment : TRY(segments()))
            TRY(add_blocks(segment.first_block, blocks_of(segment, *plan, damage), found));
    }
    std::ranges::sort(found, [](const Stretch& a, const Stretch& b) {
        return std::tie(a.last, a.id, a.is_recent) > std::tie(b.last, b.id, b.is_recent);
    });
    return found;
}

Result<Block> DayReader::read(const Stretch& stretch) {
    auto query = TRY(database_->prepare(stretch.is_recent ? "SELECT bytes FROM recent WHERE id = ?"
                                                          : "SELECT bytes FROM block_bytes WHERE id = ?"));
    TRY(query.bind(stretch.id));
    if (!TRY(query.step())) return fail(Errc::corrupt, "a block is missing");
    return decode_block(query.bytes(0));
}

}   // namespace ward::history
