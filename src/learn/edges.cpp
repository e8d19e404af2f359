// SPDX-License-Identifier: Apache-2.0
#include "learn/edges.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/assert.hpp"
#include "core/hash.hpp"

namespace ward::learn {
namespace {

constexpr state::Tag tag{{'E', 'D', 'G', 'E'}, 2};
constexpr std::size_t cells_max = 1U << 18;   // of one sketch: 6 MB
constexpr double most_counted = 1e15;

/// How far this tick is above the mean of all, squared, in units of what chance allows: a chi-squared
/// statistic of the tick against the rest. Fewer than usual is no sign while the tick is still being counted.
double surprise(double now, double past, double ticks) {
    if (ticks <= 1) return 0;
    const double all = now + past;
    const double off = now - all / ticks;
    return off > 0 ? off * off * ticks * ticks / (all * (ticks - 1)) : 0;
}

}   // namespace

double Edges::Score::most() const { return std::max({edge, source, target}); }

Edges::Edges(Settings settings, std::uint64_t secret)
    : settings_(settings),
      secret_(secret),
      edges_(settings.rows * settings.columns),
      sources_(edges_.size()),
      targets_(edges_.size()) {
    WARD_ASSERT(settings.rows > 0 && settings.rows <= rows_max);
    WARD_ASSERT(std::has_single_bit(settings.columns) && settings.rows * settings.columns <= cells_max);
    WARD_ASSERT(settings.kept >= 0 && settings.kept < 1);
}

std::vector<Edges::Cell>& Edges::cells(std::size_t sketch) {
    return sketch == 0 ? edges_ : sketch == 1 ? sources_ : targets_;
}

void Edges::begin(std::int64_t tick) {
    if (!begun_) {
        begun_ = true;
        tick_ = tick;
    }
    if (tick > tick_) turn(tick);
}

Edges::Score Edges::observe(std::int64_t tick, std::uint64_t source, std::uint64_t target) {
    begin(tick);
    const auto judged = [&](const Guess& guess) { return surprise(guess.now, guess.past, ticks_); };
    const auto edge = count(0, source, target);
    return {.edge = judged(edge),
            .source = judged(count(1, source, 0)),
            .target = judged(count(2, target, 0)),
            .known = edge.past > 0};
}

Edges::Score Edges::judge(std::int64_t tick, std::uint64_t source, std::uint64_t target, double of_source) {
    begin(tick);
    const auto edge = guess(edges_, places(source, target));
    const auto from = guess(sources_, places(source, 0));
    const auto to = guess(targets_, places(target, 0));
    return {.edge = surprise(edge.now + 1, edge.past, ticks_),
            .source = surprise(from.now + of_source, from.past, ticks_),
            .target = surprise(to.now + 1, to.past, ticks_),
            .known = edge.past > 0};
}

Edges::Places Edges::places(std::uint64_t a, std::uint64_t b) const {
    Places at{};
    auto hash = folded(a, b, secret_);
    for (std::size_t row = 0; row < settings_.rows; ++row) {
        at[row] = row * settings_.columns + (hash & (settings_.columns - 1));
        hash = folded(hash, row + 1, secret_);
    }
    return at;
}

Edges::Guess Edges::guess(const std::vector<Cell>& cells, const Places& at) const {
    Guess least{most_counted, most_counted};
    for (std::size_t row = 0; row < settings_.rows; ++row) {
        least.now = std::min(least.now, cells[at[row]].now);
        least.past = std::min(least.past, cells[at[row]].past);
    }
    return least;
}

Edges::Guess Edges::count(std::size_t sketch, std::uint64_t a, std::uint64_t b) {
    auto& all = cells(sketch);
    const auto at = places(a, b);
    for (std::size_t row = 0; row < settings_.rows; ++row) {
        if (settings_.kept == 0 && all[at[row]].now == 0)
            counted_.emplace_back(static_cast<std::uint8_t>(sketch), static_cast<std::uint32_t>(at[row]));
        all[at[row]].now += 1;
    }
    const auto least = guess(all, at);
    for (std::size_t row = 0; row < settings_.rows; ++row)
        all[at[row]].score = surprise(least.now, least.past, ticks_);
    return least;
}

void Edges::pass(Cell& cell, double left) const {
    if (cell.score <= settings_.trusted)
        cell.past = std::min(cell.past + cell.now, most_counted);
    else if (ticks_ > 1)
        cell.past += cell.past / (ticks_ - 1);
    cell.now *= left;
}

/// Ticks without any edge count as ticks: a night is part of what is usual.
void Edges::turn(std::int64_t tick) {
    const auto gap = static_cast<double>(tick - tick_);
    const double left = std::pow(settings_.kept, gap);
    if (settings_.kept == 0) {
        for (const auto& [sketch, place] : counted_) pass(cells(sketch)[place], 0);
        counted_.clear();
    } else {
        for (auto* cells : {&edges_, &sources_, &targets_})
            for (auto& cell : *cells) pass(cell, left);
    }
    ticks_ += gap;
    tick_ = tick;
}

void Edges::find_counted() {
    for (std::uint8_t sketch = 0; settings_.kept == 0 && sketch < 3; ++sketch)
        for (std::uint32_t place = 0; place < edges_.size(); ++place)
            if (cells(sketch)[place].now > 0) counted_.emplace_back(sketch, place);
}

void Edges::save(state::Writer& out) const {
    out.tag(tag);
    out.count(settings_.rows);
    out.count(settings_.columns);
    out.number(settings_.kept);
    out.number(settings_.trusted);
    out.count(secret_);
    out.count(begun_ ? 1 : 0);
    out.count(static_cast<std::uint64_t>(tick_));
    out.number(ticks_);
    for (const auto* cells : {&edges_, &sources_, &targets_}) save_cells(*cells, out);
}

/// Those that something was counted in: most are empty where there are few edges.
void Edges::save_cells(const std::vector<Cell>& cells, state::Writer& out) {
    out.count(static_cast<std::uint64_t>(std::ranges::count_if(cells, &Cell::is_used)));
    for (std::size_t place = 0; place < cells.size(); ++place) {
        if (!cells[place].is_used()) continue;
        out.count(place);
        out.number(cells[place].now);
        out.number(cells[place].past);
        out.number(cells[place].score);
    }
}

void Edges::restore_cells(std::vector<Cell>& cells, state::Reader& in) {
    std::size_t next = 0;
    for (auto left = in.count(0, cells.size()); left > 0 && !in.failed(); --left) {
        const auto place = in.count(next, cells.size() - 1);
        if (in.failed()) return;
        next = place + 1;
        auto& cell = cells[place];
        cell.now = in.number(0, most_counted);
        cell.past = in.number(0, 2 * most_counted);
        cell.score = in.number(0, std::numeric_limits<double>::max());
        if (!cell.is_used()) in.fail();
    }
}

Result<Edges> Edges::restore(state::Reader& in) {
    in.tag(tag);
    Settings settings;
    settings.rows = in.count(1, rows_max);
    settings.columns = in.count(1, cells_max / settings.rows);
    if (!std::has_single_bit(settings.columns)) in.fail();
    settings.kept = in.number(0, std::nextafter(1.0, 0.0));
    settings.trusted = in.number(0, std::numeric_limits<double>::max());
    const auto secret = in.count(0, ~std::uint64_t{0});
    TRY(in.checked());   // before memory is taken for cells
    Edges model{settings, secret};
    model.begun_ = in.count(0, 1) == 1;
    model.tick_ = static_cast<std::int64_t>(in.count(0, std::numeric_limits<std::int64_t>::max()));
    model.ticks_ = in.number(1, most_counted);
    for (auto* cells : {&model.edges_, &model.sources_, &model.targets_}) restore_cells(*cells, in);
    TRY(in.checked());
    model.find_counted();
    return model;
}

}   // namespace ward::learn
