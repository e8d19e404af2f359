// SPDX-License-Identifier: Apache-2.0
#include "vault/answer.hpp"

#include "fhir/outcome.hpp"

namespace ward::vault {
namespace {

constexpr std::string_view content_type = "application/fhir+json;charset=utf-8";

}   // namespace

http::Response response_of(Reply reply) {
    http::Response response{reply.status, std::move(reply.headers), std::move(reply.body)};
    if (!response.body.empty() && response.header("Content-Type").empty())
        response.headers.push_back({"Content-Type", std::string{content_type}});
    return response;
}

http::Response response_of(const fhir::Issue& issue) {
    http::Response response{status_of(issue.type), {{"Content-Type", std::string{content_type}}}, {}};
    if (issue.type == fhir::IssueType::not_supported && issue.expression == "Content-Type") {
        response.status = 415;   // RFC 9110, 15.5.16, and RFC 5789, 2.2
        response.headers.push_back({"Accept-Patch", "application/json-patch+json"});
    }
    if (response.status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer realm=\"ward\""});
    if (response.status == 429) response.headers.push_back({"Retry-After", "60"});
    response.body = fhir::operation_outcome(issue);
    return response;
}

std::string done_outcome() {
    return fhir::operation_outcome({fhir::IssueType::informational, "done", {}}, fhir::Severity::information);
}

void answer_as_preferred(const Preferences& prefer, Reply& reply) {
    switch (prefer.returns) {
        case ReturnPreference::unsaid:
        case ReturnPreference::representation: break;
        case ReturnPreference::minimal: reply.body.clear(); break;
        case ReturnPreference::operation_outcome:
            reply.body = done_outcome();
            if (reply.status == 204) reply.status = 200;   // which has a body
    }
}

}   // namespace ward::vault
