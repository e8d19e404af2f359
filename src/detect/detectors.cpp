// SPDX-License-Identifier: Apache-2.0
#include "detect/detectors.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <string>

#include "detect/alarm/alarm.hpp"
#include "detect/allowed/allowed.hpp"
#include "detect/beacon/beacon.hpp"
#include "detect/collected/collected.hpp"
#include "detect/edges/edges.hpp"
#include "detect/forged/forged.hpp"
#include "detect/hoard/hoard.hpp"
#include "detect/impostor/impostor.hpp"
#include "detect/lateral/lateral.hpp"
#include "detect/malformed/malformed.hpp"
#include "detect/nights/nights.hpp"
#include "detect/partners/partners.hpp"
#include "detect/profile/profile.hpp"
#include "detect/rewrite/rewrite.hpp"
#include "detect/rogue/rogue.hpp"
#include "detect/silence/silence.hpp"
#include "detect/survey/survey.hpp"
#include "detect/sweep/sweep.hpp"
#include "detect/tickets/tickets.hpp"
#include "detect/tunnel/tunnel.hpp"
#include "detect/upload/upload.hpp"
#include "detect/visit/visit.hpp"

namespace ward::detect {
namespace {

template <class Kind>
std::unique_ptr<Detector> make(IpAddressHash hash) {
    return std::make_unique<Kind>(hash);
}

struct Row {
    std::string_view name;   // of its state: never changed
    std::unique_ptr<Detector> (*make)(IpAddressHash hash);
};

// To add one, add a line.
// clang-format off
constexpr auto table = std::to_array<Row>({
    {"alarm", &make<Alarm>},
    {"beacon", &make<Beacon>},
    {"collected", &make<Collected>},
    {"forged", &make<Forged>},
    {"hoard", &make<Hoard>},
    {"impostor", &make<Impostor>},
    {"lateral", &make<Lateral>},
    {"malformed", &make<Malformed>},
    {"edges", &make<NewEdges>},
    {"nights", &make<Nights>},
    {"partners", &make<Partners>},
    {"profile", &make<Profile>},
    {"rewrite", &make<Rewrite>},
    {"rogue", &make<Rogue>},
    {"silence", &make<Silence>},
    {"survey", &make<Survey>},
    {"sweep", &make<Sweep>},
    {"tickets", &make<Tickets>},
    {"tunnel", &make<Tunnel>},
    {"upload", &make<Upload>},
    {"visits", &make<Visits>},
    {"allowed", &make<Allowed>},   // last: it learns nothing from those of whom the others found something
});
// clang-format on

constexpr std::string_view hosts_name = "hosts";

/// One part of the state: its name, its shape, and how many bytes it has, which follow.
template <class Part>
void save_part(state::Writer& out, std::string_view name, Part& part) {
    out.bytes(as_bytes(name));
    out.count(state::shape_of(part));
    state::Writer own;
    state::Kept kept{own};
    part.state(kept);
    out.bytes(own.state());
}

struct SavedPart {
    std::uint64_t shape = 0;
    Buffer bytes{};
};

/// False, and of no use any more, if that is of another shape or damaged.
template <class Part>
bool restore_part(const SavedPart& saved, Part& part) {
    if (state::shape_of(part) != saved.shape) return false;
    state::Reader in{saved.bytes};
    state::Kept kept{in};
    part.state(kept);
    return in.finished().has_value();
}

}   // namespace

Detectors::Detectors(std::uint64_t secret) : hash_{secret}, hosts_(hash_) {
    for (const auto& row : table) all_.push_back(row.make(hash_));
}

void Detectors::save(state::Writer& out) {
    out.count(all_.size() + 1);
    save_part(out, hosts_name, hosts_);
    for (std::size_t i = 0; i < all_.size(); ++i) save_part(out, table[i].name, *all_[i]);
}

Result<std::vector<std::string_view>> Detectors::restore(state::Reader& in) {
    constexpr std::size_t parts_max = 1'000;
    std::map<std::string, SavedPart, std::less<>> parts;
    const auto count = in.count(0, parts_max);
    for (std::size_t i = 0; i < count; ++i) {
        const auto name = in.bytes();
        auto& part = parts[std::string{as_text(name)}];
        part.shape = in.count(0, ~std::uint64_t{0});
        part.bytes = in.bytes();
        TRY(in.checked());
    }
    std::vector<std::string_view> anew;
    if (!restore_part(parts[std::string{hosts_name}], hosts_)) {
        hosts_ = Hosts{hash_};
        anew.push_back(hosts_name);
    }
    for (std::size_t i = 0; i < all_.size(); ++i) {
        if (restore_part(parts[std::string{table[i].name}], *all_[i])) continue;
        all_[i] = table[i].make(hash_);
        anew.push_back(table[i].name);
    }
    return anew;
}

void Detectors::see(Seen seen, Findings& findings) {
    hosts_.learn(seen);
    hosts_.introduce(seen);
    Findings of_this;   // so that those who see what others found know of what event it is
    for (auto& detector : all_) detector->see(seen, of_this);
    std::ranges::move(of_this, std::back_inserter(findings));
}

std::size_t Detectors::forgotten() const {
    std::size_t sum = 0;
    for (const auto& detector : all_) sum += detector->forgotten();
    return sum;
}

}   // namespace ward::detect
