// SPDX-License-Identifier: Apache-2.0
#include "vault/bundle_writer.hpp"

#include <fmt/format.h>

#include "http/message.hpp"
#include "vault/exchange.hpp"

namespace ward::vault {
namespace {

struct PastRequest {
    std::string_view method;
    int status;
};

PastRequest request_of(Change change) {
    switch (change) {
        case Change::received:
        case Change::created: return {"POST", 201};
        case Change::placed: return {"PUT", 201};
        case Change::updated: return {"PUT", 200};
        case Change::deleted: break;
    }
    return {"DELETE", 204};
}

}   // namespace

std::string status_line(int status) { return fmt::format("{} {}", status, http::reason_phrase(status)); }

BundleWriter::BundleWriter(std::string_view base_url, std::string_view type, Time now) : base_url_(base_url) {
    writer_.begin_object().member("resourceType", "Bundle").member("id", uuid_v7(now));
    writer_.key("meta").begin_object().member("lastUpdated", to_instant(now)).end_object();
    writer_.member("type", type);
}

void BundleWriter::link(std::string_view relation, std::string_view url) {
    if (!std::exchange(links_open_, true)) writer_.key("link").begin_array();
    writer_.begin_object().member("relation", relation).member("url", url).end_object();
}

void BundleWriter::total(std::size_t count) {
    if (std::exchange(links_open_, false)) writer_.end_array();
    writer_.key("total").number(static_cast<std::int64_t>(count));
}

void BundleWriter::open_entries() {
    if (std::exchange(links_open_, false)) writer_.end_array();
    if (!std::exchange(entries_open_, true)) writer_.key("entry").begin_array();
}

void BundleWriter::begin_entry(const Version& version, const Body& body) {
    open_entries();
    const auto type = fhir::name_of(*fhir::resource_type(version.type));
    writer_.begin_object().member("fullUrl", fmt::format("{}/{}/{}", base_url_, type, body.id));
    const auto& json = body.json.reveal();
    if (!json.empty()) writer_.key("resource").raw(json);
}

void BundleWriter::match(const Version& version, const Body& body) {
    begin_entry(version, body);
    end_entry("match");
}

void BundleWriter::include(const Version& version, const Body& body) {
    begin_entry(version, body);
    end_entry("include");
}

void BundleWriter::outcome(std::string_view resource) {
    open_entries();
    writer_.begin_object().key("resource").raw(resource);
    end_entry("outcome");
}

void BundleWriter::end_entry(std::string_view search_mode) {
    writer_.key("search").begin_object().member("mode", search_mode).end_object().end_object();
}

void BundleWriter::past_version(const Version& version, const Body& body) {
    begin_entry(version, body);
    const auto type = fhir::name_of(*fhir::resource_type(version.type));
    const auto [method, status] = request_of(version.change);
    writer_.key("request").begin_object();
    writer_.member("method", method);
    writer_.member("url", method == "POST" ? std::string{type} : fmt::format("{}/{}", type, body.id));
    writer_.end_object();
    const auto etag = etag_of(version.number);
    const auto modified = to_instant(version.time);
    write_response({status, {}, etag, modified, {}, {}});
    writer_.end_object();
}

void BundleWriter::write_response(const ResponseView& response) {
    writer_.key("response").begin_object().member("status", status_line(response.status));
    writer_.member_unless_empty("location", response.location);
    writer_.member_unless_empty("etag", response.etag);
    writer_.member_unless_empty("lastModified", response.last_modified);
    if (!response.outcome.empty()) writer_.key("outcome").raw(response.outcome);
    writer_.end_object();
}

void BundleWriter::response(const ResponseView& response) {
    open_entries();
    writer_.begin_object();
    if (!response.resource.empty()) writer_.key("resource").raw(response.resource);
    write_response(response);
    writer_.end_object();
}

std::string BundleWriter::finish() {
    if (links_open_ || entries_open_) writer_.end_array();
    writer_.end_object();
    return std::move(text_);
}

}   // namespace ward::vault
