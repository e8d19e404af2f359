// SPDX-License-Identifier: Apache-2.0
// Labelled flows as rows of numbers: duplicates removed, identifiers dropped, words as columns of their own.
#include <algorithm>
#include <charconv>
#include <fstream>
#include <numeric>
#include <set>
#include <unordered_set>

#include "core/assert.hpp"
#include "detection.hpp"
#include "learn/dice.hpp"

namespace ward::bench {
namespace {

struct Table {
    std::vector<std::vector<std::string>> rows;   // features only
    std::vector<bool> odd;
};

std::vector<std::string> cells(std::string line) {
    std::erase_if(line, [](char c) { return c == '\r' || c == ' '; });
    std::vector<std::string> found{""};
    for (const char c : line) {
        if (c == ',')
            found.emplace_back();
        else
            found.back() += c;
    }
    return found;
}

/// `label` is the column that says normal or not; `dropped` are columns that a model must not see.
Table read(const std::string& file, std::size_t label, const std::set<std::size_t>& dropped, bool header) {
    std::ifstream in{file};
    WARD_ASSERT(in.good());
    Table table;
    std::unordered_set<std::string> seen;
    std::string line;
    if (header) std::getline(in, line);
    while (std::getline(in, line)) {
        const auto all = cells(line);
        std::vector<std::string> row;
        for (std::size_t i = 0; i < all.size(); ++i)
            if (i != label && !dropped.contains(i)) row.push_back(all[i]);
        const bool odd = all.at(label) != "0" && all[label] != "normal";
        std::string key = odd ? "1" : "0";
        for (const auto& cell : row) key += "," + cell;
        if (!seen.insert(key).second) continue;
        table.rows.push_back(std::move(row));
        table.odd.push_back(odd);
    }
    return table;
}

bool is_number(const std::string& cell, double& value) {
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    return error == std::errc{} && end == cell.data() + cell.size();
}

/// How rows of text become rows of numbers, by the normals to learn from alone: each word of a feature gets
/// a column, and all words that the normals do not have share one.
class Encoding {
public:
    explicit Encoding(const std::vector<std::vector<std::string>>& normals) : words_(normals.at(0).size()) {
        double value = 0;
        for (std::size_t i = 0; i < words_.size(); ++i) {
            std::set<std::string> words;
            for (const auto& row : normals)
                if (!is_number(row[i], value)) words.insert(row[i]);
            words_[i].assign(words.begin(), words.end());
        }
    }

    std::vector<double> operator()(const std::vector<std::string>& row) const {
        std::vector<double> numbers;
        for (std::size_t i = 0; i < row.size(); ++i) {
            double value = 0;
            const bool number = is_number(row[i], value);
            if (words_[i].empty()) {
                numbers.push_back(number ? value : 0);
                continue;
            }
            const auto word = std::ranges::find(words_[i], row[i]);
            for (auto each = words_[i].begin(); each != words_[i].end(); ++each)
                numbers.push_back(each == word ? 1 : 0);
            numbers.push_back(word == words_[i].end() ? 1 : 0);
        }
        return numbers;
    }

private:
    std::vector<std::vector<std::string>> words_;
};

using Order = std::vector<std::size_t>;

void shuffle(Order& order, std::uint64_t seed) {
    learn::Dice dice{seed};
    for (std::size_t i = 0; i < order.size(); ++i)
        std::swap(order[i], order[i + dice.below(order.size() - i)]);
}

Order numbered(std::size_t count) {
    Order all(count);
    std::iota(all.begin(), all.end(), 0U);
    return all;
}

Split encoded(const Table& learned, const Order& normals, const Table& judged, const Order& rows) {
    std::vector<std::vector<std::string>> texts;
    for (const auto i : normals) texts.push_back(learned.rows[i]);
    const Encoding encode{texts};
    Split split;
    for (const auto& text : texts) split.normals.push_back(encode(text));
    for (const auto i : rows) {
        split.rows.push_back(encode(judged.rows[i]));
        split.odd.push_back(judged.odd[i]);
    }
    return split;
}

/// Learns from the normals of Train+, in an order of chance, and judges Test+.
Split nsl_kdd(const std::string& folder, std::uint64_t seed) {
    const auto train = read(folder + "/nsl-train.csv", 41, {}, true);
    const auto test = read(folder + "/nsl-test.csv", 41, {42}, false);   // 42 says how hard the row is
    auto normals = numbered(train.rows.size());
    std::erase_if(normals, [&](std::size_t i) { return train.odd[i]; });
    shuffle(normals, seed);
    return encoded(train, normals, test, numbered(test.rows.size()));
}

/// Learns from half of the normals, drawn by chance, and judges everything else.
Split unsw_nb15(const std::string& folder, std::uint64_t seed) {
    // The number of the row, both TCP sequence numbers, the kind of attack.
    const auto table = read(folder + "/unsw.csv", 44, {0, 21, 22, 43}, true);
    auto order = numbered(table.rows.size());
    shuffle(order, seed);
    Order normals;
    Order rows;
    const auto half = static_cast<std::size_t>(std::ranges::count(table.odd, false)) / 2;
    for (const auto i : order) (!table.odd[i] && normals.size() < half ? normals : rows).push_back(i);
    return encoded(table, normals, table, rows);
}

constexpr std::size_t blocks = 20;   // of time, of one length

/// Learns from the normals of the first ten of these blocks, and judges the others.
Split wustl_blocks(const std::string& folder, const Order& order) {
    // Addresses, ports, both MACs, the number of the packet, the kind of attack.
    const auto table = read(folder + "/wustl.csv", 44, {2, 3, 4, 5, 32, 33, 34, 43}, true);
    const std::set<std::size_t> learned(order.begin(), order.begin() + blocks / 2);
    Order normals;
    Order rows;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        const auto block = i * blocks / table.rows.size();
        if (!learned.contains(block))
            rows.push_back(i);
        else if (!table.odd[i])
            normals.push_back(i);
    }
    return encoded(table, normals, table, rows);
}

Split wustl_by_chance(const std::string& folder, std::uint64_t seed) {
    auto order = numbered(blocks);
    shuffle(order, seed);
    return wustl_blocks(folder, order);
}

/// From the first half to the second; the seed is the models' only.
Split wustl_in_time(const std::string& folder, std::uint64_t /*seed*/) {
    return wustl_blocks(folder, numbered(blocks));
}

}   // namespace

const std::vector<Set>& sets() {
    static const std::vector<Set> all{
        {"NSL-KDD", nsl_kdd},
        {"WUSTL-EHMS, blocks by chance", wustl_by_chance},
        {"WUSTL-EHMS, first half to second", wustl_in_time},
        {"UNSW-NB15", unsw_nb15},
    };
    return all;
}

}   // namespace ward::bench
