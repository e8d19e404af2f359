// SPDX-License-Identifier: Apache-2.0
// Apps that run in a browser, on pages of other sites (Fetch standard, "CORS protocol"; SMART App
// Launch 2.2, 2.0.1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "http/message.hpp"

namespace ward::vault {

/// Which sites' pages may use the API. Cookies are of no use here, so credentials are never allowed. By
/// default there are none.
class CrossOrigin {
public:
    CrossOrigin() = default;

    /// Errc::malformed unless each is scheme, host and, where it is not the scheme's own, port, as browsers
    /// write them: https://app.example:8443.
    static Result<CrossOrigin> with(std::vector<std::string> origins);

    /// What a browser asks before it sends a page's request; nothing if the request is no such question.
    std::optional<http::Response> preflight(const http::Request& request) const;

    /// What lets the page read the answer to its request; none if it may not.
    std::vector<http::Header> headers_for(const http::Request& request) const;

private:
    std::vector<std::string> origins_;
};

}   // namespace ward::vault
