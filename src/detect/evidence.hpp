// SPDX-License-Identifier: Apache-2.0
// The events that a finding will name, collected while it is not one yet.
#pragma once

#include "detect/finding.hpp"
#include "detect/seen.hpp"
#include "state/kept.hpp"

namespace ward::detect {

/// "flow:" and the Community ID of the event's conversation; empty where it has none.
std::string conversation_of(const Seen& seen);

/// Against a finding on the event's client: that it serves others, so that nobody sits at it.
void weigh_serving(const Seen& seen, Finding& finding);

/// The first Finding::events_max that are added, each once.
class Evidence {
public:
    void add(std::string id);
    void clear() { ids_.clear(); }
    void state(state::Kept& kept) { kept(ids_); }
    const std::vector<std::string>& ids() const noexcept { return ids_; }

private:
    std::vector<std::string> ids_;
};

}   // namespace ward::detect
