// SPDX-License-Identifier: Apache-2.0
#include "learn/edges.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/assert.hpp"
#include "core/hash.hpp"

namespace ward::learn {
namespace {

constexpr state::Tag tag{{'E', 'D', 'G', 'E'}, 1};
constexpr std::size_t rows_max = 8;
constexpr std::size_t columns_max = 1U << 20;
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
    WARD_ASSERT(std::has_single_bit(settings.columns) && settings.columns <= columns_max);
    WARD_ASSERT(settings.kept >= 0 && settings.kept < 1);
}

Edges::Score Edges::observe(std::int64_t tick, std::uint64_t source, std::uint64_t target) {
    if (!begun_) {
        begun_ = true;
        tick_ = tick;
    }
    if (tick > tick_) turn(tick);
    return {.edge = count(edges_, source, target),
            .source = count(sources_, source, 0),
            .target = count(targets_, target, 0)};
}

/// The least of the rows is the best guess, as in every count-min sketch: others share more of their cells.
double Edges::count(std::vector<Cell>& cells, std::uint64_t a, std::uint64_t b) const {
    auto hash = folded(a, b, secret_);
    Cell* touched[rows_max];
    double now = most_counted;
    double past = most_counted;
    for (std::size_t row = 0; row < settings_.rows; ++row) {
        touched[row] = &cells[row * settings_.columns + (hash & (settings_.columns - 1))];
        hash = folded(hash, row + 1, secret_);
        touched[row]->now += 1;
        now = std::min(now, touched[row]->now);
        past = std::min(past, touched[row]->past);
    }
    const double score = surprise(now, past, ticks_);
    for (std::size_t row = 0; row < settings_.rows; ++row) touched[row]->score = score;
    return score;
}

/// Ticks without any edge count as ticks: a night is part of what is usual.
void Edges::turn(std::int64_t tick) {
    const auto gap = static_cast<double>(tick - tick_);
    const double left = std::pow(settings_.kept, gap);
    for (auto* cells : {&edges_, &sources_, &targets_}) {
        for (auto& cell : *cells) {
            if (cell.score <= settings_.trusted)
                cell.past = std::min(cell.past + cell.now, most_counted);
            else if (ticks_ > 1)
                cell.past += cell.past / (ticks_ - 1);
            cell.now *= left;
        }
    }
    ticks_ += gap;
    tick_ = tick;
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
    for (const auto* cells : {&edges_, &sources_, &targets_}) {
        for (const auto& cell : *cells) {
            out.number(cell.now);
            out.number(cell.past);
            out.number(cell.score);
        }
    }
}

Result<Edges> Edges::restore(state::Reader& in) {
    in.tag(tag);
    Settings settings;
    settings.rows = in.count(1, rows_max);
    settings.columns = in.count(1, columns_max);
    if (!std::has_single_bit(settings.columns)) in.fail();
    settings.kept = in.number(0, std::nextafter(1.0, 0.0));
    settings.trusted = in.number(0, std::numeric_limits<double>::max());
    const auto secret = in.count(0, ~std::uint64_t{0});
    TRY(in.has(settings.rows * settings.columns * sizeof(Cell) * 3));   // before memory is taken for them
    Edges model{settings, secret};
    model.begun_ = in.count(0, 1) == 1;
    model.tick_ = static_cast<std::int64_t>(in.count(0, std::numeric_limits<std::int64_t>::max()));
    model.ticks_ = in.number(1, most_counted);
    for (auto* cells : {&model.edges_, &model.sources_, &model.targets_}) {
        for (auto& cell : *cells) {
            cell.now = in.number(0, most_counted);
            cell.past = in.number(0, 2 * most_counted);
            cell.score = in.number(0, std::numeric_limits<double>::max());
        }
    }
    TRY(in.checked());
    return model;
}

}   // namespace ward::learn
