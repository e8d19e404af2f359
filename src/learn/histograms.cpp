// SPDX-License-Identifier: Apache-2.0
#include "learn/histograms.hpp"

#include "core/assert.hpp"

namespace ward::learn {

static_assert(Model<Histograms>);

double Histograms::score(Row row, Shares shares) const {
    WARD_ASSERT(row.size() == features() && (shares.empty() || shares.size() == row.size()));
    double sum = 0;
    for (std::size_t feature = 0; feature < row.size(); ++feature) {
        const double surprise = densities_.surprise(feature, row[feature]);
        if (!shares.empty()) shares[feature] = surprise;
        sum += surprise;
    }
    return sum;
}

Result<Histograms> Histograms::restore(state::Reader& in) {
    auto densities = TRY(Densities::restore(in));
    if (densities.numbers() > features_max)
        return fail(Errc::corrupt, "a model's state has too many features");
    return Histograms{std::move(densities)};
}

}   // namespace ward::learn
