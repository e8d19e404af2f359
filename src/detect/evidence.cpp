// SPDX-License-Identifier: Apache-2.0
#include "detect/evidence.hpp"

#include <algorithm>

namespace ward::detect {

std::string conversation_of(const Seen& seen) {
    const auto id = seen.whole["community_id"].text();
    return id.empty() ? std::string{} : "flow:" + std::string{id};
}

void weigh_serving(const Seen& seen, Finding& finding) {
    if (seen.client_serves)
        finding.against.push_back({"others that it serves", "", "many: it is no computer of one person"});
}

void Evidence::add(std::string id) {
    if (id.empty() || ids_.size() == Finding::events_max || std::ranges::find(ids_, id) != ids_.end()) return;
    ids_.push_back(std::move(id));
}

}   // namespace ward::detect
