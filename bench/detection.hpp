// SPDX-License-Identifier: Apache-2.0
// What the files of the bench `detection` share; detection.cpp says how to start it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "learn/model.hpp"

namespace ward::bench {

/// One split of one labelled set, in numbers.
struct Split {
    std::vector<std::vector<double>> normals;   // to learn from
    std::vector<std::vector<double>> rows;      // to judge
    std::vector<bool> odd;                      // which of them are attacks
};

struct Set {
    std::string name;
    Split (*split)(const std::string& folder, std::uint64_t seed);
};

const std::vector<Set>& sets();

/// How well scores tell attacks from normals. Equal scores count as half.
struct Quality {
    double auc = 0;
    double auprc = 0;
    double recall = 0;   // at 0.1 % false positives
};

Quality quality(const std::vector<double>& scores, const std::vector<bool>& odd);

/// Mean and standard deviation over seeds, as text.
std::string spread(const std::vector<double>& values, int digits);

double cpu_seconds();

/// The edges of DARPA 98, over all seeds.
void measure_edges(const std::string& file, std::uint64_t seeds);

}   // namespace ward::bench
