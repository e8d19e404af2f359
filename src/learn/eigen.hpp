// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace ward::learn {

struct Eigen {
    std::vector<double> values;                 // the largest first
    std::vector<std::vector<double>> vectors;   // of length 1, in the same order
};

/// Of a symmetric matrix, row after row, by Jacobi's rotations.
Eigen eigen_of(std::vector<double> matrix, std::size_t size);

}   // namespace ward::learn
