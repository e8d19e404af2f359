// SPDX-License-Identifier: Apache-2.0
// Writes a resource as it is to be stored: compact, with its id and version, its links mapped; all else as it
// was.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "json/document.hpp"

namespace ward::fhir {

/// What to map a link to; nothing leaves it as it is.
using LinkMap = std::function<std::optional<std::string>(std::string_view link)>;

/// A view of the caller's texts. An empty text leaves that element as it is.
struct EditsView {
    std::string_view id;
    std::string_view version_id;
    std::string_view last_updated;
    /// Asked for what R4, http.html#trules names: Reference.reference, elements of type uri, url, oid and
    /// uuid, and href and src in narrative. Elements of type canonical are not links in this sense.
    const LinkMap* links = nullptr;
    /// This server's own address, without a final slash: an absolute Reference.reference to one of its
    /// resources becomes the relative one, which still means it when the server has another address.
    std::string_view home = {};
    /// With new texts, a meta.source that begins so is left out.
    std::string_view source_dropped = {};
};

/// Appends the resource to `out`. `resource` is an object.
void write_resource(json::Value resource, const EditsView& edits, std::string& out);

/// Calls `see` with every link that write_resource() would offer to its map.
void for_each_link(json::Value resource, const std::function<void(std::string_view link)>& see);

}   // namespace ward::fhir
