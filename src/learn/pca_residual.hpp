// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "learn/model.hpp"

namespace ward::learn {

/// What of a row the main directions of all rows do not explain: features that used to go together and no
/// longer do. Each other direction counts in units of its own usual deviation, and logarithmically, so that
/// one of them alone does not outshout many. The covariance forgets. Rows are scaled ones.
class PcaResidual {
public:
    PcaResidual(std::size_t features, double horizon);

    std::size_t features() const { return means_.size(); }
    void learn(Row row);
    /// A feature's share: what it contributes to the deviation along each direction.
    double score(Row row, Shares shares = {}) const;

    void save(state::Writer& out) const;
    static Result<PcaResidual> restore(state::Reader& in);

private:
    void refresh();

    double horizon_;
    double learned_ = 0;
    double refresh_at_;
    std::vector<double> means_;
    std::vector<double> covariances_;
    // As of the last refresh.
    std::vector<double> origin_;
    std::vector<double>
        directions_;   // those that are not main, in units of their deviation, one after another
    std::vector<double> distance_;   // scratch of learn()
};

}   // namespace ward::learn
