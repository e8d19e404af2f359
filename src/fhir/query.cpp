// SPDX-License-Identifier: Apache-2.0
#include "fhir/query.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/utf8.hpp"
#include "fhir/values.hpp"

namespace ward::fhir {

namespace {

/// One value of a request, cut where the separator stands without a backslash before it.
std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == separator) {
            pieces.push_back(text.substr(begin, i - begin));
            begin = i + 1;
        }
    }
    pieces.push_back(text.substr(begin));
    return pieces;
}

// R4, search.html#escaping: \$ \, \| and \\ stand for themselves.
std::optional<std::string> unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
            if (i == text.size() || std::string_view{"$,|\\"}.find(text[i]) == std::string_view::npos)
                return std::nullopt;
        }
        out += text[i];
    }
    return out;
}

/// Reads the parameters of one request into a Query.
class QueryReader {
public:
    QueryReader(ResourceType type, const QueryOptions& options) : options_(options) { query_.type = type; }

    Checked<> take(std::string_view name, std::string_view value) {
        const auto& limits = options_.limits;
        if (!is_utf8(name) || !is_utf8(value))
            return refuse(IssueType::invalid, "a search parameter that is not UTF-8");
        if (name.size() > name_bytes_max)
            return refuse(IssueType::too_long, "the name of a search parameter is too long");
        if (value.size() > limits.value_bytes_max)
            return refuse(IssueType::too_long, "the value of a search parameter is too long",
                          std::string{name});
        if (name.empty() || value.empty())
            return refuse(IssueType::invalid, "a search parameter without name or value", std::string{name});
        name_ = name;
        const auto handled = TRY(control(value));
        return handled ? Checked<>{} : filter(value);
    }

    Query finish() { return std::move(query_); }

private:
    static constexpr std::size_t name_bytes_max = 128;

    tl::unexpected<Issue> wrong(IssueType type, std::string_view what) const {
        return refuse(type, std::string{what} + " (search parameter '" + std::string{name_} + "')",
                      std::string{name_});
    }

    // What steers the answer and does not select. True: the parameter was one of these.
    Checked<bool> control(std::string_view value) {
        if (name_ == "_count") {
            std::uint32_t count = 0;
            const auto end = value.data() + value.size();
            const auto parsed = std::from_chars(value.data(), end, count);
            if (parsed.ec != std::errc{} || parsed.ptr != end || count > options_.limits.count_max)
                return wrong(IssueType::value, "no number, or too great a one");
            if (query_.count) return wrong(IssueType::invalid, "given twice");
            query_.count = count;
        } else if (name_ == "_page") {
            if (!query_.page.empty()) return wrong(IssueType::invalid, "given twice");
            query_.page = value;
        } else if (name_ == "_format") {
            constexpr auto formats = std::to_array<std::string_view>(
                {"json", "application/json", "application/fhir+json", "text/json"});
            const auto format = value.substr(0, value.find(';'));
            if (std::find(formats.begin(), formats.end(), format) == formats.end())
                return wrong(IssueType::not_supported, "only JSON is supported");
        } else if (name_ == "_pretty") {
            if (value != "true" && value != "false") return wrong(IssueType::value, "neither true nor false");
        } else {
            return false;
        }
        return true;
    }

    Checked<> filter(std::string_view value) {
        const auto colon = name_.find(':');
        const auto code = name_.substr(0, colon);
        modifier_ = colon == std::string_view::npos ? "" : name_.substr(colon + 1);
        const auto* parameter = search_parameter(query_.type, code);
        if (parameter == nullptr || !is_supported(*parameter))
            return wrong(IssueType::not_supported,
                         parameter == nullptr ? "no search parameter of this resource type"
                                              : "a search parameter of a kind that is not supported yet");
        if (colon != std::string_view::npos) TRY(check_modifier(*parameter));
        Filter filter{parameter, {}};
        for (const auto piece : split(value, ',')) {
            if (++values_ > options_.limits.values_max)
                return wrong(IssueType::too_costly, "too many values");
            if (piece.empty()) return wrong(IssueType::invalid, "an empty value");
            filter.any_of.push_back(TRY(term(*parameter, piece)));
        }
        query_.filters.push_back(std::move(filter));
        return {};
    }

    Checked<> check_modifier(const SearchParameter& parameter) const {
        if (parameter.type == SearchType::string && (modifier_ == "exact" || modifier_ == "contains"))
            return {};
        if (parameter.type == SearchType::reference && resource_type(modifier_)) {
            if (may_target(parameter, modifier_)) return {};
            return wrong(IssueType::value, "the parameter cannot name this type");
        }
        return wrong(IssueType::not_supported, "a modifier that is not supported");
    }

    Checked<Term> term(const SearchParameter& parameter, std::string_view piece) const {
        switch (parameter.type) {
            case SearchType::token: return token(piece);
            case SearchType::string: return string(piece);
            case SearchType::date: return date(piece);
            default: return reference(parameter, piece);
        }
    }

    Checked<std::string> unescaped(std::string_view piece) const {
        auto text = unescape(piece);
        if (!text) return wrong(IssueType::value, "a backslash that escapes nothing");
        return *std::move(text);
    }

    Checked<Term> token(std::string_view piece) const {
        const auto parts = split(piece, '|');
        if (parts.size() > 2) return wrong(IssueType::value, "more than one '|'");
        TokenTerm term;
        term.code = TRY(unescaped(parts.back()));
        if (parts.size() == 2) {
            term.system = TRY(unescaped(parts.front()));
            term.system_kind = term.system.empty() ? TokenTerm::System::none : TokenTerm::System::named;
            if (term.system.empty() && term.code.empty()) return wrong(IssueType::value, "nothing but '|'");
        }
        return Term{std::move(term)};
    }

    Checked<Term> string(std::string_view piece) const {
        StringTerm term;
        term.text = TRY(unescaped(piece));
        term.normalised = normalise(term.text);
        if (modifier_ == "exact") term.match = StringTerm::Match::exact;
        if (modifier_ == "contains") term.match = StringTerm::Match::contains;
        // What is nothing but white space and marks would be the beginning of every text.
        if (term.normalised.empty()) return wrong(IssueType::value, "nothing to compare with");
        return Term{std::move(term)};
    }

    Checked<Term> date(std::string_view piece) const {
        constexpr auto prefixes = std::to_array<std::string_view>(
            {"eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"});   // in the order of DatePrefix
        DateTerm term;
        const auto found = std::find(prefixes.begin(), prefixes.end(), piece.substr(0, 2));
        if (found != prefixes.end()) {
            term.prefix = static_cast<DatePrefix>(found - prefixes.begin());
            piece.remove_prefix(2);
        }
        const auto interval = parse_search_date(piece);
        if (!interval) return wrong(IssueType::value, "no date");
        term.interval = *interval;
        return Term{term};
    }

    Checked<Term> reference(const SearchParameter& parameter, std::string_view piece) const {
        auto text = TRY(unescaped(piece));
        const auto home = std::string{options_.base_url} + "/";
        if (home.size() > 1 && text.starts_with(home)) text.erase(0, home.size());
        ReferenceTerm term;
        if (is_id(text)) {
            term.id = text;
            term.type = modifier_;
            return Term{std::move(term)};
        }
        auto parsed = parse_reference(text);
        if (parsed.url.empty() && parsed.id.empty()) return wrong(IssueType::value, "no reference");
        if (!parsed.url.empty() && parsed.url.find(':') == std::string::npos)
            return wrong(IssueType::value, "neither an id, nor Type/id, nor an absolute URL");
        if (!parsed.type.empty()) {
            if (!may_target(parameter, parsed.type))
                return wrong(IssueType::value, "the parameter cannot name this type");
            if (!modifier_.empty() && modifier_ != parsed.type)
                return wrong(IssueType::value, "modifier and value name different types");
        } else if (!modifier_.empty()) {
            return wrong(IssueType::value, "a type goes with an id, not with a URL");
        }
        term.type = std::move(parsed.type);
        term.id = std::move(parsed.id);
        term.url = std::move(parsed.url);
        term.version = std::move(parsed.version);
        return Term{std::move(term)};
    }

    const QueryOptions& options_;
    Query query_{};
    std::size_t values_ = 0;
    // Of the parameter that is being read; views of the caller's text.
    std::string_view name_;
    std::string_view modifier_;
};

}   // namespace

Checked<Query> parse_query(ResourceType type, std::span<const FormField> parameters,
                           const QueryOptions& options) {
    if (parameters.size() > options.limits.parameters_max)
        return refuse(IssueType::too_costly, "too many search parameters");
    QueryReader reader{type, options};
    for (const auto& [name, value] : parameters) TRY(reader.take(name, value));
    return reader.finish();
}

}   // namespace ward::fhir
