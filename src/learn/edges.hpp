// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "state/state.hpp"

namespace ward::learn {

/// New and bursty edges between things (device to service, person to patient), after the idea of MIDAS-F
/// (Bhatia, Liu, Hooi, Yoon, Shin, Faloutsos, 2020): counts of this tick against those of all ticks, in
/// sketches of fixed size. What scored high in a tick is not added to the past as it was, but as its own past
/// mean, so an attack does not become normal by lasting. One model a kind of edge; ids are the caller's.
class Edges {
public:
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
        double most() const;
    };

    /// The secret keeps an attacker from choosing ids that share cells.
    Edges(Settings settings, std::uint64_t secret);

    /// Counts one edge and judges it. Ticks are not negative and never go back; an earlier one counts as the
    /// current.
    Score observe(std::int64_t tick, std::uint64_t source, std::uint64_t target);

    void save(state::Writer& out) const;
    static Result<Edges> restore(state::Reader& in);

private:
    struct Cell {
        double now = 0;
        double past = 0;    // of all ticks before this one
        double score = 0;   // the last one: what is left of a burst stays out, too
    };

    double count(std::vector<Cell>& cells, std::uint64_t a, std::uint64_t b) const;
    void turn(std::int64_t tick);

    Settings settings_;
    std::uint64_t secret_;
    bool begun_ = false;
    std::int64_t tick_ = 0;
    double ticks_ = 1;          // how many there were, this one included
    std::vector<Cell> edges_;   // row after row
    std::vector<Cell> sources_;
    std::vector<Cell> targets_;
};

}   // namespace ward::learn
