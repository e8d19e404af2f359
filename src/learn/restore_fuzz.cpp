// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/assert.hpp"
#include "learn/alert_budget.hpp"
#include "learn/blend.hpp"
#include "learn/edges.hpp"
#include "learn/gated.hpp"
#include "learn/scaled.hpp"

namespace {

/// What is restored can go on, and writes the bytes that it came from.
template <class M>
void restore(ward::Bytes bytes, const auto& go_on) {
    auto model = ward::state::restored<M>(bytes);
    if (!model) return;
    const auto again = ward::state::saved(*model);
    WARD_ASSERT(again.size() == bytes.size());
    go_on(*model);
}

}   // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ward::learn;
    using namespace std::chrono_literals;
    const auto bytes = std::as_bytes(std::span{data, size});
    const auto a_row = [](auto& model) {
        const std::vector<double> row(model.features(), 1.5);
        std::vector<double> shares(model.features());
        WARD_ASSERT(!(model.score(row, shares) < 0));
        model.learn(row);
    };
    restore<Scaled<PcaResidual>>(bytes, a_row);
    restore<Loda>(bytes, a_row);
    restore<Gated<Histograms>>(bytes, [](auto& model) {
        const std::vector<double> row(model.features(), 1.5);
        model.observe(ward::Time{}, row);
        model.roll_back(ward::Time{}).has_value();
    });
    restore<Edges>(bytes, [](auto& model) { model.observe(1, 2, 3); });
    restore<AlertBudget>(bytes, [](auto& model) { model.observe(ward::Time{1h}, 0.5); });
    return 0;
}
