// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fhir/resource_types.hpp"
#include "json/writer.hpp"
#include "vault/body.hpp"
#include "vault/records.hpp"

namespace ward::vault {

/// Writes a Bundle that answers a search, a history, a batch or a transaction. Links, then total, then
/// entries.
class BundleWriter {
public:
    BundleWriter(std::string_view base_url, std::string_view type, Time now);

    void link(std::string_view relation, std::string_view url);
    void total(std::size_t count);

    void match(const Version& version, const Body& body);
    /// What stands beside the matches of a search.
    void include(const Version& version, const Body& body);
    /// What there is to say about a search: an OperationOutcome.
    void outcome(std::string_view resource);
    /// One version of a history; a tombstone has no resource.
    void past_version(const Version& version, const Body& body);
    /// One answer of a batch or transaction. `resource` is JSON or empty.
    struct ResponseView {
        int status;
        std::string_view location;
        std::string_view etag;
        std::string_view last_modified;   // instant
        std::string_view resource;
        std::string_view outcome;   // an OperationOutcome or empty
    };
    void response(const ResponseView& response);

    std::size_t size() const { return text_.size(); }
    std::string finish();

private:
    void begin_entry(const Version& version, const Body& body);
    void end_entry(std::string_view search_mode);
    void open_entries();
    void write_response(const ResponseView& response);

    std::string_view base_url_;
    std::string text_;
    json::Writer writer_{text_};
    bool links_open_ = false;
    bool entries_open_ = false;
};

/// "201 Created"
std::string status_line(int status);

}   // namespace ward::vault
