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
#include "fhir/decimal.hpp"
#include "fhir/issue.hpp"
#include "fhir/search_parameters.hpp"
#include "fhir/values.hpp"

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
    Prefix prefix = Prefix::eq;
    DateInterval interval;
};

/// `id` alone means any type that the parameter may name. Else type and id, or an absolute `url`.
struct ReferenceTerm {
    std::string type;
    std::string id;
    std::string version;
    std::string url;
};

struct NumberTerm {
    Prefix prefix = Prefix::eq;
    Decimal number;
};

/// `number`, `number|system|code`, `number||code`, where the code may also be the unit's text.
struct QuantityTerm {
    Prefix prefix = Prefix::eq;
    Decimal number;
    std::string system;   // empty: any
    std::string code;     // empty: any
};

struct UriTerm {
    enum class Match : std::uint8_t { exact, above, below };

    Match match = Match::exact;
    std::string uri;
};

using Term = std::variant<TokenTerm, StringTerm, DateTerm, ReferenceTerm, NumberTerm, QuantityTerm, UriTerm>;

/// One parameter of the request: a resource passes if any of the terms holds.
struct Filter {
    const SearchParameter* parameter = nullptr;
    std::vector<Term> any_of;
    /// In the place of `any_of` where terms must hold together: of a composite, and of `:of-type`.
    std::vector<std::vector<Term>> combinations;
    Aspect aspect = Aspect::value;
    bool negated = false;   // :not, :missing=true

    /// True if what passes has a value that one of `any_of` holds for.
    bool needs_value() const { return aspect == Aspect::value && !negated && !any_of.empty(); }
};

/// A filter on another type.
struct TypeFilter {
    ResourceType type{};
    Filter filter;
};

/// `subject:Patient.name=…`: a resource passes if what `reference` names passes one of these.
struct Chain {
    const SearchParameter* reference = nullptr;
    std::vector<TypeFilter> targets;
};

/// `_has:Observation:patient:code=…`: a resource passes if a resource that names it in `reference` passes.
struct Reverse {
    const SearchParameter* reference = nullptr;
    TypeFilter source;
};

struct SortKey {
    const SearchParameter* parameter = nullptr;
    bool descending = false;
};

/// One _include or _revinclude.
struct Inclusion {
    ResourceType source{};
    const SearchParameter* reference = nullptr;   // nothing: all of the source's
    std::optional<ResourceType> target;           // nothing: any
    bool iterate = false;
};

enum class Summary : std::uint8_t { no, yes, text, data, count };
enum class Total : std::uint8_t { if_known, none, accurate };

/// A resource matches if it passes every filter, chain and reverse chain.
struct Query {
    ResourceType type{};
    std::vector<Filter> filters;
    std::vector<Chain> chains;
    std::vector<Reverse> reverses;

    std::vector<SortKey> sort;
    std::vector<Inclusion> includes;
    std::vector<Inclusion> reverse_includes;
    Summary summary = Summary::no;
    std::vector<std::string> elements;
    Total total = Total::if_known;
    std::optional<std::uint32_t> count;   // _count, as asked; 0 asks for the total only
    std::string page;                     // _page: an opaque cursor; empty for the first page

    std::vector<std::string> ignored;   // names of parameters that nobody knows, if that was asked for
};

/// True if matches() says all that there is to say: nothing hangs on other resources.
inline bool is_about_one_resource(const Query& query) {
    return query.chains.empty() && query.reverses.empty();
}

/// True if nothing is said of how the matches are shown, but for _format and _pretty.
inline bool says_only_what_matches(const Query& query) {
    return query.sort.empty() && query.includes.empty() && query.reverse_includes.empty() &&
           query.summary == Summary::no && query.elements.empty() && query.total == Total::if_known &&
           !query.count && query.page.empty();
}

struct QueryLimits {
    std::size_t parameters_max = 64;
    std::size_t values_max = 256;   // after a comma, summed over the request
    std::size_t value_bytes_max = 2048;
    std::uint32_t count_max = 1'000'000;   // what may be asked for; the server answers with fewer
    std::size_t links_max = 8;             // chains and reverse chains, each a search of its own
    std::size_t includes_max = 32;
    std::size_t sort_keys_max = 8;
};

/// What to do about a parameter that the type does not have (R4, search.html#errors, Prefer: handling).
enum class Unknown : std::uint8_t { refused, ignored };

struct QueryOptions {
    /// This server's own address: a reference to it is a relative one. Without a final slash; may be empty.
    std::string_view base_url;
    QueryLimits limits{};
    Unknown unknown = Unknown::refused;
};

/// `parameters` are percent-decoded names (with modifier) and values, in the order of the request.
Checked<Query> parse_query(ResourceType type, std::span<const FormField> parameters,
                           const QueryOptions& options = {});

}   // namespace ward::fhir
