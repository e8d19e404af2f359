// SPDX-License-Identifier: Apache-2.0
#include "detect/detectors.hpp"

#include <array>

#include "detect/rewrite/rewrite.hpp"
#include "detect/sweep/sweep.hpp"
#include "detect/tickets/tickets.hpp"

namespace ward::detect {
namespace {

constexpr std::chrono::minutes minute{1};

template <class Kind>
std::unique_ptr<Detector> make() {
    return std::make_unique<Kind>();
}

// To add one, add a line.
constexpr std::array table{
    &make<Rewrite>,
    &make<Sweep>,
    &make<Tickets>,
};

}   // namespace

Detectors::Detectors() {
    for (const auto make_one : table) all_.push_back(make_one());
}

void Detectors::see(const Seen& seen, Findings& findings) {
    if (!minute_) minute_ = std::chrono::floor<std::chrono::minutes>(seen.at) + minute;
    if (seen.at >= *minute_) {
        // Nothing happened in those between.
        minute_ = std::chrono::floor<std::chrono::minutes>(seen.at);
        for (auto& detector : all_) detector->pass(*minute_, findings);
        *minute_ += minute;
    }
    for (auto& detector : all_) detector->see(seen, findings);
}

}   // namespace ward::detect
