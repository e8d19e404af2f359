// SPDX-License-Identifier: Apache-2.0
// Which members of another sensor's event become which of ours. What no table names is left out: it may name
// a patient.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "json/writer.hpp"

namespace ward::foreign {

constexpr std::size_t text_bytes_max = 1'024;
constexpr std::size_t elements_max = 64;

/// What may be told of a value: docs/formats/events.md, "Patients".
enum class How : std::uint8_t {
    same,            // a text, a number, a truth, or a list of these
    lower,           // a text in lower case
    is_there,        // true, whatever it says
    host_name,       // a text without its last dot
    url,             // known words of a request's target
    uri,             // the same of a whole address
    products,        // of what software says of itself
    machine,         // a principal that is a machine's or a service's, not a person's
    realm_machine,   // the same, with its realm behind a slash
    subject,         // of a certificate's owner what is no person's name
    organisation,    // of a client's, who may be a person
    share,           // a share, but for somebody's home
    file,            // a file's kind and depth
};

struct Field {
    std::string_view from;   // members in members, by slashes
    std::string_view to;
    How how = How::same;
};

/// The value of members in members, by slashes.
json::Value find(json::Value from, std::string_view path);
/// What some write where there is nothing: "<empty>", "<none>", "(empty)", "-".
bool is_blank(std::string_view text);

/// Appends the fields that are there, and open those objects that hold them. What has one object's name in
/// common must stand together.
void write_fields(json::Writer& writer, json::Value own, std::span<const Field> fields);

}   // namespace ward::foreign
