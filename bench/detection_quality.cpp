// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <ctime>
#include <fmt/format.h>
#include <numeric>

#include "detection.hpp"

namespace ward::bench {

Quality quality(const std::vector<double>& scores, const std::vector<bool>& odd) {
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, std::greater{}, [&](std::size_t i) { return scores[i]; });
    const auto attacks = static_cast<double>(std::ranges::count(odd, true));
    const double normals = static_cast<double>(odd.size()) - attacks;
    Quality found;
    double hits = 0;
    double alarms = 0;
    for (std::size_t i = 0; i < order.size();) {
        double more_hits = 0;
        double more_alarms = 0;
        for (const double score = scores[order[i]]; i < order.size() && scores[order[i]] == score; ++i)
            (odd[order[i]] ? more_hits : more_alarms) += 1;
        found.auc += more_alarms * (hits + more_hits / 2);
        hits += more_hits;
        alarms += more_alarms;
        found.auprc += more_hits / attacks * hits / (hits + alarms);
        if (alarms <= 0.001 * normals) found.recall = hits / attacks;
    }
    found.auc /= attacks * normals;
    return found;
}

std::string spread(const std::vector<double>& values, int digits) {
    const auto size = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / size;
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    return fmt::format("{:.{}f} ±{:.{}f}", mean, digits, std::sqrt(squares / size), digits);
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}   // namespace ward::bench
