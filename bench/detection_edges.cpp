// SPDX-License-Identifier: Apache-2.0
// DARPA 98 as edges of addresses in time order, a tick a minute. Nothing is learned beforehand: each edge is
// judged when it comes, as in the literature. False positives are those among all normal edges.
#include <charconv>
#include <fmt/format.h>
#include <fstream>
#include <map>

#include "core/assert.hpp"
#include "detection.hpp"
#include "learn/edges.hpp"

namespace ward::bench {
namespace {

struct Edge {
    std::int64_t minute;
    std::uint64_t source;
    std::uint64_t target;
};

/// Days of 1998 since New Year, from "06/01/1998-07:55".
std::int64_t minute_of(const std::string& text) {
    const auto number = [&](std::size_t at) {
        int value = 0;
        std::from_chars(&text[at], &text[at] + 2, value);
        return value;
    };
    constexpr int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    const int day = before[number(0) - 1] + number(3);
    return (std::int64_t{day} * 24 + number(11)) * 60 + number(14);
}

struct Edgelist {
    std::vector<Edge> edges;
    std::vector<bool> odd;
};

Edgelist read(const std::string& file) {
    Edgelist list;
    std::ifstream in{file};
    std::map<std::string, std::uint64_t> ids;
    std::string source;
    std::string target;
    std::string time;
    std::string label;
    while (std::getline(in, source, ',') && std::getline(in, target, ',') && std::getline(in, time, ',') &&
           std::getline(in, label)) {
        const auto id = [&](const std::string& name) { return ids.emplace(name, ids.size()).first->second; };
        list.edges.push_back({minute_of(time), id(source), id(target)});
        list.odd.push_back(label[0] != '-');
    }
    WARD_ASSERT(!list.edges.empty());
    return list;
}

}   // namespace

void measure_edges(const std::string& file, std::uint64_t seeds) {
    const auto list = read(file);
    std::vector<double> auc;
    std::vector<double> auprc;
    std::vector<double> recall;
    std::vector<double> rate;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        learn::Edges model{{}, seed};
        std::vector<double> scores;
        scores.reserve(list.edges.size());
        const double began = cpu_seconds();
        for (const auto& edge : list.edges)
            scores.push_back(model.observe(edge.minute, edge.source, edge.target).most());
        rate.push_back(static_cast<double>(list.edges.size()) / (cpu_seconds() - began) / 1e6);
        const auto found = quality(scores, list.odd);
        auc.push_back(found.auc);
        auprc.push_back(found.auprc);
        recall.push_back(found.recall);
    }
    fmt::print("DARPA98: {} edges, as they come\n", list.edges.size());
    fmt::print("| DARPA98 | Edges | {} | {} | {} | | | {} million edges/s |\n", spread(auc, 3),
               spread(auprc, 3), spread(recall, 3), spread(rate, 1));
}

}   // namespace ward::bench
