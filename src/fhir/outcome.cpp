// SPDX-License-Identifier: Apache-2.0
#include "fhir/outcome.hpp"

#include "json/writer.hpp"

namespace ward::fhir {

namespace {

std::string_view code_of(Severity severity) {
    switch (severity) {
        case Severity::fatal: return "fatal";
        case Severity::error: return "error";
        case Severity::warning: return "warning";
        case Severity::information: return "information";
    }
    return "error";
}

}   // namespace

std::string operation_outcome(std::span<const Issue> issues, Severity severity) {
    std::string out;
    json::Writer writer{out};
    writer.begin_object().member("resourceType", "OperationOutcome").key("issue").begin_array();
    for (const auto& issue : issues) {
        writer.begin_object().member("severity", code_of(severity)).member("code", code_of(issue.type));
        writer.member_unless_empty("diagnostics", issue.diagnostics);
        if (!issue.expression.empty())
            writer.key("expression").begin_array().string(issue.expression).end_array();
        writer.end_object();
    }
    writer.end_array().end_object();
    return out;
}

std::string operation_outcome(const Issue& issue, Severity severity) {
    return operation_outcome(std::span{&issue, 1}, severity);
}

}   // namespace ward::fhir
