// SPDX-License-Identifier: Apache-2.0
#include "fhir/filter_reader.hpp"

#include <algorithm>

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

}   // namespace

tl::unexpected<Issue> FilterReader::wrong(IssueType type, std::string_view what) const {
    return refuse(type, std::string{what} + " (search parameter '" + std::string{name_} + "')",
                  std::string{name_});
}

Checked<Filter> FilterReader::read(ResourceType type, std::string_view code, std::string_view value,
                                   std::string_view name) {
    name_ = name;
    const auto colon = code.find(':');
    modifier_ = colon == std::string_view::npos ? "" : code.substr(colon + 1);
    const auto* parameter = search_parameter(type, code.substr(0, colon));
    if (parameter == nullptr)
        return wrong(IssueType::not_supported, "no search parameter of this resource type");
    if (!is_supported(*parameter))
        return wrong(IssueType::not_supported, "a search parameter of a kind that is not supported");
    if (colon != std::string_view::npos) TRY(check_modifier(*parameter));
    Filter filter;
    filter.parameter = parameter;
    if (modifier_ == "missing") {
        if (value != "true" && value != "false") return wrong(IssueType::value, "neither true nor false");
        filter.aspect = Aspect::presence;
        filter.negated = value == "true";
        return filter;
    }
    if (modifier_ == "text") filter.aspect = Aspect::text;
    if (modifier_ == "identifier") filter.aspect = Aspect::identifier;
    if (modifier_ == "of-type") filter.aspect = Aspect::type_and_value;
    filter.negated = modifier_ == "not";
    TRY(fill(type, value, filter));
    return filter;
}

// R4, search.html#modifiers. Those that need a terminology server or a hierarchy are refused: "Servers SHALL
// reject any search request that contains a modifier that the server does not support for that parameter."
Checked<> FilterReader::check_modifier(const SearchParameter& parameter) const {
    using enum SearchType;
    const auto one_of = [&](std::initializer_list<std::string_view> modifiers) {
        return std::find(modifiers.begin(), modifiers.end(), modifier_) != modifiers.end();
    };
    const auto kind = parameter.type;
    if (modifier_ == "missing" && kind != composite) return {};
    if (kind == string && one_of({"exact", "contains"})) return {};
    if (kind == token && one_of({"not", "text"})) return {};
    if (kind == token && modifier_ == "of-type" && parameter.code == "identifier") return {};
    if (kind == uri && one_of({"above", "below"})) return {};
    if (kind == reference && one_of({"identifier", "text"})) return {};
    if (kind == reference && resource_type(modifier_)) {
        if (may_target(parameter, modifier_)) return {};
        return wrong(IssueType::value, "the parameter cannot name this type");
    }
    return wrong(IssueType::not_supported, "a modifier that is not supported");
}

Checked<> FilterReader::fill(ResourceType type, std::string_view value, Filter& filter) {
    for (const auto piece : split(value, ',')) {
        if (++values_ > options_.limits.values_max) return wrong(IssueType::too_costly, "too many values");
        if (piece.empty()) return wrong(IssueType::invalid, "an empty value");
        switch (filter.aspect) {
            case Aspect::text: filter.any_of.push_back(TRY(string(piece))); break;
            case Aspect::identifier: filter.any_of.push_back(TRY(token(piece))); break;
            case Aspect::type_and_value: filter.combinations.push_back(TRY(typed_identifier(piece))); break;
            default:
                if (filter.parameter->type == SearchType::composite)
                    filter.combinations.push_back(TRY(composite(type, *filter.parameter, piece)));
                else
                    filter.any_of.push_back(TRY(term(*filter.parameter, piece)));
        }
    }
    return {};
}

Checked<Term> FilterReader::term(const SearchParameter& parameter, std::string_view piece) const {
    switch (parameter.type) {
        case SearchType::token: return token(piece);
        case SearchType::string: return string(piece);
        case SearchType::date: return date(piece);
        case SearchType::number: return number(piece);
        case SearchType::quantity: return quantity(piece);
        case SearchType::uri: return uri(piece);
        default: return reference(parameter, piece);
    }
}

// R4, search.html#combining: the parts stand in order, a `$` between them.
Checked<std::vector<Term>> FilterReader::composite(ResourceType type, const SearchParameter& parameter,
                                                   std::string_view piece) const {
    const auto components = components_of(type, parameter);
    const auto pieces = split(piece, '$');
    if (pieces.size() != components.size())
        return wrong(IssueType::value,
                     "not as many values, with '$' between them, as the parameter has parts");
    std::vector<Term> terms;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (pieces[i].empty()) return wrong(IssueType::invalid, "an empty value");
        terms.push_back(TRY(term(*components[i].parameter, pieces[i])));
    }
    return terms;
}

// R4, search.html#token: ":of-type … the format of the parameter is [system]|[code]|[value]".
Checked<std::vector<Term>> FilterReader::typed_identifier(std::string_view piece) const {
    const auto bar = piece.rfind('|');
    if (std::count(piece.begin(), piece.end(), '|') != 2 || bar + 1 == piece.size())
        return wrong(IssueType::value, "not system|code|value");
    std::vector<Term> terms;   // not in one list: a TRY that returns would leave its first elements behind
    terms.push_back(TRY(token(piece.substr(0, bar))));
    terms.push_back(TRY(token(piece.substr(bar + 1))));
    return terms;
}

Checked<std::string> FilterReader::unescaped(std::string_view piece) const {
    auto text = unescape(piece);
    if (!text) return wrong(IssueType::value, "a backslash that escapes nothing");
    return *std::move(text);
}

Checked<Term> FilterReader::token(std::string_view piece) const {
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

Checked<Term> FilterReader::string(std::string_view piece) const {
    StringTerm term;
    term.text = TRY(unescaped(piece));
    term.normalised = normalise(term.text);
    if (modifier_ == "exact") term.match = StringTerm::Match::exact;
    if (modifier_ == "contains") term.match = StringTerm::Match::contains;
    // What is nothing but white space and marks would be the beginning of every text.
    if (term.normalised.empty()) return wrong(IssueType::value, "nothing to compare with");
    return Term{std::move(term)};
}

Checked<Term> FilterReader::date(std::string_view piece) const {
    DateTerm term;
    term.prefix = take_prefix(piece);
    const auto interval = parse_search_date(piece);
    if (!interval) return wrong(IssueType::value, "no date");
    term.interval = *interval;
    return Term{term};
}

Checked<Term> FilterReader::number(std::string_view piece) const {
    NumberTerm term;
    term.prefix = take_prefix(piece);
    const auto number = parse_decimal(piece);
    if (!number) return wrong(IssueType::value, "no number");
    term.number = *number;
    return Term{term};
}

Checked<Term> FilterReader::quantity(std::string_view piece) const {
    const auto parts = split(piece, '|');
    if (parts.size() != 1 && parts.size() != 3)
        return wrong(IssueType::value, "neither number, nor number|system|code");
    QuantityTerm term;
    auto text = parts.front();
    term.prefix = take_prefix(text);
    const auto number = parse_decimal(text);
    if (!number) return wrong(IssueType::value, "no number");
    term.number = *number;
    if (parts.size() == 3) {
        term.system = TRY(unescaped(parts[1]));
        term.code = TRY(unescaped(parts[2]));
    }
    return Term{std::move(term)};
}

Checked<Term> FilterReader::uri(std::string_view piece) const {
    UriTerm term;
    term.uri = TRY(unescaped(piece));
    if (modifier_ == "above") term.match = UriTerm::Match::above;
    if (modifier_ == "below") term.match = UriTerm::Match::below;
    return Term{std::move(term)};
}

Checked<Term> FilterReader::reference(const SearchParameter& parameter, std::string_view piece) const {
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

}   // namespace ward::fhir
