// SPDX-License-Identifier: Apache-2.0
// What an interaction gets, and what it gives back: an answer, what to write, and what to tell the audit
// trail.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "fhir/audit_event.hpp"
#include "fhir/issue.hpp"
#include "http/message.hpp"
#include "vault/records.hpp"
#include "vault/sight.hpp"

namespace ward::vault {

/// Who asks, as far as it was proved.
struct Caller {
    std::string user_id;   // empty: nobody proved anything
    std::string client_id;
    std::string address;
    Sight sight;
    Time now{};
    std::string purpose{};   // why, as the token says: a code of v3-PurposeOfUse
};

/// What an AuditEvent is made from. Interactions fill it as they go, so that a refusal is told as fully as a
/// success.
struct AuditTrail {
    fhir::Interaction interaction = fhir::Interaction::other;
    std::vector<std::string> patients;
    std::vector<std::string> entities;   // "Type/id/_history/version", or what was asked for
    std::string query;                   // searches and conditions, a line each; the first 64 KiB of them
    std::string withheld;   // why the client was answered as if there were nothing; it is not told that

    void add_query(std::string_view path, std::string_view form);
    void add_patients(const std::vector<std::string>& more);
};

/// A success, to be sent once `changes` and its audit are on disk.
struct Reply {
    int status = 200;
    std::vector<http::Header> headers;
    std::string body;
    ChangeSet changes;
};

/// What a page link is bound to, so that nobody else can go on with it.
std::string fingerprint_of(const Caller& caller);

/// The status that says what `issue` says.
int status_of(fhir::IssueType type);

/// An error of ours, in words for the client; the operator's story stays in the log.
fhir::Issue issue_of(const Error& error);

/// An error where what decides on the caller's rights could not be looked up.
fhir::Checked<> check_looked_up(const Sight& sight);

/// W/"3", and back; 0 for anything else.
std::string etag_of(std::int64_t version);
std::int64_t version_of_etag(std::string_view etag);

/// Sat, 22 Nov 2026 09:05:00 GMT
std::string http_date(Time time);

/// Headers of an answer that is about one version.
std::vector<http::Header> version_headers(const Version& version);

}   // namespace ward::vault

/// TRY for a Result inside a function that returns Checked: the error becomes an Issue that is safe to send.
#define TRY_CHECKED(expression)                                                 \
    __extension__({                                                             \
        auto try_result = (expression);                                         \
        if (!try_result) [[unlikely]]                                           \
            return tl::unexpected(::ward::vault::issue_of(try_result.error())); \
        ::ward::detail::take(std::move(try_result));                            \
    })
