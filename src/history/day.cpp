// SPDX-License-Identifier: Apache-2.0
#include "history/day.hpp"

#include <algorithm>

#include "core/log.hpp"
#include "history/indexed.hpp"

namespace ward::history {
namespace {

std::pair<std::int64_t, std::int64_t> span_of(std::span<const Mark> marks) {
    const auto [first, last] = std::ranges::minmax_element(marks, {}, &Mark::microseconds);
    return {first->microseconds, last->microseconds};
}

}   // namespace

Result<Day> Day::open(const std::filesystem::path& path) {
    Day day{TRY(store::Database::open(path, store::Mode::read_write_create))};
    TRY(store::migrate(day.database_, day_module, day_steps));
    TRY(day.load());
    return day;
}

Result<> Day::load() {
    auto query = TRY(database_.prepare("SELECT id, name, highest FROM publisher"));
    while (TRY(query.step()))
        publishers_.emplace(query.text(1), Publisher{static_cast<std::uint32_t>(query.integer(0)),
                                                     static_cast<std::uint64_t>(query.integer(2))});
    for (const auto kind : classes) {
        auto last = TRY(database_.prepare("SELECT max(id) FROM block WHERE id >= ? AND id < ?"));
        TRY(last.bind(block_id(kind, 0), block_id(kind, 0) + block_id(Class{1}, 0)));
        if (TRY(last.step()) && !last.is_null(0))
            open_[index(kind)].next_block = last.integer(0) - block_id(kind, 0) + 1;
    }
    TRY(load_segments());
    return load_recent();
}

Result<> Day::load_segments() {
    auto query = TRY(database_.prepare(
        "SELECT id, class, level, first_block, blocks, generation FROM segment ORDER BY id"));
    while (TRY(query.step())) {
        next_segment_ = query.integer(0) + 1;
        const auto kind = static_cast<std::size_t>(query.integer(1));
        const auto level = static_cast<std::size_t>(query.integer(2));
        if (kind >= open_.size() || level >= levels) return fail(Errc::corrupt, "a segment of no known kind");
        open_[kind].segments[level].push_back(
            {query.integer(0), query.integer(3), query.integer(4), query.integer(5)});
    }
    return {};
}

/// A row that is damaged stays where it is, for readers to tell of.
Result<> Day::load_recent() {
    auto query = TRY(database_.prepare("SELECT id, class, bytes FROM recent ORDER BY id"));
    while (TRY(query.step())) {
        const auto kind = static_cast<std::size_t>(query.integer(1));
        const auto recent = decode_block(query.bytes(2));
        if (!recent || kind >= open_.size()) continue;
        auto& open = open_[kind];
        open.rows.push_back(query.integer(0));
        std::string_view lines = recent->lines;
        for (const auto& mark : recent->marks) {
            const auto event = json::Document::parse(std::string{lines.substr(0, mark.line_bytes)});
            if (event) append_keys(event->root(), open.keys);
            lines.remove_prefix(mark.line_bytes);
        }
        open.block.marks.insert(open.block.marks.end(), recent->marks.begin(), recent->marks.end());
        open.block.lines += recent->lines;
        open.kept = open.block.marks.size();
        open.kept_bytes = open.block.lines.size();
    }
    return {};
}

Result<Day::Publisher*> Day::find_publisher(std::string_view name) {
    const auto known = publishers_.find(name);
    if (known != publishers_.end()) return &known->second;
    const auto number = static_cast<std::uint32_t>(publishers_.size() + 1);
    auto insert = TRY(database_.prepare("INSERT INTO publisher (id, name, highest) VALUES (?, ?, 0)"));
    TRY(insert.run(number, name));
    return &publishers_.emplace(name, Publisher{number, 0}).first->second;
}

Result<std::size_t> Day::append(std::string_view publisher, std::uint64_t last,
                                std::span<const Arrival> arrivals) {
    auto transaction = TRY(store::Transaction::begin(database_));
    auto& from = *TRY(find_publisher(publisher));
    const auto is_new = [&](const Arrival& arrival) { return arrival.sequence > from.highest; };
    const auto first_new = std::ranges::find_if(arrivals, is_new);
    for (const auto& arrival : std::span{first_new, arrivals.end()}) TRY(add(from, arrival));
    for (const auto kind : classes) TRY(keep_open(kind));
    from.highest = std::max(from.highest, last);
    auto update = TRY(database_.prepare("UPDATE publisher SET highest = ? WHERE id = ?"));
    TRY(update.run(static_cast<std::int64_t>(from.highest), from.number));
    TRY(transaction.commit());
    return static_cast<std::size_t>(arrivals.end() - first_new);
}

Result<> Day::add(Publisher& publisher, const Arrival& arrival) {
    auto& open = open_[index(arrival.kind)];
    open.block.marks.push_back({.microseconds = arrival.microseconds,
                                .sequence = arrival.sequence,
                                .publisher = publisher.number,
                                .line_bytes = static_cast<std::uint32_t>(arrival.line.size())});
    open.block.lines += arrival.line;
    open.keys.insert(open.keys.end(), arrival.keys.begin(), arrival.keys.end());
    return open.block.is_full() ? close_block(arrival.kind) : Result<>{};
}

/// What came since the last transaction, as a row of its own.
Result<> Day::keep_open(Class kind) {
    auto& open = open_[index(kind)];
    if (open.kept == open.block.marks.size()) return {};
    const auto bytes = encode_block(open.block, open.kept, open.kept_bytes);
    const auto marks = std::span<const Mark>{open.block.marks}.subspan(open.kept);
    const auto [first, last] = span_of(marks);
    auto insert = TRY(database_.prepare(
        "INSERT INTO recent (class, events, first, last, bytes) VALUES (?, ?, ?, ?, ?) RETURNING id"));
    TRY(insert.bind(static_cast<std::int64_t>(index(kind)), static_cast<std::int64_t>(marks.size()), first,
                    last, Bytes{bytes}));
    while (TRY(insert.step())) open.rows.push_back(insert.integer(0));
    open.kept = open.block.marks.size();
    open.kept_bytes = open.block.lines.size();
    return {};
}

Result<> Day::close_block(Class kind) {
    auto& open = open_[index(kind)];
    const auto number = open.next_block++;
    const auto id = block_id(kind, number);
    const auto [first, last] = span_of(open.block.marks);
    auto insert = TRY(database_.prepare("INSERT INTO block (id, events, first, last) VALUES (?, ?, ?, ?)"));
    TRY(insert.run(id, static_cast<std::int64_t>(open.block.marks.size()), first, last));
    const auto bytes = encode_block(open.block);
    auto insert_bytes = TRY(database_.prepare("INSERT INTO block_bytes (id, bytes) VALUES (?, ?)"));
    TRY(insert_bytes.run(id, Bytes{bytes}));
    auto remove = TRY(database_.prepare("DELETE FROM recent WHERE id = ?"));
    for (const auto row : open.rows) TRY(remove.run(row));

    std::ranges::sort(open.keys);
    const auto doubles = std::ranges::unique(open.keys);
    open.keys.erase(doubles.begin(), doubles.end());
    std::vector<Posting> postings;
    postings.reserve(open.keys.size());
    for (const auto key : open.keys) postings.push_back(posting(key, 0));
    open.block.marks.clear();
    open.block.lines.clear();
    open.keys.clear();
    open.rows.clear();
    open.kept = open.kept_bytes = 0;
    return add_segment(kind, 0, {.first_block = number, .blocks = 1, .generation = index_generation},
                       postings);
}

Result<> Day::add_segment(Class kind, std::size_t level, Segment segment, std::span<const Posting> postings) {
    segment.id = next_segment_++;
    auto insert =
        TRY(database_.prepare("INSERT INTO segment (id, class, level, first_block, blocks, generation)"
                              " VALUES (?, ?, ?, ?, ?, ?)"));
    TRY(insert.run(segment.id, static_cast<std::int64_t>(index(kind)), static_cast<std::int64_t>(level),
                   segment.first_block, segment.blocks, segment.generation));
    auto insert_page = TRY(database_.prepare("INSERT INTO page (id, bytes) VALUES (?, ?)"));
    for (const auto& page : paged(postings))
        TRY(insert_page.run(page_id(segment.id, page.first), Bytes{page.bytes}));
    auto& same_level = open_[index(kind)].segments[level];
    same_level.push_back(segment);
    if (same_level.size() < merged_at || level + 1 == levels) return {};
    return merge_segments(kind, level);
}

Result<> Day::merge_segments(Class kind, std::size_t level) {
    auto& same_level = open_[index(kind)].segments[level];
    const auto old = std::exchange(same_level, {});
    const auto postings = read_segments(old);
    if (!postings && postings.error().code == Errc::corrupt) {
        // They stay as they are: what is whole of them goes on to be found.
        log::warn("an index of events is damaged", {{"reason", postings.error().what}});
        return {};
    }
    if (!postings) return tl::unexpected(postings.error());
    auto remove_pages = TRY(database_.prepare("DELETE FROM page WHERE id >= ? AND id < ?"));
    auto remove = TRY(database_.prepare("DELETE FROM segment WHERE id = ?"));
    Segment merged{.first_block = old.front().first_block, .generation = index_generation};
    for (const auto& segment : old) {
        TRY(remove_pages.run(page_id(segment.id, 0), page_id(segment.id + 1, 0)));
        TRY(remove.run(segment.id));
        merged.blocks += segment.blocks;
        merged.generation = std::min(merged.generation, segment.generation);
    }
    return add_segment(kind, level + 1, merged, *postings);
}

Result<std::vector<Posting>> Day::read_segments(std::span<const Segment> segments) {
    std::vector<Posting> postings;
    std::vector<std::size_t> ends;
    for (const auto& segment : segments) {
        const auto blocks = segment.first_block - segments.front().first_block;
        if (blocks < 0 || blocks + segment.blocks > segment_blocks_max)
            return fail(Errc::corrupt, "segments are not one behind the other");
        auto query =
            TRY(database_.prepare("SELECT id, bytes FROM page WHERE id >= ? AND id < ? ORDER BY id"));
        TRY(query.bind(page_id(segment.id, 0), page_id(segment.id + 1, 0)));
        while (TRY(query.step())) {
            const IndexPage page{static_cast<Key>(query.integer(0) & 0xFFFFFFFF),
                                 Buffer{query.bytes(1).begin(), query.bytes(1).end()}};
            TRY(append_postings(page, static_cast<std::uint32_t>(blocks), postings));
        }
        ends.push_back(postings.size());
    }
    merge_runs(postings, std::move(ends));
    return postings;
}

Result<> Day::seal() {
    auto transaction = TRY(store::Transaction::begin(database_));
    for (const auto kind : classes)
        if (open_[index(kind)].block.marks.size() >= sealed_from) TRY(close_block(kind));
    return transaction.commit();
}

Result<bool> Day::has_any(std::string_view query) {
    auto statement = TRY(database_.prepare(query));
    return statement.step();
}

Result<bool> Day::forget(std::span<const Class> gone) {
    std::int64_t removed = 0;
    auto transaction = TRY(store::Transaction::begin(database_));
    for (const auto kind : gone) {
        const auto number = static_cast<std::int64_t>(index(kind));
        for (const auto* const table : {"block", "block_bytes"}) {
            auto remove =
                TRY(database_.prepare(std::string{"DELETE FROM "} + table + " WHERE id >= ? AND id < ?"));
            TRY(remove.run(block_id(kind, 0), block_id(kind, 0) + block_id(Class{1}, 0)));
            removed += database_.changes();
        }
        auto remove_pages = TRY(
            database_.prepare("DELETE FROM page WHERE id >> 32 IN (SELECT id FROM segment WHERE class = ?)"));
        TRY(remove_pages.run(number));
        auto remove_segments = TRY(database_.prepare("DELETE FROM segment WHERE class = ?"));
        TRY(remove_segments.run(number));
        auto remove_recent = TRY(database_.prepare("DELETE FROM recent WHERE class = ?"));
        TRY(remove_recent.run(number));
        removed += database_.changes();
    }
    TRY(transaction.commit());
    for (const auto kind : gone) open_[index(kind)] = {.block = {}, .keys = {}, .rows = {}, .segments = {}};
    const bool is_left =
        TRY(has_any("SELECT 1 FROM recent LIMIT 1")) || TRY(has_any("SELECT 1 FROM block LIMIT 1"));
    if (removed > 0 && is_left) TRY(database_.execute("VACUUM"));
    return is_left;
}

}   // namespace ward::history
