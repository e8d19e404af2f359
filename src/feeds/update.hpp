// SPDX-License-Identifier: Apache-2.0
// How what a message says of a resource joins what is stored of it (HL7 v2.9, 2.5.3: nothing said changes
// nothing; two double quotes delete).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/document.hpp"

namespace ward::feeds {

/// A view of what is to be joined.
struct UpdateView {
    json::Value stored;   // what does not exist: there is nothing yet
    json::Value said;
    const std::vector<std::string_view>& cleared;   // elements that the message deletes
    const std::vector<std::string_view>& assumed;   // elements that count only where nothing is stored
    std::string_view message;                       // the id of the Binary that it is kept as, a UUIDv7
    bool is_superseded = false;                     // what is stored was written after the message came
};

/// The resource as it is to be stored, its meta.source naming the newest message that it rests on: of an
/// older one than that, or than what somebody else wrote, only what was not there before is taken.
/// Identifiers of a Patient are joined, each once. Empty if nothing changes.
std::string updated(const UpdateView& update);

/// Whether a list of identifiers has this one: the same value of the same system.
bool holds_identifier(json::Value identifiers, json::Value identifier);

/// The id of the message in a resource's meta.source; empty if it rests on none.
std::string_view source_message(json::Value resource);

}   // namespace ward::feeds
