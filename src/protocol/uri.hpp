// SPDX-License-Identifier: Apache-2.0
// What may be told of a URI that a device announces. It may name somebody, as any path may.
#pragma once

#include <string>
#include <string_view>

namespace ward::protocol {

/// The scheme, the authority if it is one, what path.hpp leaves of the path, and the names of the query's
/// parameters; of a URI without authority (urn:…) what stands between colons as the segments of a path are,
/// and UUIDs, OIDs, MAC addresses and a version at the end.
std::string uri_template(std::string_view uri);

}   // namespace ward::protocol
