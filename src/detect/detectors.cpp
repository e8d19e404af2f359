// SPDX-License-Identifier: Apache-2.0
#include "detect/detectors.hpp"

#include <array>

#include "detect/alarm/alarm.hpp"
#include "detect/beacon/beacon.hpp"
#include "detect/collected/collected.hpp"
#include "detect/forged/forged.hpp"
#include "detect/hoard/hoard.hpp"
#include "detect/impostor/impostor.hpp"
#include "detect/lateral/lateral.hpp"
#include "detect/malformed/malformed.hpp"
#include "detect/nights/nights.hpp"
#include "detect/partners/partners.hpp"
#include "detect/rewrite/rewrite.hpp"
#include "detect/rogue/rogue.hpp"
#include "detect/silence/silence.hpp"
#include "detect/survey/survey.hpp"
#include "detect/sweep/sweep.hpp"
#include "detect/tickets/tickets.hpp"
#include "detect/upload/upload.hpp"
#include "detect/visit/visit.hpp"

namespace ward::detect {
namespace {

template <class Kind>
std::unique_ptr<Detector> make(IpAddressHash hash) {
    return std::make_unique<Kind>(hash);
}

// To add one, add a line.
// clang-format off
constexpr std::array table{
    &make<Alarm>,
    &make<Beacon>,
    &make<Collected>,
    &make<Forged>,
    &make<Hoard>,
    &make<Impostor>,
    &make<Lateral>,
    &make<Malformed>,
    &make<Nights>,
    &make<Partners>,
    &make<Rewrite>,
    &make<Rogue>,
    &make<Silence>,
    &make<Survey>,
    &make<Sweep>,
    &make<Tickets>,
    &make<Upload>,
    &make<Visits>,
};
// clang-format on

}   // namespace

Detectors::Detectors(std::uint64_t secret) : hosts_(IpAddressHash{secret}) {
    for (const auto make_one : table) all_.push_back(make_one(IpAddressHash{secret}));
}

void Detectors::see(Seen seen, Findings& findings) {
    hosts_.learn(seen);
    hosts_.introduce(seen);
    for (auto& detector : all_) detector->see(seen, findings);
}

std::size_t Detectors::forgotten() const {
    std::size_t sum = 0;
    for (const auto& detector : all_) sum += detector->forgotten();
    return sum;
}

}   // namespace ward::detect
