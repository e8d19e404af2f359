// SPDX-License-Identifier: Apache-2.0
// A search request, understood completely or refused: what a server ignores, it answers with everybody's
// data.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/form.hpp"
#include "fhir/date.hpp"
#include "fhir/issue.hpp"
#include "fhir/search_parameters.hpp"

namespace ward::fhir {

/// R4, search.html#token: `code`, `system|code`, `|code`, `system|`.
struct TokenTerm {
    enum class System : std::uint8_t { any, none, named };

    System system_kind = System::any;
    std::string system;   // if named
    std::string code;     // empty: any code of the system
};

struct StringTerm {
    enum class Match : std::uint8_t { starts_with, exact, contains };

    Match match = Match::starts_with;
    std::string text;
    std::string normalised;
};

struct DateTerm {
    DatePrefix prefix = DatePrefix::eq;
    DateInterval interval;
};

/// `id` alone means any type that the parameter may name. Else type and id, or an absolute `url`.
struct ReferenceTerm {
    std::string type;
    std::string id;
    std::string version;
    std::string url;
};

using Term = std::variant<TokenTerm, StringTerm, DateTerm, ReferenceTerm>;

/// One parameter of the request: a resource passes if any of the terms holds.
struct Filter {
    const SearchParameter* parameter;
    std::vector<Term> any_of;
};

/// A resource matches if it passes every filter.
struct Query {
    ResourceType type;
    std::vector<Filter> filters;
    std::optional<std::uint32_t> count;   // _count, as asked; 0 asks for the total only
    std::string page;                     // _page: an opaque cursor; empty for the first page
};

struct QueryLimits {
    std::size_t parameters_max = 64;
    std::size_t values_max = 256;   // after a comma, summed over the request
    std::size_t value_bytes_max = 2048;
    std::uint32_t count_max = 1'000'000;   // what may be asked for; the server answers with fewer
};

struct QueryOptions {
    /// This server's own address: a reference to it is a relative one. Without a final slash; may be empty.
    std::string_view base_url;
    QueryLimits limits;
};

/// `parameters` are percent-decoded names (with modifier) and values, in the order of the request.
Checked<Query> parse_query(ResourceType type, std::span<const FormField> parameters,
                           const QueryOptions& options = {});

}   // namespace ward::fhir
