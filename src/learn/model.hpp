// SPDX-License-Identifier: Apache-2.0
// What all models over rows of numbers have in common.
#pragma once

#include <concepts>
#include <span>

#include "state/state.hpp"

namespace ward::learn {

/// The features of one flow, device window or the like, always the same ones in the same order.
using Row = std::span<const double>;

/// One number a feature, filled by a model: how much of the score is that feature's; they sum to the score.
using Shares = std::span<double>;

inline constexpr std::size_t features_max = 256;

/// A higher score is odder; scores of different models compare only as p-values. A row has as many
/// features as the model was made for; shares are as many, or none.
template <class M>
concept Model = requires(M model, const M seen, Row row, Shares shares, state::Writer out, state::Reader in) {
    model.learn(row);
    { seen.score(row, shares) } -> std::same_as<double>;
    { seen.features() } -> std::same_as<std::size_t>;
    seen.save(out);
    { M::restore(in) } -> std::same_as<Result<M>>;
};

}   // namespace ward::learn
