// SPDX-License-Identifier: Apache-2.0
// Where the next page begins, sealed: an address that a proxy may log says nothing about patients.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/secret.hpp"
#include "fhir/query.hpp"
#include "fhir/sort.hpp"

namespace ward::vault {

/// Where a page begins: after this place in the order of what was asked for.
struct Place {
    std::int64_t position = -1;   // of a search, a seq
    fhir::SortPosition keys;      // of a search that is sorted
    bool operator==(const Place&) const = default;
};

struct Cursor {
    std::string path;                    // of the first request, without the base
    std::vector<FormField> parameters;   // of the first request
    Place place;
    std::string caller;   // who may go on: fingerprint_of()
    bool operator==(const Cursor&) const = default;
};

Result<std::string> seal_cursor(const crypto::SecretBytes& key, const Cursor& cursor);

/// Errc::malformed for a text that seal_cursor did not make under this key.
Result<Cursor> open_cursor(const crypto::SecretBytes& key, std::string_view text);

}   // namespace ward::vault
