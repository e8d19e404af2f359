// SPDX-License-Identifier: Apache-2.0
#include "learn/eigen.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/assert.hpp"

namespace ward::learn {
namespace {

constexpr int sweeps_max = 30;
constexpr double small = 1e-10;   // of the diagonal's sum: what is left off it no longer matters

struct Square {
    std::vector<double>& cells;
    std::size_t size;
    double& at(std::size_t row, std::size_t column) const { return cells[row * size + column]; }
};

/// Turns rows and columns p and q so that their common cell becomes zero. `vectors` has an eigenvector a row.
void rotate(Square matrix, Square vectors, std::size_t p, std::size_t q) {
    const double off = matrix.at(p, q);
    const double theta = (matrix.at(q, q) - matrix.at(p, p)) / (2 * off);
    const double tangent = std::copysign(1 / (std::abs(theta) + std::hypot(theta, 1.0)), theta);
    const double cosine = 1 / std::hypot(tangent, 1.0);
    const double sine = tangent * cosine;
    const auto turn = [&](double& left, double& right) {
        const double before = left;
        left = cosine * before - sine * right;
        right = sine * before + cosine * right;
    };
    for (std::size_t i = 0; i < matrix.size; ++i) turn(matrix.at(i, p), matrix.at(i, q));
    for (std::size_t i = 0; i < matrix.size; ++i) turn(matrix.at(p, i), matrix.at(q, i));
    for (std::size_t i = 0; i < matrix.size; ++i) turn(vectors.at(p, i), vectors.at(q, i));
}

}   // namespace

Eigen eigen_of(std::vector<double> matrix, std::size_t size) {
    WARD_ASSERT(matrix.size() == size * size);
    std::vector<double> turned(size * size);
    const Square cells{matrix, size};
    const Square vectors{turned, size};
    double trace = 0;
    for (std::size_t i = 0; i < size; ++i) {
        vectors.at(i, i) = 1;
        trace += std::abs(cells.at(i, i));
    }
    const double least = small * trace / static_cast<double>(size);
    bool turning = true;
    for (int sweep = 0; turning && sweep < sweeps_max; ++sweep) {
        turning = false;
        for (std::size_t p = 0; p < size; ++p) {
            for (auto q = p + 1; q < size; ++q) {
                if (std::abs(cells.at(p, q)) <= least) continue;
                rotate(cells, vectors, p, q);
                turning = true;
            }
        }
    }
    std::vector<std::size_t> order(size);
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::stable_sort(order, [&](auto a, auto b) { return cells.at(a, a) > cells.at(b, b); });
    Eigen found;
    for (const auto i : order) {
        const auto first = turned.begin() + static_cast<std::ptrdiff_t>(i * size);
        found.values.push_back(cells.at(i, i));
        found.vectors.emplace_back(first, first + static_cast<std::ptrdiff_t>(size));
    }
    return found;
}

}   // namespace ward::learn
