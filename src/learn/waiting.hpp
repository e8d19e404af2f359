// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <vector>

#include "core/clock.hpp"
#include "learn/model.hpp"

namespace ward::learn {

/// Rows that a model may learn from later, the oldest first, and models as they were at earlier dates. Both
/// are bounded: a row that finds no room is not learned from, an old snapshot gives way to a new one.
class Waiting {
public:
    static constexpr std::size_t rows_max = 1U << 20;

    explicit Waiting(std::size_t rows) : room_(rows) {}

    /// False: no room.
    bool add(Time at, Row row);
    /// The oldest row, if it is of `until` or earlier; it is gone from here.
    std::vector<double> next(Time until);
    void clear() { rows_.clear(); }
    std::size_t size() const { return rows_.size(); }

    void save(state::Writer& out) const;
    static Result<Waiting> restore(state::Reader& in, std::size_t features);

private:
    struct Dated {
        Time at;
        std::vector<double> row;
    };

    std::size_t room_;
    std::deque<Dated> rows_;
};

class Snapshots {
public:
    static constexpr std::size_t kept_max = 400;

    explicit Snapshots(std::size_t kept) : kept_(kept) {}

    void add(Time at, Buffer state);
    /// The newest of `at` or earlier; those after it are gone. Nothing if there is none that old.
    const Buffer* roll_back(Time at);
    std::size_t size() const { return taken_.size(); }

    void save(state::Writer& out) const;
    static Result<Snapshots> restore(state::Reader& in);

private:
    struct Dated {
        Time at;
        Buffer state;
    };

    std::size_t kept_;
    std::deque<Dated> taken_;
};

}   // namespace ward::learn
