// SPDX-License-Identifier: Apache-2.0
// The names of fields. There is no list of all: events of other sensors are stored, too.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "history/filter.hpp"

namespace ward::history {

using Names = std::set<std::string, std::less<>>;

/// Adds those of an event, objects and lists included: dns, dns.answers, dns.answers.rdata.
void add_names(json::Value event, Names& names);

/// Those that a filter asks for, each once.
Names names_in(const Filter& filter);

}   // namespace ward::history
