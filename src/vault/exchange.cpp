// SPDX-License-Identifier: Apache-2.0
#include "vault/exchange.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/chrono.h>

#include "crypto/hash.hpp"

namespace ward::vault {

void AuditTrail::add_query(std::string_view path, std::string_view form) {
    constexpr std::size_t query_bytes_max = 64 * 1024;
    if (query.size() >= query_bytes_max) return;
    query += fmt::format("{}{}?{}", query.empty() ? "" : "\n", path, form);
}

void AuditTrail::add_patients(const std::vector<std::string>& more) {
    for (const auto& patient : more)
        if (std::ranges::find(patients, patient) == patients.end()) patients.push_back(patient);
}

std::string fingerprint_of(const Caller& caller) {
    const auto text = fmt::format("{}\n{}\n{}", caller.user_id, caller.client_id, caller.sight.fingerprint());
    return to_hex(crypto::sha256(as_bytes(text)));
}

int status_of(fhir::IssueType type) {
    using enum fhir::IssueType;
    switch (type) {
        case login: return 401;
        case security:
        case forbidden:
        case too_costly: return 403;
        case not_found: return 404;
        case duplicate: return 409;
        case deleted: return 410;
        case conflict:
        case multiple_matches: return 412;
        case too_long: return 413;
        case business_rule:
        case processing: return 422;
        case throttled: return 429;
        case exception: return 500;
        case transient: return 503;
        case informational: return 200;
        case invalid:
        case structure:
        case required:
        case value:
        case code_invalid:
        case not_supported: return 400;
    }
    return 500;
}

fhir::Issue issue_of(const Error& error) {
    using fhir::IssueType;
    switch (error.code) {
        case Errc::malformed: return {IssueType::structure, error.what, {}};   // says where, never what
        case Errc::not_found: return {IssueType::exception, "the key of this record is missing", {}};
        case Errc::denied: return {IssueType::forbidden, "not allowed", {}};
        case Errc::conflict:
            return {IssueType::conflict, "another change came first; read again and retry", {}};
        case Errc::limit_exceeded:
            return {
                IssueType::throttled, "more records are being opened than care needs; try again later", {}};
        case Errc::unavailable:
            return {IssueType::transient, "the vault cannot do this now; try again later", {}};
        case Errc::corrupt:
            return {IssueType::exception, "this record failed its integrity check and is not shown", {}};
    }
    return {IssueType::exception, "unexpected error", {}};
}

fhir::Checked<> check_looked_up(const Sight& sight) {
    if (const auto trouble = sight.trouble()) return tl::unexpected(issue_of(*trouble));
    return {};
}

std::string etag_of(std::int64_t version) { return fmt::format("W/\"{}\"", version); }

std::int64_t version_of_etag(std::string_view etag) {
    if (etag.starts_with("W/")) etag.remove_prefix(2);
    if (etag.size() < 3 || etag.front() != '"' || etag.back() != '"') return 0;
    etag = etag.substr(1, etag.size() - 2);
    std::int64_t version = 0;
    const auto [end, error] = std::from_chars(etag.data(), etag.data() + etag.size(), version);
    return error == std::errc{} && end == etag.data() + etag.size() ? version : 0;
}

std::string http_date(Time time) {
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", std::chrono::floor<std::chrono::seconds>(time));
}

std::vector<http::Header> version_headers(const Version& version) {
    return {{"ETag", etag_of(version.number)}, {"Last-Modified", http_date(version.time)}};
}

}   // namespace ward::vault
