// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "learn/scaling.hpp"
#include <algorithm>

namespace ward::learn {

/// A model that gets its rows scaled. Until the scale is known it says 0 to everything.
template <Model M>
class Scaled {
public:
    Scaled(M model, Scaling::Settings settings, std::uint64_t seed)
        : scaling_(model.features(), settings, seed), model_(std::move(model)), row_(model_.features()) {}

    std::size_t features() const { return model_.features(); }

    void learn(Row row) {
        const bool first = !scaling_.ready();
        scaling_.learn(row);
        if (!scaling_.ready()) return;
        if (!first) return learn_scaled(row);
        for (std::size_t i = 0; i < scaling_.sampled(); ++i) learn_scaled(scaling_.sample(i));
    }

    double score(Row row, Shares shares = {}) const {
        std::ranges::fill(shares, 0.0);
        if (!scaling_.ready()) return 0;
        std::vector<double> scaled(row.size());
        scaling_.scale(row, scaled);
        return model_.score(scaled, shares);
    }

    void save(state::Writer& out) const {
        scaling_.save(out);
        model_.save(out);
    }

    static Result<Scaled> restore(state::Reader& in) {
        auto scaling = TRY(Scaling::restore(in));
        auto model = TRY(M::restore(in));
        if (scaling.features() != model.features())
            return fail(Errc::corrupt, "a model's state has a scale for other features");
        return Scaled{std::move(scaling), std::move(model)};
    }

private:
    Scaled(Scaling scaling, M model)
        : scaling_(std::move(scaling)), model_(std::move(model)), row_(model_.features()) {}

    void learn_scaled(Row row) {
        scaling_.scale(row, row_);
        model_.learn(row_);
    }

    Scaling scaling_;
    M model_;
    std::vector<double> row_;   // scratch of learn()
};

}   // namespace ward::learn
