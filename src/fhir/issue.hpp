// SPDX-License-Identifier: Apache-2.0
// What is wrong with a request, in words that may be sent to the client who made it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.hpp"

namespace ward::fhir {

/// The codes of http://hl7.org/fhir/issue-type that Ward answers with.
enum class IssueType : std::uint8_t {
    invalid,
    structure,
    required,
    value,
    code_invalid,
    security,
    login,
    forbidden,
    processing,
    not_supported,
    duplicate,
    multiple_matches,
    not_found,
    deleted,
    too_long,
    too_costly,
    business_rule,
    conflict,
    transient,
    throttled,
    exception,
    informational,
};

std::string_view code_of(IssueType type);

/// `diagnostics` and `expression` hold names from the specification and positions, and of the request at
/// most the names of its parameters: they are safe to send, but may not be logged unread.
struct Issue {
    IssueType type = IssueType::invalid;
    std::string diagnostics;
    std::string expression;   // where: a FHIRPath or a parameter's name; may be empty
};

/// A value, or the Issue that is the client's fault. TRY works on it inside functions that return Checked.
template <class T = void>
class [[nodiscard]] Checked : public tl::expected<T, Issue> {
public:
    using tl::expected<T, Issue>::expected;
};

inline tl::unexpected<Issue> refuse(IssueType type, std::string diagnostics, std::string expression = {}) {
    return tl::unexpected(Issue{type, std::move(diagnostics), std::move(expression)});
}

}   // namespace ward::fhir

namespace ward::detail {
template <class T>
T take(fhir::Checked<T>&& checked) {
    if constexpr (!std::is_void_v<T>) return *std::move(checked);
}
}   // namespace ward::detail
