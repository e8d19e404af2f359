// SPDX-License-Identifier: Apache-2.0
#include "fhir/query.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/utf8.hpp"
#include "fhir/filter_reader.hpp"

namespace ward::fhir {

namespace {

/// Takes what stands before the separator off the front of a text, and the separator.
std::string_view take_until(std::string_view& text, char separator) {
    const auto piece = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(piece.size() + 1, text.size()));
    return piece;
}

/// Reads the parameters of one request into a Query.
class QueryReader {
public:
    QueryReader(ResourceType type, const QueryOptions& options) : options_(options), filters_(options) {
        query_.type = type;
    }

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
        if (TRY(page_control(value)) || TRY(content_control(value)) || TRY(inclusion(value))) return {};
        if (is_unknown()) {
            query_.ignored.emplace_back(name);
            return {};
        }
        if (name.starts_with(reverse_name)) return reverse(value);
        if (name.find('.') != std::string_view::npos) return chain(value);
        query_.filters.push_back(TRY(filters_.read(query_.type, name, value, name)));
        return {};
    }

    Query finish() { return std::move(query_); }

private:
    static constexpr std::size_t name_bytes_max = 128;
    static constexpr std::string_view reverse_name = "_has:";

    tl::unexpected<Issue> wrong(IssueType type, std::string_view what) const {
        return refuse(type, std::string{what} + " (search parameter '" + std::string{name_} + "')",
                      std::string{name_});
    }

    /// Whether this is a name that Ward does not know and was asked to pass over. What has a modifier that
    /// Ward does not know is refused all the same.
    bool is_unknown() const {
        if (options_.unknown == Unknown::refused || name_.starts_with(reverse_name)) return false;
        const auto* parameter = search_parameter(query_.type, name_.substr(0, name_.find_first_of(":.")));
        return parameter == nullptr || !is_supported(*parameter);
    }

    // What says which of the matches are shown, and in which order. True: the parameter was one of these.
    Checked<bool> page_control(std::string_view value) {
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
        } else if (name_ == "_total") {
            if (value == "none")
                query_.total = Total::none;
            else if (value == "accurate")
                query_.total = Total::accurate;
            else if (value == "estimate")
                query_.total = Total::if_known;
            else
                return wrong(IssueType::value, "none of none, estimate and accurate");
        } else if (name_ == "_sort") {
            TRY(sort(value));
        } else {
            return false;
        }
        return true;
    }

    // What says how much of them is shown.
    Checked<bool> content_control(std::string_view value) {
        if (name_ == "_format") {
            constexpr auto formats = std::to_array<std::string_view>(
                {"json", "application/json", "application/fhir+json", "text/json"});
            const auto format = value.substr(0, value.find(';'));
            if (std::find(formats.begin(), formats.end(), format) == formats.end())
                return wrong(IssueType::not_supported, "only JSON is supported");
        } else if (name_ == "_pretty") {
            if (value != "true" && value != "false") return wrong(IssueType::value, "neither true nor false");
        } else if (name_ == "_summary") {
            constexpr auto kinds =
                std::to_array<std::string_view>({"false", "true", "text", "data", "count"});   // as Summary
            const auto found = std::find(kinds.begin(), kinds.end(), value);
            if (found == kinds.end()) return wrong(IssueType::value, "no kind of summary");
            query_.summary = static_cast<Summary>(found - kinds.begin());
        } else if (name_ == "_elements") {
            while (!value.empty()) query_.elements.emplace_back(take_until(value, ','));
            if (query_.elements.size() > options_.limits.values_max)
                return wrong(IssueType::too_costly, "too many values");
        } else if (name_ == "_contained") {
            if (value != "false")
                return wrong(IssueType::not_supported, "contained resources are not searched");
        } else {
            return false;
        }
        return true;
    }

    Checked<> sort(std::string_view value) {
        while (!value.empty()) {
            auto code = take_until(value, ',');
            SortKey key;
            key.descending = code.starts_with('-');
            if (key.descending) code.remove_prefix(1);
            key.parameter = search_parameter(query_.type, code);
            if (key.parameter == nullptr || !is_supported(*key.parameter) ||
                key.parameter->type == SearchType::composite)
                return wrong(IssueType::not_supported, "no search parameter to sort by");
            query_.sort.push_back(key);
        }
        if (query_.sort.size() > options_.limits.sort_keys_max)
            return wrong(IssueType::too_costly, "too many keys");
        return {};
    }

    // R4, search.html#include. `:recurse` is what STU3 called `:iterate`.
    Checked<bool> inclusion(std::string_view value) {
        auto rest = name_;
        const auto name = take_until(rest, ':');
        if (name != "_include" && name != "_revinclude") return false;
        if (!rest.empty() && rest != "iterate" && rest != "recurse")
            return wrong(IssueType::not_supported, "a modifier that is not supported");
        const bool reverse = name == "_revinclude";
        Inclusion inclusion;
        inclusion.iterate = !rest.empty();
        const auto source = take_until(value, ':');
        if (source == "*" && !reverse && value.empty()) {
            inclusion.source = query_.type;
        } else {
            const auto type = resource_type(source);
            if (!type) return wrong(IssueType::value, "no resource type before the ':'");
            inclusion.source = *type;
            const auto code = take_until(value, ':');
            if (code != "*") inclusion.reference = TRY(link_parameter(*type, code));
            if (code == "*" && reverse)
                return wrong(IssueType::not_supported, "a reverse include names its parameter");
            if (!value.empty()) inclusion.target = TRY(target(inclusion, value));
        }
        auto& all = reverse ? query_.reverse_includes : query_.includes;
        all.push_back(inclusion);
        if (query_.includes.size() + query_.reverse_includes.size() > options_.limits.includes_max)
            return wrong(IssueType::too_costly, "too many includes");
        return true;
    }

    Checked<const SearchParameter*> link_parameter(ResourceType type, std::string_view code) const {
        const auto* parameter = search_parameter(type, code);
        if (parameter == nullptr || parameter->type != SearchType::reference || !is_supported(*parameter))
            return wrong(IssueType::not_supported, "no reference parameter of this resource type");
        return parameter;
    }

    Checked<ResourceType> target(const Inclusion& inclusion, std::string_view name) const {
        const auto type = resource_type(name);
        if (!type) return wrong(IssueType::value, "no resource type");
        if (inclusion.reference != nullptr && !may_target(*inclusion.reference, name))
            return wrong(IssueType::value, "the parameter cannot name this type");
        return *type;
    }

    // R4, search.html#chaining, to depth one.
    Checked<> chain(std::string_view value) {
        TRY(count_link());
        auto code = name_;
        auto link = take_until(code, '.');
        if (code.find('.') != std::string_view::npos)
            return wrong(IssueType::not_supported, "a chain of more than one link");
        Chain chain;
        chain.reference = TRY(link_parameter(query_.type, take_until(link, ':')));
        if (!link.empty() && !may_target(*chain.reference, link))
            return wrong(IssueType::value, "the parameter cannot name this type");
        if (link.empty() && chain.reference->targets == "*")
            return wrong(IssueType::value, "a chain over a reference to anything names the type");
        std::optional<Issue> refusal;
        for (const auto type : resource_types()) {
            const auto name = name_of(type);
            if (link.empty() ? !may_target(*chain.reference, name) : link != name) continue;
            auto filter = filters_.read(type, code, value, name_);
            if (filter)
                chain.targets.push_back({type, *std::move(filter)});
            else if (!refusal)
                refusal = std::move(filter).error();
        }
        if (chain.targets.empty() && refusal) return tl::unexpected(*std::move(refusal));
        if (chain.targets.empty()) return wrong(IssueType::value, "no resource type");
        query_.chains.push_back(std::move(chain));
        return {};
    }

    // R4, search.html#has, to depth one.
    Checked<> reverse(std::string_view value) {
        TRY(count_link());
        auto rest = name_.substr(reverse_name.size());
        const auto type = resource_type(take_until(rest, ':'));
        if (!type) return wrong(IssueType::value, "no resource type after _has");
        Reverse reverse;
        reverse.source.type = *type;
        reverse.reference = TRY(link_parameter(*type, take_until(rest, ':')));
        if (!may_target(*reverse.reference, name_of(query_.type)))
            return wrong(IssueType::value, "the reference cannot name the type that is searched");
        if (rest.starts_with("_has") || rest.find('.') != std::string_view::npos)
            return wrong(IssueType::not_supported, "a chain of more than one link");
        reverse.source.filter = TRY(filters_.read(*type, rest, value, name_));
        query_.reverses.push_back(std::move(reverse));
        return {};
    }

    Checked<> count_link() const {
        if (query_.chains.size() + query_.reverses.size() < options_.limits.links_max) return {};
        return wrong(IssueType::too_costly, "too many chains");
    }

    const QueryOptions& options_;
    FilterReader filters_;
    Query query_{};
    std::string_view name_;   // of the parameter that is being read; a view of the caller's text
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
