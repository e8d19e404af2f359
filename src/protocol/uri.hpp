// SPDX-License-Identifier: Apache-2.0
// What may be told of a URI that a device announces. Its path may name somebody, as any other path may.
#pragma once

#include <string>
#include <string_view>

namespace ward::protocol {

/// Scheme, authority and the template of the path (http/path.hpp); the names of the query's parameters. A
/// UUID or an OID, also behind `urn:` and its kind, is told as it is.
std::string uri_template(std::string_view uri);

}   // namespace ward::protocol
