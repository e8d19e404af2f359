// SPDX-License-Identifier: Apache-2.0
// How well the models of src/learn tell attacks from normals, and how fast, on public sets:
//   detection FOLDER      (nsl-train.csv, nsl-test.csv, unsw.csv, wustl.csv, darpa.csv; `./dev bench
//   detection` unpacks them)
// One setting for all sets, their defaults. Models learn from normals only, row by row; the threshold of an
// alarm is fixed before a test row is seen, at one in a thousand of the normals of the second half.
#include <fmt/format.h>

#include "detection.hpp"
#include "learn/blend.hpp"
#include "learn/scaled.hpp"

namespace ward::bench {
namespace {

constexpr std::uint64_t seeds = 5;
constexpr double alarm = 0.001;

/// What came out, a value a seed.
struct Outcome {
    std::vector<double> auc, auprc, recall, met, caught, learned, judged;
};

template <learn::Model M>
void run(M model, const Split& split, Outcome& outcome) {
    learn::Normals normals{learn::Normals::kept_max};
    const double began = cpu_seconds();
    for (std::size_t i = 0; i < split.normals.size(); ++i) {
        if (2 * i >= split.normals.size()) normals.learn(model.score(split.normals[i]));
        model.learn(split.normals[i]);
    }
    const double learned = cpu_seconds();
    std::vector<double> scores;
    for (const auto& row : split.rows) scores.push_back(model.score(row));
    const double judged = cpu_seconds();
    double alarms[2] = {0, 0};
    double rows[2] = {0, 0};
    for (std::size_t i = 0; i < scores.size(); ++i) {
        rows[split.odd[i]] += 1;
        alarms[split.odd[i]] += normals.p_value(scores[i]) <= alarm;
    }
    const auto found = quality(scores, split.odd);
    outcome.auc.push_back(found.auc);
    outcome.auprc.push_back(found.auprc);
    outcome.recall.push_back(found.recall);
    outcome.met.push_back(100 * alarms[0] / rows[0]);
    outcome.caught.push_back(alarms[1] / rows[1]);
    outcome.learned.push_back(static_cast<double>(split.normals.size()) / (learned - began) / 1000);
    outcome.judged.push_back(static_cast<double>(split.rows.size()) / (judged - learned) / 1000);
}

void print(const std::string& set, const std::string& model, const Outcome& outcome) {
    fmt::print("| {} | {} | {} | {} | {} | {} % | {} | {:.0f} / {:.0f} |\n", set, model,
               spread(outcome.auc, 3), spread(outcome.auprc, 3), spread(outcome.recall, 3),
               spread(outcome.met, 2), spread(outcome.caught, 3), outcome.learned.back(),
               outcome.judged.back());
    std::fflush(stdout);
}

void measure(const Set& set, const std::string& folder) {
    Outcome histograms;
    Outcome loda;
    Outcome residual;
    Outcome blend;
    const learn::Blend::Settings settings;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const auto split = set.split(folder, seed);
        const auto features = split.normals.at(0).size();
        const auto scaled = [&](auto model) { return learn::Scaled{std::move(model), {}, seed}; };
        run(scaled(learn::Histograms{features, settings.horizon}), split, histograms);
        run(scaled(learn::Loda{features, settings.projections, settings.horizon, seed}), split, loda);
        run(scaled(learn::PcaResidual{features, settings.horizon}), split, residual);
        run(scaled(learn::Blend{features, settings, seed}), split, blend);
        if (seed == 1)
            fmt::print("{}: {} features, learns from {} normals, judges {} rows\n", set.name, features,
                       split.normals.size(), split.rows.size());
    }
    print(set.name, "Histograms", histograms);
    print(set.name, "Loda", loda);
    print(set.name, "PcaResidual", residual);
    print(set.name, "Blend", blend);
}

}   // namespace
}   // namespace ward::bench

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "usage: detection FOLDER\n");
        return 2;
    }
    fmt::print(
        "| set | model | AUC | AUPRC | recall at 0.1 % | false positives met | caught by that threshold | "
        "thousand rows/s learned / judged |\n");
    for (const auto& set : ward::bench::sets()) ward::bench::measure(set, argv[1]);
    ward::bench::measure_edges(std::string{argv[1]} + "/darpa.csv", ward::bench::seeds);
}
