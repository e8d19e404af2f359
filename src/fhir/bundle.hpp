// SPDX-License-Identifier: Apache-2.0
// A batch or transaction Bundle, taken apart and checked before anything of it is done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/issue.hpp"
#include "fhir/resource_types.hpp"
#include "json/document.hpp"

namespace ward::fhir {

enum class BundleType : std::uint8_t { batch, transaction };
enum class Method : std::uint8_t { get, head, post, put, patch, remove };

std::string_view name_of(Method method);

/// One request of a Bundle: a view into its Document.
struct EntryView {
    std::size_t index = 0;   // in Bundle.entry
    std::string_view full_url;
    Method method = Method::get;
    json::Value resource;   // exists for POST and PUT

    std::string_view url;   // request.url without a slash before it; below: its parts
    std::optional<ResourceType> type;
    std::string_view id;
    std::string_view version;     // of `Type/id/_history/version`
    std::string_view operation;   // "_history", "_search", "$name" or "metadata"
    std::string_view query;       // after `?`, still percent-encoded

    std::string_view if_none_exist;
    std::string_view if_match;
    std::string_view if_none_match;

    /// In a batch, why this entry cannot be carried out; the others still can.
    std::optional<Issue> issue;
};

struct BundleView {
    BundleType type = BundleType::batch;
    std::vector<EntryView> entries;
};

struct BundleLimits {
    std::size_t entries_max = 20'000;
    std::size_t url_bytes_max = 8192;
};

/// Refuses a Bundle of another type, and an entry that cannot be carried out as it stands; the Issue names
/// the entry. In a transaction, two entries that change one resource are refused (R4, http.html#trules).
Checked<BundleView> parse_bundle(json::Value bundle, const BundleLimits& limits = {});

/// The order in which a transaction is done: DELETE, POST, PUT and PATCH, GET and HEAD; within each as sent.
std::vector<std::size_t> transaction_order(const BundleView& bundle);

}   // namespace ward::fhir
