// SPDX-License-Identifier: Apache-2.0
// What may be told of a URI that a device announces. Its path may name somebody, as any other path may.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "protocol/http/path.hpp"
#include "protocol/http/target.hpp"
#include "protocol/text.hpp"

namespace ward::protocol {

/// Scheme, authority and the template of the path; the names of the query's parameters. What has no path is
/// told as it is: urn:uuid:...
inline std::string uri_template(std::string_view uri) {
    if (uri.find('/') == std::string_view::npos) return clipped(uri);
    const auto target = http::split_target(uri);
    if (!target.authority.empty()) {
        auto scheme = uri;
        return clipped(take_until(scheme, ':')) + "://" + clipped(target.authority) +
               http::template_of(target);
    }
    auto path = uri;
    const auto scheme = take_until(path, ':');
    if (path.empty()) return http::path_template(uri, field_text_max);
    return clipped(scheme) + ':' + http::path_template(path.substr(0, path.find('?')), field_text_max);
}

}   // namespace ward::protocol
