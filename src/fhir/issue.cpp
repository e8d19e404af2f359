// SPDX-License-Identifier: Apache-2.0
#include "fhir/issue.hpp"

namespace ward::fhir {

std::string_view code_of(IssueType type) {
    switch (type) {
        case IssueType::invalid: return "invalid";
        case IssueType::structure: return "structure";
        case IssueType::required: return "required";
        case IssueType::value: return "value";
        case IssueType::code_invalid: return "code-invalid";
        case IssueType::security: return "security";
        case IssueType::login: return "login";
        case IssueType::forbidden: return "forbidden";
        case IssueType::processing: return "processing";
        case IssueType::not_supported: return "not-supported";
        case IssueType::duplicate: return "duplicate";
        case IssueType::multiple_matches: return "multiple-matches";
        case IssueType::not_found: return "not-found";
        case IssueType::deleted: return "deleted";
        case IssueType::too_long: return "too-long";
        case IssueType::too_costly: return "too-costly";
        case IssueType::business_rule: return "business-rule";
        case IssueType::conflict: return "conflict";
        case IssueType::transient: return "transient";
        case IssueType::throttled: return "throttled";
        case IssueType::exception: return "exception";
        case IssueType::informational: return "informational";
    }
    return "invalid";
}

}   // namespace ward::fhir
