// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "state/state.hpp"

namespace ward::learn {

/// New and bursty edges between things (device to service, person to patient), after the idea of MIDAS-F
/// (Bhatia, Liu, Hooi, Yoon, Shin, Faloutsos, 2020): counts of this tick against those of all ticks, in
/// sketches of fixed size. What scored high in a tick is not added to the past as it was, but as its own past
/// mean, so an attack does not become normal by lasting. One model a kind of edge; ids are the caller's.
class Edges {
public:
    static constexpr std::size_t rows_max = 8;

    struct Settings {
        std::size_t rows = 2;
        std::size_t columns = 1024;   // a power of two
        double kept = 0.8;            // of a tick's counts, in the next one
        double trusted = 10'000;      // a cell that scored no higher becomes part of the past as it was
    };

    /// How unlike its past each is: the edge, all edges of its source, all edges of its target.
    struct Score {
        double edge = 0;
        double source = 0;
        double target = 0;
        bool known = false;   // the edge was part of the past
        double most() const;
    };

    /// The secret keeps an attacker from choosing ids that share cells.
    Edges(Settings settings, std::uint64_t secret);

    /// Counts one edge and judges it. Ticks are not negative and never go back; an earlier one counts as the
    /// current.
    Score observe(std::int64_t tick, std::uint64_t source, std::uint64_t target);
    /// As observe() would judge it, were it the last of so many of its source in this tick; counts nothing,
    /// for who counts only what turned out to be normal.
    Score judge(std::int64_t tick, std::uint64_t source, std::uint64_t target, double of_source);

    void save(state::Writer& out) const;
    static Result<Edges> restore(state::Reader& in);

private:
    struct Cell {
        double now = 0;
        double past = 0;    // of all ticks before this one
        double score = 0;   // the last one: what is left of a burst stays out, too

        bool is_used() const { return now > 0 || past > 0 || score > 0; }
    };

    /// The least of the rows is the best guess, as in every count-min sketch: others share more of their
    /// cells.
    struct Guess {
        double now = 0;
        double past = 0;
    };
    using Places = std::array<std::size_t, rows_max>;   // of a cell in each row

    Places places(std::uint64_t a, std::uint64_t b) const;
    Guess guess(const std::vector<Cell>& cells, const Places& at) const;
    Guess count(std::size_t sketch, std::uint64_t a, std::uint64_t b);
    std::vector<Cell>& cells(std::size_t sketch);
    void begin(std::int64_t tick);
    void turn(std::int64_t tick);
    void pass(Cell& cell, double left) const;
    void find_counted();
    static void save_cells(const std::vector<Cell>& cells, state::Writer& out);
    static void restore_cells(std::vector<Cell>& cells, state::Reader& in);

    Settings settings_;
    std::uint64_t secret_;
    bool begun_ = false;
    std::int64_t tick_ = 0;
    double ticks_ = 1;          // how many there were, this one included
    std::vector<Cell> edges_;   // row after row
    std::vector<Cell> sources_;
    std::vector<Cell> targets_;
    // Where `now` is more than zero, if nothing is kept of a tick: all that changes when it is over.
    std::vector<std::pair<std::uint8_t, std::uint32_t>> counted_;
};

}   // namespace ward::learn
