// SPDX-License-Identifier: Apache-2.0
// One parameter of a search that selects: its name, modifier and values become a Filter.
#pragma once

#include <cstddef>
#include <string_view>

#include "fhir/query.hpp"

namespace ward::fhir {

/// Reads the selecting parameters of one request, and counts their values against the limits. Borrows the
/// options.
class FilterReader {
public:
    explicit FilterReader(const QueryOptions& options) : options_(options) {}

    /// `code` may carry a modifier. Refusals name the parameter as the request does: `name`.
    Checked<Filter> read(ResourceType type, std::string_view code, std::string_view value,
                         std::string_view name);

private:
    tl::unexpected<Issue> wrong(IssueType type, std::string_view what) const;

    Checked<> check_modifier(const SearchParameter& parameter) const;
    Checked<> fill(ResourceType type, std::string_view value, Filter& filter);
    Checked<Term> term(const SearchParameter& parameter, std::string_view piece) const;
    Checked<std::vector<Term>> composite(ResourceType type, const SearchParameter& parameter,
                                         std::string_view piece) const;
    Checked<std::vector<Term>> typed_identifier(std::string_view piece) const;

    Checked<std::string> unescaped(std::string_view piece) const;
    Checked<Term> token(std::string_view piece) const;
    Checked<Term> string(std::string_view piece) const;
    Checked<Term> date(std::string_view piece) const;
    Checked<Term> number(std::string_view piece) const;
    Checked<Term> quantity(std::string_view piece) const;
    Checked<Term> uri(std::string_view piece) const;
    Checked<Term> reference(const SearchParameter& parameter, std::string_view piece) const;

    const QueryOptions& options_;
    std::size_t values_ = 0;
    // Of the parameter that is being read; views of the caller's text.
    std::string_view name_;
    std::string_view modifier_;
};

}   // namespace ward::fhir
